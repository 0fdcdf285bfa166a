"""Forms of paper promises: what was counted on the spot, the lines as somebody reads them."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.funding.services.villages import MOST_SHEETS
from cdp.kernel.clock import today
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm
from cdp.web.forms.treasury import SCAN


class CountedForm(BaseForm):
    """A batch of paper promises, before anybody reads a line."""

    form_key = KeyField()
    whose = SelectField(_l("Which group, and who gathers the money for it?"))
    sheets = IntegerField(
        _l("Lines on the paper"), [InputRequired(_l("Write a number.")), NumberRange(min=1, max=MOST_SHEETS)]
    )
    total = StringField(_l("Total, added up on the spot"), [InputRequired(_l("Write an amount.")), Length(max=30)])
    unit = SelectField(_l("Currency"), default="MAD")
    until = DateField(_l("Their word holds until"), [InputRequired(_l("Choose a day."))])
    scan = FileField(SCAN, [Optional()])
    without_scan = StringField(_l("Without a scan: why?"), [Optional(), Length(max=200)])

    def offer(self, choices: Iterable[tuple[str, str]], currencies: Iterable[str]) -> "CountedForm":
        """The groups with those who speak for them, and the currencies that have a rate today."""
        self.whose.choices = [SelectChoice(value, text) for value, text in choices]
        self.unit.choices = [SelectChoice(code, code) for code in currencies]
        return self


class SharesForm(BaseForm):
    """The lines of a batch."""

    lines = TextAreaField(_l("The lines"), [InputRequired(_l("Write the lines.")), Length(max=100_000)])


class PaidForm(BaseForm):
    """The day one of the list gave; the button says whether it was so."""

    on = DateField(_l("Given on"), [Optional()], default=today)

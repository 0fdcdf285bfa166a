"""Forms of paper promises: what was counted on the spot, the lines as somebody reads them."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from cdp.funding.services.villages import MOST_SHEETS
from cdp.web.fields import KeyField, MoneyField
from cdp.web.forms.base import BaseForm


class CountedForm(BaseForm):
    """A batch of paper promises, before anybody reads a line."""

    form_key = KeyField()
    whose = SelectField(_l("Which group, and who gathers the money for it?"))
    sheets = IntegerField(
        _l("Lines on the paper"), [InputRequired(_l("Write a number.")), NumberRange(min=1, max=MOST_SHEETS)]
    )
    total = MoneyField(_l("Total in dirhams, added up on the spot"), [InputRequired(_l("Write an amount."))])
    until = DateField(_l("Their word holds until"), [InputRequired(_l("Choose a day."))])

    def offer(self, choices: Iterable[tuple[str, str]]) -> "CountedForm":
        """The groups with those who speak for them."""
        self.whose.choices = [SelectChoice(value, text) for value, text in choices]
        return self


class SharesForm(BaseForm):
    """The lines of a batch."""

    lines = TextAreaField(_l("The lines"), [InputRequired(_l("Write the lines.")), Length(max=100_000)])

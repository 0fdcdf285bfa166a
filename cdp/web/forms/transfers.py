"""Forms of money that goes from one project to another: the wish, and the day it is carried out."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from cdp.kernel.clock import today
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm


class TransferForm(BaseForm):
    """From which line, to which project, how much, why, allowed by what."""

    form_key = KeyField()
    place = SelectField(_l("From which line?"))
    project = SelectField(_l("To which project?"))
    amount = StringField(_l("Amount in dirhams"), [InputRequired(_l("Write an amount.")), Length(max=30)])
    reason = TextAreaField(
        _l("Why does it serve another project?"), [InputRequired(_l("A reason is needed.")), Length(max=200)]
    )
    decision = StringField(
        _l("Deliberation, or consent of the givers, that allows it"),
        [InputRequired(_l("Name the paper.")), Length(max=120)],
    )

    def offer(self, places: list[tuple[str, str]], projects: list[tuple[str, str]]) -> "TransferForm":
        """The lines of the project and the other projects of the commune."""
        self.place.choices = [SelectChoice(value, text) for value, text in places]
        self.project.choices = [SelectChoice(value, text) for value, text in projects]
        return self


class CarryOutForm(BaseForm):
    """From which day it serves the other project."""

    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)

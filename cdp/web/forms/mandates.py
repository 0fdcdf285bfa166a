"""The form that gives a mandate."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, EmailField, RadioField, SelectChoice, StringField
from wtforms.validators import Email, InputRequired, Length, Optional

from cdp.i18n.say import label
from cdp.people.services.mandates import Term
from cdp.people.states import Role
from cdp.web.forms.base import BaseForm


class MandateForm(BaseForm):
    """To whom, which role, from when, perhaps until when."""

    email = EmailField(
        _l("E-mail of the account"),
        [InputRequired(_l("Say the address of the person's account.")), Email(_l("This is not an e-mail address."))],
    )
    role = RadioField(_l("Mandate"), [InputRequired(_l("Choose a mandate."))])
    since = DateField(_l("From"), [InputRequired(_l("Say from which day."))])
    until = DateField(_l("Until"), [Optional()], description=_l("Leave it empty when no end is known."))
    reason = StringField(_l("On which ground"), [Optional(), Length(max=200)])

    def offer(self) -> "MandateForm":
        """Fill the choices."""
        self.role.choices = [SelectChoice(role.value, label(role)) for role in Role]
        return self

    def term(self) -> Term:
        """What was said, in the words of the stage."""
        return Term(Role(self.role.data), self.since.data, self.until.data, self.reason.data or "")


class EndForm(BaseForm):
    """The last day of a mandate."""

    last_day = DateField(_l("Last day"), [InputRequired(_l("Say the last day."))])

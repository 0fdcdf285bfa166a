"""Forms of receipts and of money given back."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from cdp.kernel.clock import today
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm


class IssueForm(BaseForm):
    """To which account the money came; the receipt is numbered in its series."""

    payee = SelectField(_l("Which account did it come to?"))

    def offer(self, accounts: list[tuple[str, str]]) -> "IssueForm":
        """The accounts there are."""
        self.payee.choices = [SelectChoice(value, text) for value, text in accounts]
        return self


class CancelForm(BaseForm):
    """Why a receipt holds no more."""

    reason = StringField(_l("Why is it cancelled?"), [InputRequired(_l("A reason is needed.")), Length(max=200)])


class RefundForm(BaseForm):
    """Money of a promise that goes back."""

    form_key = KeyField()
    place = SelectField(_l("Whose promise?"))
    amount = StringField(
        _l("Amount, in the currency of the promise"), [InputRequired(_l("Write an amount.")), Length(max=30)]
    )
    reason = TextAreaField(_l("Why is it given back?"), [InputRequired(_l("A reason is needed.")), Length(max=200)])

    def offer(self, places: list[tuple[str, str]]) -> "RefundForm":
        """The promises of which money is here."""
        self.place.choices = [SelectChoice(value, text) for value, text in places]
        return self


class RefundPaidForm(BaseForm):
    """That the money went out."""

    paper = StringField(
        _l("Paper that shows it (statement line, receipt, invoice)"),
        [InputRequired(_l("Name the paper.")), Length(max=200)],
    )
    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)

"""Forms of the treasurer's desk: agreements, receipts, payments, hours, rates, taking back."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.funding.states import OverFunding
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.money import CURRENCIES
from cdp.rounds.states import Source
from cdp.web.fields import OFFERED, KeyField, MoneyField
from cdp.web.forms.base import BaseForm

WRITE_AMOUNT = _l("Write an amount.")
SCAN = _l("Scan of the paper (photo or PDF)")


class SignForm(BaseForm):
    """A partner's signed agreement."""

    form_key = KeyField()
    source = SelectField(_l("Source"))
    party = StringField(_l("Name of the partner"), [Optional(), Length(max=120)], render_kw=OFFERED)
    amount = MoneyField(_l("Amount in dirhams"), [InputRequired(WRITE_AMOUNT)])
    reference = StringField(
        _l("Reference of the agreement"), [InputRequired(_l("Write the reference.")), Length(max=80)]
    )
    signed_on = DateField(_l("Signed on"), [InputRequired(_l("Choose a day."))], default=today)
    signatory = StringField(_l("Signed by (office)"), [Optional(), Length(max=120)])
    scan = FileField(SCAN, [Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.source.choices = [SelectChoice(source.value, label(source)) for source in Source]


class PaymentForm(BaseForm):
    """Money that came in for a line or a promise, or went out to a supplier."""

    form_key = KeyField()
    place = SelectField(_l("For which line or promise?"))
    amount = StringField(
        _l("Amount, in the currency of the line or promise"), [InputRequired(WRITE_AMOUNT), Length(max=30)]
    )
    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)
    evidence = StringField(
        _l("Paper that shows it (statement line, receipt, invoice)"),
        [InputRequired(_l("Name the paper.")), Length(max=200)],
    )
    scan = FileField(SCAN, [Optional()])

    def offer(self, places: list[tuple[str, str]]) -> "PaymentForm":
        """The lines and promises there are."""
        self.place.choices = [SelectChoice(value, text) for value, text in places]
        return self


class HoursForm(BaseForm):
    """Hours that were given, seen by a second person."""

    form_key = KeyField()
    place = SelectField(_l("Whose promise?"))
    hours = IntegerField(_l("How many hours?"), [InputRequired(WRITE_AMOUNT), NumberRange(min=1, max=2000)])
    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)
    evidence = StringField(_l("What was seen"), [InputRequired(_l("Say what you saw.")), Length(max=200)])

    def offer(self, places: list[tuple[str, str]]) -> "HoursForm":
        """The promises of hours there are."""
        self.place.choices = [SelectChoice(value, text) for value, text in places]
        return self


class RateForm(BaseForm):
    """What one unit of a currency is worth."""

    currency = SelectField(_l("Currency"), choices=[SelectChoice(code, code) for code in CURRENCIES if code != "MAD"])
    dirhams = StringField(_l("Dirhams for one unit"), [InputRequired(WRITE_AMOUNT), Length(max=20)])
    day = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)
    source = StringField(_l("Who says so?"), [InputRequired(_l("Say who publishes it.")), Length(max=120)])


class ReverseForm(BaseForm):
    """Taking an entry back."""

    reason = TextAreaField(_l("Why is it taken back?"), [InputRequired(_l("A reason is needed.")), Length(max=1000)])


class RuleForm(BaseForm):
    """What becomes of more than a project needs."""

    over_funding = SelectField(
        _l("What becomes of it?"), description=_l("Givers read it. It can be changed until somebody has promised.")
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.over_funding.choices = [SelectChoice(each.value, label(each)) for each in OverFunding]


class EngageForm(BaseForm):
    """A spending that is begun: on which line, what, from whom, on which order or invoice."""

    form_key = KeyField()
    place = SelectField(_l("Out of which line?"))
    supplier = StringField(_l("Supplier"), [InputRequired(_l("Name the supplier.")), Length(max=120)])
    purpose = StringField(_l("For what? In a few words"), [InputRequired(_l("Say for what.")), Length(max=200)])
    invoice = StringField(_l("Number of the order or invoice"), [InputRequired(_l("Name the paper.")), Length(max=80)])
    amount = MoneyField(_l("Amount in dirhams"), [InputRequired(WRITE_AMOUNT)])
    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)
    is_direct = BooleanField(_l("The funder pays the supplier directly"))
    scan = FileField(SCAN, [Optional()])

    def offer(self, places: list[tuple[str, str]]) -> "EngageForm":
        """The lines there are."""
        self.place.choices = [SelectChoice(value, text) for value, text in places]
        return self


class StepForm(BaseForm):
    """The next step of a spending: its paper and its day."""

    paper = StringField(_l("Number of the paper"), [InputRequired(_l("Name the paper.")), Length(max=80)])
    on = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)

"""Forms about an agreement: a step, an amendment, its instalments."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from cdp.funding.states import PartnerAct
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.web.fields import KeyField, MoneyField
from cdp.web.forms.base import BaseForm


class StepOfPartnerForm(BaseForm):
    """A visa, a default or its end."""

    act = SelectField(_l("What happened?"))
    day = DateField(_l("On which day?"), [InputRequired(_l("Choose a day."))], default=today)
    words = StringField(
        _l("Number of the visa, or what happened"), [InputRequired(_l("A reason is needed.")), Length(max=200)]
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.act.choices = [SelectChoice(act.value, label(act)) for act in PartnerAct]


class AmendForm(BaseForm):
    """A new amount of an agreement."""

    form_key = KeyField()
    amount = MoneyField(_l("New amount in dirhams"), [InputRequired(_l("Write an amount."))])
    reference = StringField(
        _l("Reference of the amendment"), [InputRequired(_l("Write the reference.")), Length(max=80)]
    )
    signed_on = DateField(_l("Signed on"), [InputRequired(_l("Choose a day."))], default=today)
    reason = StringField(_l("Why is it amended?"), [InputRequired(_l("A reason is needed.")), Length(max=200)])


class ScheduleForm(BaseForm):
    """Instalments, one a line."""

    lines = TextAreaField(
        _l("One instalment a line: day and dirhams (2027-09-30 150000)"),
        [InputRequired(_l("Write an amount.")), Length(max=2000)],
    )

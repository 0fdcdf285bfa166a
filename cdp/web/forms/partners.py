"""Forms about an agreement: a step, an amendment, its instalments."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.funding.rules.terms import Term
from cdp.funding.services.agreed import InPrinciple
from cdp.funding.states import ConditionKind, PartnerAct, TermKind
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.rounds.states import Source
from cdp.web.fields import OFFERED, KeyField, MoneyField
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


class AgreedForm(BaseForm):
    """What an institution has agreed to in principle, and on which condition."""

    form_key = KeyField()
    source = SelectField(_l("Source"))
    party = StringField(_l("Name of the partner"), [Optional(), Length(max=120)], render_kw=OFFERED)
    amount = MoneyField(_l("Amount in dirhams"), [InputRequired(_l("Write an amount."))])
    words = StringField(
        _l("In which letter or minutes it stands"), [InputRequired(_l("Name the paper.")), Length(max=200)]
    )
    condition = SelectField(_l("Only if…"), default=ConditionKind.NONE.value)
    condition_count = IntegerField(_l("How many others?"), [Optional(), NumberRange(min=1, max=100_000)])
    village = SelectField(_l("Of which village?"), coerce=int, default=0)
    total = MoneyField(_l("How much in all, in dirhams?"), [Optional()])
    club = SelectField(_l("Which group gives?"), coerce=int, default=0)
    give = IntegerField(_l("It gives"), [Optional(), NumberRange(min=1, max=100)])
    each = IntegerField(_l("for each"), [Optional(), NumberRange(min=1, max=100)])
    until = DateField(_l("Its word holds until"), [Optional()])

    def __init__(self, *, villages: Mapping[int, str], clubs: Mapping[int, str], **values: Any) -> None:
        super().__init__(**values)
        self.source.choices = [SelectChoice(source.value, label(source)) for source in Source]
        self.condition.choices = [SelectChoice(kind.value, label(kind)) for kind in (*ConditionKind, *TermKind)]
        for field, names in ((self.village, villages), (self.club, clubs)):
            field.choices = [SelectChoice(number, name) for number, name in [(0, "—"), *names.items()]]

    def given(self) -> InPrinciple:
        """What was typed."""
        amount = (self.amount.data or Money(0)).minor
        return InPrinciple(
            Source(self.source.data), self.party.data or "", amount, self.words.data, self._term(), self.until.data
        )

    def _term(self) -> Term:
        chosen, count = self.condition.data, self.condition_count.data
        if chosen == TermKind.TOTAL_REACHED.value:
            return Term(TermKind.TOTAL_REACHED, self.total.data.minor if self.total.data else None)
        if chosen == TermKind.VILLAGE_JOINS.value:
            return Term(TermKind.VILLAGE_JOINS, count, locality_id=self.village.data or None)
        if chosen == TermKind.CLUB_GIVES.value:
            ratio = {"give": self.give.data, "each": self.each.data}
            return Term(TermKind.CLUB_GIVES, group_id=self.club.data or None, **ratio)
        kind = ConditionKind(chosen)
        return Term(kind, count if kind is ConditionKind.OTHERS_JOIN else None)


class TakeBackForm(BaseForm):
    """An institution no longer agrees."""

    reason = StringField(_l("What happened?"), [InputRequired(_l("A reason is needed.")), Length(max=200)])

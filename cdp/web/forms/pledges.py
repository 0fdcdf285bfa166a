"""The form of a promise: what, on which condition, read again. Three steps of one form, without script."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.funding.rules.units import HOURS
from cdp.funding.services.promises import MOST_MINUTES, Promise, promise_problem
from cdp.funding.states import ConditionKind
from cdp.i18n.say import label, say
from cdp.kernel.clock import today
from cdp.kernel.errors import Message, RuleBroken
from cdp.kernel.money import Money, read_amount
from cdp.people.queries import shown_name
from cdp.people.states import ShownAs
from cdp.web.fields import KeyField
from cdp.web.forms.base import BaseForm

STEPS = (("group_id", "amount", "currency", "hours", "note"), ("condition", "condition_count", "until"), ("shown_as",))


class PledgeForm(BaseForm):
    """A promise of money, of hours, or of both, to one project."""

    form_key = KeyField()
    step = HiddenField(default="1")
    group_id = SelectField(_l("In whose name?"), coerce=int, default=0)
    amount = StringField(_l("I promise"), [Optional(), Length(max=30)])
    currency = SelectField(_l("Currency"), default="MAD")
    hours = IntegerField(_l("and hours of my time"), [Optional(), NumberRange(min=1, max=MOST_MINUTES // 60)])
    note = StringField(_l("For what? In a few words"), [Optional(), Length(max=200)])
    condition = RadioField(_l("Only if…"), default=ConditionKind.NONE.value)
    condition_count = IntegerField(_l("How many others?"), [Optional(), NumberRange(min=1, max=100_000)])
    until = DateField(_l("My word holds until"), [InputRequired(_l("Choose a day."))])
    shown_as = SelectField(_l("My name in public"))

    money: Money | None = None

    def offer(self, groups: Iterable[tuple[int, str]], currencies: Iterable[str], *, name: str) -> "PledgeForm":
        """The choices of this person: in whose name, in which currency, under which name."""
        self.group_id.choices = [SelectChoice(number, title) for number, title in groups]
        self.currency.choices = [SelectChoice(code, code) for code in currencies]
        self.condition.choices = [SelectChoice(kind.value, label(kind)) for kind in ConditionKind]
        names = {shown: shown_name(name, shown) or _("no name: “a member”") for shown in ShownAs}
        self.shown_as.choices = [SelectChoice(shown.value, text) for shown, text in names.items()]
        return self

    def holds(self) -> bool:
        """Whether all that was sent so far holds; messages stand at the fields else."""
        if not self.accepted():
            return False
        self._read_amount()
        if not self.errors and self.money is None and not self.hours.data:
            self.amount.errors = [_("Promise an amount, hours, or both.")]
        if not self.errors:
            for promise in self.promises():
                if problem := promise_problem(promise, today()):
                    self.trouble(RuleBroken(Message(problem)))
                    break
        return not self.errors

    def _read_amount(self) -> None:
        self.money = None
        if (self.amount.data or "").strip():
            try:
                self.money = read_amount(self.amount.data, self.currency.data)
            except RuleBroken as error:
                self.amount.errors = [*self.amount.errors, say(error.message)]

    def failed_step(self) -> int:
        """The first step with something to put right."""
        return next((i for i, names in enumerate(STEPS, 1) if any(self[name].errors for name in names)), 1)

    def carried(self, step: int) -> list[Any]:
        """The fields of the other steps, to be sent along unseen."""
        return [self[name] for i, names in enumerate(STEPS, 1) if i != step for name in names]

    def promises(self) -> list[Promise]:
        """What was promised, one value a unit."""
        condition = ConditionKind(self.condition.data)
        common: dict[str, Any] = {
            "until": self.until.data,
            "shown_as": ShownAs(self.shown_as.data),
            "note": self.note.data or "",
            "condition": condition,
            "condition_count": self.condition_count.data if condition is ConditionKind.OTHERS_JOIN else None,
            "group_id": self.group_id.data or None,
        }
        made = []
        if self.money is not None:
            made.append(Promise(unit=self.money.currency, amount_minor=self.money.minor, **common))
        if self.hours.data:
            made.append(Promise(unit=HOURS, amount_minor=self.hours.data * 60, **common))
        return made

"""The form of a promise: what, on which condition, read again. Three steps of one form, without script."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.funding.rules.promises import MOST_PARTS, regular
from cdp.funding.rules.terms import Kind, Term
from cdp.funding.rules.units import HOURS, ITEM
from cdp.funding.services.promises import MOST_MINUTES, MOST_PIECES, Promise, promise_problem
from cdp.funding.states import ConditionKind, TermKind
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.kernel.errors import Message, RuleBroken
from cdp.kernel.money import Money, read_amount
from cdp.people.queries import shown_name
from cdp.people.states import ShownAs
from cdp.web.fields import DayField, KeyField, MoneyField, OneField
from cdp.web.forms.base import BaseForm

STEPS = (
    ("group_id", "amount", "currency", "parts", "first_due", "months", "hours", "pieces", "note"),
    ("condition", "condition_count", "village", "total", "club", "give", "each", "until"),
    ("shown_as",),
)
UNNAMED = "secret"
KINDS: dict[str, Kind] = {kind.value: kind for kind in (*ConditionKind, *TermKind)}
CONDITIONS = [SelectChoice(value, _l(f"{type(kind).__name__}.{value}")) for value, kind in KINDS.items()]
PERIODS = [
    SelectChoice(1, _l("one month")),
    SelectChoice(3, _l("three months")),
    SelectChoice(6, _l("six months")),
    SelectChoice(12, _l("one year")),
]


class PledgeForm(BaseForm):
    """A promise of money, of hours, of goods, or of several of them, to one project."""

    form_key = KeyField()
    step = HiddenField(default="1")
    group_id = OneField(_l("In whose name?"), coerce=int, default=0)
    amount = StringField(_l("I promise"), [Optional(), Length(max=30)])
    currency = OneField(_l("Currency"), default="MAD")
    parts = IntegerField(_l("In how many parts?"), [Optional(), NumberRange(min=1, max=MOST_PARTS)])
    first_due = DayField(_l("The first part on"), [Optional()])
    months = OneField(_l("the next ones after"), coerce=int, default=1, choices=PERIODS)
    hours = IntegerField(_l("and hours of my time"), [Optional(), NumberRange(min=1, max=MOST_MINUTES // 60)])
    pieces = IntegerField(_l("and goods, so many pieces"), [Optional(), NumberRange(min=1, max=MOST_PIECES)])
    note = StringField(_l("For what? In a few words"), [Optional(), Length(max=200)])
    condition = RadioField(_l("Only if…"), default=ConditionKind.NONE.value, choices=CONDITIONS)
    condition_count = IntegerField(_l("How many others?"), [Optional(), NumberRange(min=1, max=100_000)])
    village = OneField(_l("Of which village?"), coerce=int, default=0)
    total = MoneyField(_l("How much in all, in dirhams?"), [Optional()])
    club = OneField(_l("Which group gives?"), coerce=int, default=0)
    give = IntegerField(_l("I give"), [Optional(), NumberRange(min=1, max=100)])
    each = IntegerField(_l("for each"), [Optional(), NumberRange(min=1, max=100)])
    until = DayField(_l("My word holds until"), [InputRequired(_l("Choose a day."))])
    shown_as = OneField(_l("My name in public"))

    money: Money | None = None

    def offer(self, groups: Iterable[tuple[int, str]], currencies: Iterable[str], *, name: str) -> "PledgeForm":
        """The choices of this person: in whose name, in which currency, under which name."""
        self.group_id.choices = [SelectChoice(number, title) for number, title in groups]
        self.currency.choices = [SelectChoice(code, code) for code in currencies]
        names = self._public_names(name)
        names[UNNAMED] = _l("secret: only the treasurer knows")
        self.shown_as.choices = [SelectChoice(value, text) for value, text in names.items()]
        if "village" in self:
            self.village.validate_choice = self.club.validate_choice = self.names_others()
        return self

    def _public_names(self, name: str) -> dict[str, Any]:
        """How this promise may be named in public: a group has no first name."""
        kinds = tuple(ShownAs)
        if self.group_id.data:
            name = next((str(each.label) for each in self.group_id.choices if each.value == self.group_id.data), "")
            kinds = (ShownAs.FULL, ShownAs.ANONYMOUS)
            if self.shown_as.data == ShownAs.FIRST.value:
                self.shown_as.data = ShownAs.FULL.value
        return {shown.value: shown_name(name, shown) or _l("no name: “a member”") for shown in kinds}

    def said(self, name: str) -> Any:
        """What a field holds; None for one this form has not."""
        return self[name].data if name in self else None

    def names_others(self) -> bool:
        """Whether the condition that was chosen names a place or a group: then it must be one of those offered."""
        return self.kind() in {TermKind.VILLAGE_JOINS, TermKind.CLUB_GIVES}

    def name_others(self, villages: Mapping[int, str], clubs: Mapping[int, str]) -> None:
        """The places and groups a condition may name."""
        self.village.choices = [SelectChoice(number, name) for number, name in [(0, "—"), *villages.items()]]
        self.club.choices = [SelectChoice(number, name) for number, name in [(0, "—"), *clubs.items()]]

    def holds(self) -> bool:
        """Whether all that was sent so far holds; messages stand at the fields else."""
        if not self.accepted():
            return False
        self._read_amount()
        if not self.errors and self.money is None and not self.hours.data and not self.said("pieces"):
            self.amount.errors = [_("Promise an amount, hours, or both.")]
        if not self.errors:
            for promise in self.promises():
                if problem := promise_problem(promise, today()):
                    self.trouble(RuleBroken(Message(problem)), self._field_of(problem))
                    break
        return not self.errors

    def _field_of(self, problem: str) -> str | None:
        """The field at which a message stands: parts after the last day are put right there, as well as by less."""
        parts = self.schedule()
        if problem == "funding.instalment_days" and parts[-1][0] > self.until.data:
            return "until"
        return AT.get(problem)

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

    def term(self) -> Term:
        """The condition that was chosen, with its numbers."""
        kind = self.kind()
        if kind is ConditionKind.NONE:
            return Term(kind)
        total = self.total.data
        counts: dict[Kind, int | None] = {
            ConditionKind.OTHERS_JOIN: self.condition_count.data,
            TermKind.VILLAGE_JOINS: self.condition_count.data,
            TermKind.TOTAL_REACHED: total.minor if total is not None else None,
        }
        is_ratio = kind is TermKind.CLUB_GIVES
        return Term(
            kind,
            counts.get(kind),
            self.give.data if is_ratio else None,
            self.each.data if is_ratio else None,
            (self.club.data or None) if is_ratio else None,
            (self.village.data or None) if kind is TermKind.VILLAGE_JOINS else None,
        )

    def kind(self) -> Kind:
        """The kind of condition that was chosen; none for what is none."""
        return KINDS.get(self.said("condition"), ConditionKind.NONE)

    def schedule(self) -> tuple[tuple[date, int], ...]:
        """The instalments of the money; none where it comes at once."""
        count = self.said("parts") or 1
        if self.money is None or count < 2:
            return ()
        return regular(self.money.minor, count, first=self.first_due.data or today(), months=self.months.data)

    def promises(self) -> list[Promise]:
        """What was promised, one value a unit; a ratio is a condition of the money alone."""
        term = self.term()
        is_plain = isinstance(term.kind, ConditionKind)
        is_secret = self.shown_as.data == UNNAMED
        common: dict[str, Any] = {
            "until": self.until.data,
            "shown_as": ShownAs.ANONYMOUS if is_secret else ShownAs(self.shown_as.data),
            "is_secret": is_secret,
            "note": self.note.data or "",
            "condition": term.kind if is_plain else ConditionKind.NONE,
            "condition_count": term.at_least if term.kind is ConditionKind.OTHERS_JOIN else None,
            "group_id": self.group_id.data or None,
        }
        whole = common | {"term": None if is_plain else term}
        in_kind = common | {"term": None if is_plain or term.kind is TermKind.CLUB_GIVES else term}
        made = []
        if self.money is not None:
            money = whole | {"instalments": self.schedule()}
            made.append(Promise(unit=self.money.currency, amount_minor=self.money.minor, **money))
        if self.hours.data:
            made.append(Promise(unit=HOURS, amount_minor=self.hours.data * 60, **in_kind))
        if pieces := self.said("pieces"):
            made.append(Promise(unit=ITEM, amount_minor=pieces, **in_kind))
        return made


class PlainPledgeForm(PledgeForm):
    """Most promises: at once, without goods and without a condition; half of the fields need not be made.

    It is never shown, so it carries no protection of its own: each sending is proven before its view is asked.
    """

    class Meta(BaseForm.Meta):
        """No token to show."""

        csrf = False

    parts = pieces = condition = condition_count = give = each = None
    first_due: Any = None
    months: Any = None
    total: Any = None
    village: Any = None
    club: Any = None

    @staticmethod
    def suits(sent: Mapping[str, str]) -> bool:
        """Whether this is a plain promise that is confirmed; what is still being written shows every field."""
        is_last = sent.get("step") == str(len(STEPS)) and "back" not in sent
        return (
            is_last and sent.get("condition") == ConditionKind.NONE and not sent.get("parts") and not sent.get("pieces")
        )


AT = {
    "funding.goods_without_words": "note",
    "funding.count_missing": "condition_count",
    "funding.place_of_condition_missing": "village",
    "funding.total_of_condition_missing": "total",
    "funding.club_of_condition_missing": "club",
    "funding.ratio_unclear": "give",
    "funding.too_many_instalments": "parts",
    "funding.instalment_days": "first_due",
    "funding.instalments_do_not_sum": "parts",
}
"""Field at which a message stands."""


class ChangeForm(BaseForm):
    """Another amount, another day."""

    amount = StringField(_l("I promise"), [InputRequired(), Length(max=30)])
    until = DayField(_l("My word holds until"), [InputRequired(_l("Choose a day."))])


class AgreeForm(BaseForm):
    """A day on which hours or goods are given."""

    form_key = KeyField()
    day = DayField(_l("On which day?"), [InputRequired(_l("Choose a day."))])
    count = IntegerField(_l("How much?"), [InputRequired(), NumberRange(min=1, max=MOST_PIECES)])
    place = StringField(_l("Where?"), [Optional(), Length(max=120)])


class SeenForm(BaseForm):
    """What a second person saw."""

    evidence = StringField(_l("What was seen"), [InputRequired(_l("Say what you saw.")), Length(max=200)])

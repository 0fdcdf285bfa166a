"""Forms of share rules: which one a project keeps, a copy with other numbers, what a sponsor adds."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cdp.funding.rules.match_funding import MatchRule, Sponsor
from cdp.i18n.say import label, language
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money
from cdp.programme.rules.share_rules import RuleSet, Share, percent_text, points
from cdp.rounds.states import Source
from cdp.web.fields import OFFERED, KeyField, MoneyField, WordsField
from cdp.web.forms.base import BaseForm

PARTS = (1, 2, 3, 4)
DAY_NEEDED = _l("Choose a day.")
WRITE_NUMBER = InputRequired(_l("Write a number."))


class ChooseSharesForm(BaseForm):
    """The rule a project keeps from a day on."""

    form_key = KeyField()
    rule = SelectField(_l("Share rule"))
    since = DateField(_l("From which day on?"), [InputRequired(DAY_NEEDED)], default=today)
    reason = StringField(_l("Why? Givers read it"), [Optional(), Length(max=200)])

    def offer(self, rules: Iterable[RuleSet]) -> "ChooseSharesForm":
        """The rules of the register, by the names people call them."""
        named = [SelectChoice(rule.key, rule.names.in_(language())[0] or rule.key) for rule in rules]
        self.rule.choices = [*named, SelectChoice("", _l("none"))]
        return self


class OwnRuleForm(BaseForm):
    """A rule with the numbers a call or a convention says."""

    form_key = KeyField()
    name = WordsField(_l("What is it called?"), longest=100)
    least_total = MoneyField(_l("Only for projects of at least, in dirhams"), [Optional()])
    most_total = MoneyField(_l("Only for projects of at most, in dirhams"), [Optional()])
    written_in = WordsField(_l("Where is it written?"), longest=400)
    since = DateField(_l("From which day on?"), [InputRequired(DAY_NEEDED)], default=today)
    until = DateField(_l("Until which day?"), [Optional()])
    reason = StringField(
        _l("Why does it differ? Givers read it"), [InputRequired(_l("A reason is needed.")), Length(max=200)]
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for _place, part in self.parts():
            part["sources"].choices = [SelectChoice(each.value, label(each)) for each in Source]

    def parts(self) -> Iterable[tuple[int, dict[str, Any]]]:
        """The parts with their fields."""
        names = ("sources", "least", "most", "most_amount")
        return ((place, {name: self[f"{name}_{place}"] for name in names}) for place in PARTS)

    def rule(self, key: str) -> RuleSet:
        """The rule as it was typed; RuleBroken for what is no percentage."""
        try:
            shares = tuple(share for _place, part in self.parts() if (share := _share(part)) is not None)
        except ValueError as error:
            raise RuleBroken("funding.percentage_unclear") from error
        return RuleSet(
            key,
            shares,
            names=self.name.data,
            since=self.since.data,
            until=self.until.data,
            least_total=self.least_total.data.minor if self.least_total.data else 0,
            most_total=self.most_total.data.minor if self.most_total.data else None,
            written_in=self.written_in.data,
        )


for _n in PARTS:
    _widgets = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    setattr(OwnRuleForm, f"sources_{_n}", SelectMultipleField(_l("Who brings it together?"), **_widgets))
    setattr(OwnRuleForm, f"least_{_n}", StringField(_l("At least, in per cent"), [Optional(), Length(max=6)]))
    setattr(OwnRuleForm, f"most_{_n}", StringField(_l("At most, in per cent"), [Optional(), Length(max=6)]))
    setattr(OwnRuleForm, f"most_amount_{_n}", MoneyField(_l("At most, in dirhams"), [Optional()]))


def _share(part: Mapping[str, Any]) -> Share | None:
    """A part as a share; None for one nobody is in."""
    if not part["sources"].data:
        return None
    most_amount = part["most_amount"].data
    return Share(
        tuple(part["sources"].data),
        least=points(part["least"].data or 0),
        most=points(part["most"].data or 100),
        most_amount=most_amount.minor if most_amount else None,
    )


def data_of(rule: RuleSet | None) -> dict[str, Any]:
    """A rule as the data of its form; nothing for a new one."""
    if rule is None:
        return {}
    rule = rule.in_dirhams
    found: dict[str, Any] = {}
    for place, share in zip(PARTS, rule.shares, strict=False):
        found |= {
            f"sources_{place}": list(share.sources),
            f"least_{place}": percent_text(share.least) if share.least else "",
            f"most_{place}": percent_text(share.most),
            f"most_amount_{place}": None if share.most_amount is None else Money(share.most_amount),
        }
    totals = {"least_total": rule.least_total, "most_total": rule.most_total}
    return (
        found
        | {name: Money(amount) for name, amount in totals.items() if amount}
        | {"name": rule.names, "written_in": rule.written_in}
    )


class MatchForm(BaseForm):
    """What a sponsor adds to the gifts of others."""

    form_key = KeyField()
    source = SelectField(_l("Who adds?"))
    party = StringField(_l("Name of the partner"), [Optional(), Length(max=120)], render_kw=OFFERED)
    give = IntegerField(
        _l("Adds so many dirhams"), [InputRequired(_l("Write a number.")), NumberRange(0, 100)], default=1
    )
    each = IntegerField(
        _l("for each so many that are received"), [InputRequired(_l("Write a number.")), NumberRange(1, 100)], default=1
    )
    pool = MoneyField(_l("Up to, in dirhams, in all"), [Optional()])
    per_giver = MoneyField(_l("Of one giver counted at most, in dirhams"), [Optional()])
    of = SelectField(_l("Whose gifts count?"), default=Source.DIASPORA.value)
    least_givers = IntegerField(_l("Begins once so many have given"), [Optional(), NumberRange(0, 10_000)])
    since = DateField(_l("From which day on?"), [InputRequired(DAY_NEEDED)], default=today)
    until = DateField(_l("Until which day?"), [Optional()])
    reason = StringField(_l("Why? Givers read it"), [Optional(), Length(max=200)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        choices = [SelectChoice(each.value, label(each)) for each in Source]
        self.source.choices = choices
        self.of.choices = [SelectChoice("", _l("Everybody’s")), *choices]

    def sponsor(self) -> Sponsor | None:
        """The rule as it was typed; None where it adds nothing any more."""
        if not self.give.data:
            return None
        until: date | None = self.until.data
        rule = MatchRule(
            self.give.data,
            self.each.data or 1,
            self.pool.data.minor if self.pool.data else 0,
            per_giver=self.per_giver.data.minor if self.per_giver.data else None,
            sources=frozenset({self.of.data} if self.of.data else ()),
            least_givers=self.least_givers.data or 0,
            until=until,
        )
        return Sponsor(self.source.data, (self.party.data or "").strip(), rule)

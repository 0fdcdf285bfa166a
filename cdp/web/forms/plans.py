"""Forms of the plan: a decision about a line, partners' shares, the council's vote, the governor's answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.i18n.say import label, language
from cdp.programme.rules.drafting import Decision
from cdp.programme.rules.fit.presets import PRESETS, preset
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.rules.shares import PartShare
from cdp.programme.rules.votes import Vote
from cdp.programme.states import ActKind, Pin
from cdp.rounds.states import Source, Sureness
from cdp.web.fields import OFFERED, MoneyField
from cdp.web.forms.base import BaseForm

ROWS = range(1, 13)
"""Partners a form has room for: as many as there are sources."""

SPARE = 2
"""Empty rows that are shown beside those that are filled."""

PLAN_YEARS = range(1, 7)
"""Years a plan has at most."""

CHOOSE = _l("Choose one.")


class DecisionForm(BaseForm):
    """What people decide about a line, with the reason anyone may read."""

    pin = RadioField(_l("What do you decide?"), [InputRequired(CHOOSE)])
    year = SelectField(_l("First year of works"), [Optional()])
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=4000)], render_kw={"rows": 4})

    def __init__(self, *, years: Iterable[int], **values: Any) -> None:
        super().__init__(**values)
        texts = {
            Pin.FREE: _l("No decision: it goes by its rank"),
            Pin.PINNED: _l("It is in; the earliest year with room"),
            Pin.MOVED: _l("It is in, from the year below"),
            Pin.EXCLUDED: _l("It is out"),
        }
        self.pin.choices = [SelectChoice(pin.value, text) for pin, text in texts.items()]
        self.year.choices = [SelectChoice("", "—"), *(SelectChoice(str(year), str(year)) for year in years)]

    def decision(self) -> Decision:
        """The decision as a value."""
        pin = Pin(self.pin.data)
        year = int(self.year.data) if pin is Pin.MOVED and self.year.data else None
        return Decision(pin, self.reason.data or "", year)


@dataclass(frozen=True)
class PartnerRow:
    """The fields of one partner: who, how much, how sure, and how much in each year."""

    source: Any
    party: Any
    amount: Any
    sureness: Any
    years: tuple[tuple[int, Any], ...]

    @property
    def is_used(self) -> bool:
        """Whether anything is written in it."""
        return bool(self.source.data or self.amount.data or self.amount.errors or self.has_years)

    @property
    def has_years(self) -> bool:
        """Whether a year has an amount, or a mistake."""
        return any(field.data or field.errors for _year, field in self.years)

    def by_year(self) -> tuple[tuple[int, int], ...]:
        """(year, centimes) of the years that have an amount."""
        return tuple((year, field.data.minor) for year, field in self.years if field.data)

    def share(self) -> PartShare:
        """The row as a value; without an amount its years say how much."""
        by_year = self.by_year()
        amount = self.amount.data.minor if self.amount.data is not None else sum(part for _year, part in by_year)
        party = (self.party.data or "").strip()
        return PartShare(Source(self.source.data), amount, Sureness(self.sureness.data), party, by_year)


class SharesForm(BaseForm):
    """Partners of a proposal's cost, one a row; an empty amount is no row."""

    preset = SelectField(_l("Share rule to be kept"), [Optional()])

    def __init__(self, *, years: Sequence[int], own: Sequence[RuleSet] = (), **values: Any) -> None:
        super().__init__(**values)
        self.years = years
        self.preset.choices = [SelectChoice("", _l("none")), *rule_choices(own)]
        for row in self.rows():
            row.sureness.choices = [SelectChoice(each.value, label(each)) for each in Sureness]
            row.source.choices = [SelectChoice("", "—")] + [
                SelectChoice(each.value, label(each)) for each in Source if each is not Source.OWN
            ]
            for year, field in row.years:
                field.label.text = str(year)

    def rows(self) -> Iterator[PartnerRow]:
        """The rows."""
        for n in ROWS:
            years = tuple((year, self[f"year_{n}_{k}"]) for k, year in zip(PLAN_YEARS, self.years, strict=False))
            yield PartnerRow(self[f"source_{n}"], self[f"party_{n}"], self[f"amount_{n}"], self[f"sureness_{n}"], years)

    def shown(self) -> list[PartnerRow]:
        """The rows that are filled and a few more."""
        rows = list(self.rows())
        last = max((n for n, row in enumerate(rows, 1) if row.is_used), default=0)
        return rows[: last + SPARE]

    def validate(self, extra_validators: Any = None) -> bool:
        """A row has a source and an amount (of all, or by year), or neither."""
        holds = super().validate(extra_validators)
        for row in self.rows():
            has_amount = row.amount.data is not None or bool(row.by_year())
            if bool(row.source.data) is not has_amount and not row.amount.errors:
                row.amount.errors = [_l("A partner and an amount belong together.")]
                holds = False
        return bool(holds)

    def shares(self) -> list[PartShare]:
        """The rows as values."""
        return [row.share() for row in self.rows() if row.source.data]


for _n in ROWS:
    setattr(SharesForm, f"source_{_n}", SelectField(_l("Partner"), [Optional()]))
    setattr(SharesForm, f"party_{_n}", StringField(_l("Name"), [Optional(), Length(max=120)], render_kw=OFFERED))
    setattr(SharesForm, f"amount_{_n}", MoneyField(_l("Amount in dirhams"), [Optional()]))
    setattr(SharesForm, f"sureness_{_n}", SelectField(_l("How sure"), [Optional()], default=Sureness.PROMISED.value))
    for _k in PLAN_YEARS:
        setattr(SharesForm, f"year_{_n}_{_k}", MoneyField("", [Optional()]))


def rule_choices(own: Sequence[RuleSet]) -> list[SelectChoice]:
    """The commune's own share rules and the known ones by the names people call them, each with the year it is of."""
    known = {rule.key: preset(rule) for rule in own}
    rules = [*known.values(), *(each for key, each in PRESETS.items() if key not in known)]
    named = ((each.name, each.title.in_(language())[0] or each.name, each.as_known_in) for each in rules)
    return [SelectChoice(key, f"{name} ({year})") for key, name, year in named]


TALL = {"rows": 4}


class UpdateForm(BaseForm):
    """Why the plan is brought up to date."""

    reason = TextAreaField(
        _l("Why is the plan updated?"),
        [InputRequired(_l("Write the reason.")), Length(max=4000)],
        render_kw={"rows": 4},
    )


COUNT = [InputRequired(_l("Write a number.")), NumberRange(min=0, max=10_000)]
WHOLE = {"inputmode": "numeric", "min": 0}


class VoteForm(BaseForm):
    """The council's vote in a session."""

    word = RadioField(_l("What did the council decide?"), [InputRequired(CHOOSE)])
    on = DateField(_l("Day of the session"), [InputRequired(_l("Choose a day."))])
    votes_for = IntegerField(_l("For"), COUNT, render_kw=WHOLE)
    votes_against = IntegerField(_l("Against"), COUNT, render_kw=WHOLE)
    abstentions = IntegerField(_l("Abstentions"), COUNT, render_kw=WHOLE)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.word.choices = [SelectChoice(kind.value, label(kind)) for kind in (ActKind.ADOPT, ActKind.REJECT)]

    def vote(self) -> Vote:
        """The vote as a value."""
        return Vote(self.on.data, self.votes_for.data, self.votes_against.data, self.abstentions.data)


class SilenceForm(BaseForm):
    """No answer of the governor: the day from which the time for one is counted."""

    received_on = DateField(
        _l("Day the province received the deliberation"), [InputRequired(_l("Choose a day."))], id="received-on"
    )


class VisaForm(BaseForm):
    """The governor's answer."""

    word = RadioField(_l("What did the governor answer?"), [InputRequired(CHOOSE)])
    on = DateField(_l("Day of the letter"), [InputRequired(_l("Choose a day."))])
    reference = StringField(_l("Reference of the letter"), [InputRequired(_l("Note the reference.")), Length(max=80)])
    reason = TextAreaField(_l("Reasons of a refusal"), [Optional(), Length(max=4000)], render_kw={"rows": 4})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.word.choices = [SelectChoice(kind.value, label(kind)) for kind in (ActKind.VISA, ActKind.REFUSE_VISA)]

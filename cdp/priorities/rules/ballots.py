"""A ballot as plain values: what it asks, what it offers, and what a voter may put on it.

What was voted is kept as plain content: a list of project numbers (sorted, or best first where they are
ranked), of pairs (``A>B``), or whole points by number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.priorities.rules.bonds import Bonds
from cdp.priorities.rules.duels import pair_flaw
from cdp.priorities.states import BallotKind, CountingRule, Filling, Flaw, RollSource, TieRule, Worth

Content = list[str] | dict[str, int]

HIGHEST_SCORE = 5
LONGEST_TEXT = 300
WITH_POINTS = (BallotKind.POINTS, BallotKind.SCORES)

OF_HANDS = (CountingRule.GREEDY, CountingRule.GREEDY_PER_COST, CountingRule.MIXED)
"""Rules that need no more than totals."""

OF_PAIRS = (CountingRule.COPELAND, CountingRule.GREEDY, CountingRule.MIXED)
"""Rules that choose among pairs: by duels, or by comparisons won (Borda's count, made from pairs)."""


@dataclass(frozen=True)
class Limit:
    """A ceiling beside the whole budget: for a territory (code of a douar) or a sector."""

    by: str
    name: str
    amount: Money

    def projects_among(self, offers: "Iterable[Offer]") -> frozenset[str]:
        """The numbers of the projects it holds down."""
        inside = (o.number for o in offers if (o.territory if self.by == "territory" else o.sector) == self.name)
        return frozenset(inside)


@dataclass(frozen=True)
class BallotDraft:
    """All rules of a ballot, as an office sets them."""

    kind: BallotKind
    rule: CountingRule
    title: Words
    question: Words
    budget: Money
    opens_on: date
    closes_on: date
    help: Words = field(default_factory=Words)
    worth: Worth = Worth.COST
    filling: Filling = Filling.ADD1_GREEDY
    ties: TieRule = TieRule.LOT
    seed: str = ""
    most: int | None = None
    purse: int | None = None
    minimum_votes: int = 0
    panel_part: int | None = None
    ceilings: tuple[Limit, ...] = ()
    admits: frozenset[RollSource] = frozenset({RollSource.RESIDENT})


@dataclass(frozen=True)
class Offer:
    """A project on a ballot; ``standing`` is "offered", or "pinned" or "excluded" by a reasoned decision."""

    place: int
    number: str
    title: Words
    cost: Money
    sector: str
    territory: str = ""
    proposer: str = ""
    standing: str = "offered"
    reason: str = ""
    reason_language: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a voter is asked: the kind of ballot, its limits, its projects in their order."""

    kind: BallotKind
    budget: Money
    offers: tuple[Offer, ...]
    most: int | None = None
    purse: int | None = None
    bonds: Bonds = field(default_factory=Bonds)

    @property
    def offered(self) -> tuple[Offer, ...]:
        """The projects one may vote for."""
        return tuple(offer for offer in self.offers if offer.standing == "offered")

    def by_number(self) -> dict[str, Offer]:
        """Every project by its number."""
        return {offer.number: offer for offer in self.offers}

    def spent(self, content: Content) -> Money:
        """What the named projects cost together; unknown ones cost nothing."""
        costs = {offer.number: offer.cost.minor for offer in self.offers}
        return Money(sum(costs.get(number, 0) for number in content))

    def given(self, content: Content) -> int:
        """How many points were given, or projects named."""
        return sum(content.values()) if isinstance(content, dict) else len(content)


def draft_problems(draft: BallotDraft) -> list[str]:
    """Message keys of what is wrong with the rules of a ballot."""
    doubts = {
        "priorities.ballot_title_missing": not draft.title or not draft.question,
        "priorities.ballot_days_in_order": draft.closes_on < draft.opens_on,
        "priorities.ballot_budget_missing": draft.budget.minor <= 0,
        "priorities.ballot_borda_needs_ranking": draft.rule is CountingRule.BORDA
        and draft.kind is not BallotKind.RANKING,
        "priorities.ballot_hands_need_totals": draft.kind is BallotKind.HANDS and draft.rule not in OF_HANDS,
        "priorities.ballot_pairs_need_duels": draft.kind is BallotKind.PAIRS and draft.rule not in OF_PAIRS,
        "priorities.ballot_copeland_needs_pairs": draft.rule is CountingRule.COPELAND
        and draft.kind is not BallotKind.PAIRS,
        "priorities.ballot_mix_needs_part": (draft.rule is CountingRule.MIXED)
        != (draft.panel_part is not None and 0 < draft.panel_part < 100),
        "priorities.ballot_lot_needs_seed": draft.ties is TieRule.LOT and not draft.seed.strip(),
        "priorities.ballot_purse_missing": draft.kind is BallotKind.POINTS and not draft.purse,
        "priorities.ballot_most_at_least_one": draft.most is not None and draft.most < 1,
        "priorities.ballot_nobody_votes": not draft.admits,
        "priorities.ballot_ceiling_negative": any(limit.amount.minor < 0 for limit in draft.ceilings),
        "priorities.ballot_minimum_negative": draft.minimum_votes < 0,
    }
    return [key for key, holds in doubts.items() if holds]


def flaw(sheet: Sheet, content: Content) -> tuple[Flaw, str] | None:
    """What makes a vote one that cannot be counted, and the project it is about; None when it counts.

    A blank vote counts: it is a voter who found nothing to choose.
    """
    offers = sheet.by_number()
    if sheet.kind is BallotKind.PAIRS:
        return pair_flaw(content, {number: offer.standing for number, offer in offers.items()})
    for number in content:
        if number not in offers:
            return Flaw.UNKNOWN_PROJECT, number
        if offers[number].standing != "offered":
            return Flaw.EXCLUDED_PROJECT, number
    if isinstance(content, list) and len(set(content)) < len(content):
        return Flaw.NAMED_TWICE, ""
    return _over(sheet, content)


def _over(sheet: Sheet, content: Content) -> tuple[Flaw, str] | None:
    most = 1 if sheet.kind is BallotKind.CHOOSE_ONE else sheet.most
    if most is not None and len(content) > most:
        return Flaw.TOO_MANY, ""
    if sheet.kind is BallotKind.KNAPSACK and sheet.budget < sheet.spent(content):
        return Flaw.OVER_PURSE, ""
    if isinstance(content, dict) != (sheet.kind in WITH_POINTS):
        return Flaw.OFF_SCALE, ""
    if isinstance(content, dict):
        if any(points < 1 for points in content.values()):
            return Flaw.OFF_SCALE, ""
        if sheet.kind is BallotKind.SCORES and max(content.values(), default=0) > HIGHEST_SCORE:
            return Flaw.OFF_SCALE, ""
        if sheet.kind is BallotKind.POINTS and sum(content.values()) > (sheet.purse or 0):
            return Flaw.OVER_PURSE, ""
    return None


REFUSALS = {
    Flaw.UNKNOWN_PROJECT: "priorities.vote_unknown_project",
    Flaw.EXCLUDED_PROJECT: "priorities.vote_excluded_project",
    Flaw.NAMED_TWICE: "priorities.vote_named_twice",
    Flaw.TOO_MANY: "priorities.vote_too_many",
    Flaw.OVER_PURSE: "priorities.vote_over_purse",
    Flaw.OFF_SCALE: "priorities.vote_off_scale",
}


def vote_problem(sheet: Sheet, content: Content) -> Message | None:
    """Why a vote is refused, to be told to who casts it; None when it counts."""
    found = flaw(sheet, content)
    if found is None:
        return None
    most = 1 if sheet.kind is BallotKind.CHOOSE_ONE else sheet.most
    return Message(REFUSALS[found[0]], {"project": found[1], "most": most or 0})


def tidy(sheet: Sheet, content: Content) -> Content:
    """The one form of a vote: numbers sorted unless they are ranked, points of nothing left out."""
    if isinstance(content, dict):
        return {number: content[number] for number in sorted(content) if content[number]}
    return list(content) if sheet.kind is BallotKind.RANKING else sorted(content)


def still_fits(sheet: Sheet, content: Content) -> dict[str, Money]:
    """Projects not chosen that go beyond what is left of a knapsack, and what is left."""
    if sheet.kind is not BallotKind.KNAPSACK:
        return {}
    left = sheet.budget - sheet.spent(content)
    return {o.number: left for o in sheet.offered if o.number not in content and left < o.cost}


def limits(document: Sequence[Mapping[str, Any]]) -> tuple[Limit, ...]:
    """Ceilings as they are kept in a ballot's row."""
    return tuple(Limit(str(one["by"]), str(one["name"]), Money(int(one["amount"]))) for one in document)

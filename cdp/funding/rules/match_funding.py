"""Match funding: a sponsor adds to the gifts of others by a rule that is data, in the order of the books.

Only received money counts. Caps on a gift and a giver are on the giver's amount, before the factor; caps on
a project and the pool are on the sponsor's money. What was matched is never worked out again: later gifts
only add lines, a reversed gift takes its own match back by a line of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class MatchRule:
    """A sponsor's rule: ``give`` for each ``each`` received, within caps, from a day to a day.

    Empty ``sources``, ``countries`` and ``groups`` mean all. ``least_givers`` and ``least_diaspora`` (basis
    points of the counted gifts) open the gate; gifts received before wait and are matched when it opens.
    """

    give: int
    each: int
    pool: int
    per_gift: int | None = None
    per_giver: int | None = None
    per_project: int | None = None
    sources: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    least_givers: int = 0
    least_diaspora: int = 0

    def takes(self, gift: "Gift") -> bool:
        """Whether a gift counts: its source, country, group and day."""
        fits = (
            not self.sources or gift.source in self.sources,
            not self.countries or gift.country in self.countries,
            not self.groups or bool(self.groups & gift.groups),
            self.since is None or gift.day >= self.since,
            self.until is None or gift.day <= self.until,
        )
        return all(fits)


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Who adds by a rule: a source and the name of its party."""

    source: str
    party: str
    rule: MatchRule

    @property
    def name(self) -> str:
        """The sponsor in one word: its own name, else its source."""
        return self.party or self.source


MOST_PARTS = 100
"""Largest number on either side of "so much for each so much"."""


def sponsor_problem(given: Sponsor) -> str | None:
    """Message key of what makes no sense in a sponsor's rule, or None."""
    rule = given.rule
    doubts = {
        "funding.ratio_unclear": not (0 < rule.give <= MOST_PARTS >= rule.each > 0),
        "funding.amount_not_positive": rule.pool <= 0 or min(rule.per_gift or 1, rule.per_giver or 1) <= 0,
        "funding.sponsor_matches_itself": given.source in rule.sources,
        "funding.rule_shares_contradict": not 0 <= rule.least_diaspora <= WHOLE or rule.least_givers < 0,
    }
    return next((key for key, holds in doubts.items() if holds), None)


@dataclass(frozen=True, slots=True)
class Gift:
    """A receipt in the order of the books, in dirham cents; ``reverses``: the number of the one it takes back."""

    seq: int
    project: int
    giver: str
    amount: int
    day: date
    source: str = ""
    country: str = ""
    groups: frozenset[str] = frozenset()
    diaspora: bool = False
    reverses: int | None = None


class Matched(NamedTuple):
    """One line of a sponsor's money: for which gift, how much (negative when it is taken back), seen at ``at``."""

    gift: int
    amount: int
    at: int


@dataclass
class _Book:
    """What was counted and matched so far."""

    rule: MatchRule
    pool: int
    by_giver: defaultdict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    by_project: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    gifts: dict[int, Gift] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)
    matched: dict[int, int] = field(default_factory=dict)
    waiting: defaultdict[int, list[Gift]] = field(default_factory=lambda: defaultdict(list))
    opened: set[int] = field(default_factory=set)

    def gate_opens(self, project: int) -> bool:
        """Whether enough people, and enough of them abroad, have given; once open it stays open."""
        if project not in self.opened:
            gifts = [each for each in self.gifts.values() if each.project == project]
            whole = sum(each.amount for each in gifts)
            abroad = sum(each.amount for each in gifts if each.diaspora)
            enough = len({each.giver for each in gifts}) >= self.rule.least_givers
            if enough and abroad * WHOLE >= whole * self.rule.least_diaspora:
                self.opened.add(project)
        return project in self.opened

    def take(self, gift: Gift, at: int) -> Matched | None:
        """The sponsor's part for one gift, within every cap; None when nothing is left for it."""
        rule, giver = self.rule, (gift.project, gift.giver)
        counted = min(gift.amount, gift.amount if rule.per_gift is None else rule.per_gift)
        if rule.per_giver is not None:
            counted = min(counted, rule.per_giver - self.by_giver[giver])
        amount = min(counted * rule.give // rule.each, self.pool)
        if rule.per_project is not None:
            amount = min(amount, rule.per_project - self.by_project[gift.project])
        if amount <= 0:
            return None
        self.by_giver[giver] += counted
        self.counted[gift.seq] = counted
        self.matched[gift.seq] = amount
        self.by_project[gift.project] += amount
        self.pool -= amount
        return Matched(gift.seq, amount, at)

    def give_back(self, gift: Gift) -> Matched | None:
        """Undo what one gift brought: its match returns to the pool and its caps are free again."""
        number = gift.reverses or 0
        original = self.gifts.pop(number, None)
        if original is None:
            return None
        self.waiting[original.project] = [each for each in self.waiting[original.project] if each.seq != number]
        amount = self.matched.pop(number, 0)
        self.by_giver[original.project, original.giver] -= self.counted.pop(number, 0)
        self.by_project[original.project] -= amount
        self.pool += amount
        return Matched(number, -amount, gift.seq) if amount else None


def matches(rule: MatchRule, gifts: Iterable[Gift]) -> list[Matched]:
    """The sponsor's lines for gifts in the order of the books; what comes later only adds lines at the end.

    Caps on a giver and a project are counted in each project apart; the pool is common.
    """
    book, lines = _Book(rule, rule.pool), []
    for gift in gifts:
        if gift.reverses is not None:
            found = book.give_back(gift)
            lines += [found] if found else []
        elif rule.takes(gift) and gift.amount > 0:
            book.gifts[gift.seq] = gift
            book.waiting[gift.project].append(gift)
            lines += _paid(book, gift)
    return lines


def _paid(book: _Book, gift: Gift) -> list[Matched]:
    """Lines for all gifts that wait in the project of this one, if its gate is open by now."""
    if not book.gate_opens(gift.project):
        return []
    ready = book.waiting.pop(gift.project, [])
    return [line for each in ready if (line := book.take(each, gift.seq))]


def brings(rule: MatchRule, gifts: Iterable[Gift], more: Gift) -> int:
    """What one more gift would bring from the sponsor now: "your 50 EUR brings 50 EUR"."""
    known = list(gifts)
    before = sum(line.amount for line in matches(rule, known))
    return sum(line.amount for line in matches(rule, [*known, more])) - before

"""Promises that wait for each other, solved together: the largest set of them that holds by itself.

Start with all, drop whoever's condition fails counting those that are left, repeat. As every condition only
gains by more money, more people and more facts, what remains is the one largest consistent set, whatever the
order; more firm money never takes a promise out of it. Amounts are dirham cents at the rates of the promises.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop
from typing import NamedTuple

ALL = ("total", "")
MOST_RATIO = 100
"""Parts of a ratio: "1 for each 2" has the parts 1 and 2; larger ones are refused as no plain sentence."""


class Need(NamedTuple):
    """One thing a promise waits for: a measure (kind and name) that must reach a threshold.

    Kinds: ``total`` (money of the project), ``source`` (money of one source), ``people`` (promises from a group
    or place), ``group`` (money from it), ``fact`` (1 when it is so: a milestone verified, a convention signed).
    """

    kind: str
    name: str
    at_least: int


class Ratio(NamedTuple):
    """So much for each so much given by a group, at most the promised amount: "1 for each 2 the club gives"."""

    give: int
    each: int
    group: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A promise that waits: its amount (with a ratio: the most), where it counts, what it needs (all of it).

    ``heads``: for how many people it counts, where it counts for people.
    """

    pledge: int
    amount: int
    source: str = ""
    groups: frozenset[str] = frozenset()
    needs: tuple[Need, ...] = ()
    ratio: Ratio | None = None
    heads: int = 1

    def __post_init__(self) -> None:
        """A ratio of plain numbers; ValueError otherwise."""
        if self.amount < 0 or (self.ratio and not (0 < self.ratio.give <= MOST_RATIO >= self.ratio.each > 0)):
            raise ValueError("an amount is not negative, a ratio is made of whole numbers from 1 to 100")


@dataclass(frozen=True, slots=True)
class Firm:
    """What does not wait any more: committed and received money and people, and facts that hold."""

    measures: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Amounts of the promises that fire together, and the measures once they do."""

    fires: dict[int, int]
    measures: dict[tuple[str, str], int]


class _Solver:
    """Totals of what is left, and for each measure who falls when it sinks."""

    def __init__(self, waiting: list[Waiting], firm: Firm) -> None:
        self.by_id = {each.pledge: each for each in waiting}
        self.amounts = {each.pledge: each.amount for each in waiting}
        self.measures: defaultdict[tuple[str, str], int] = defaultdict(int, firm.measures)
        self.falls: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self.ratios: defaultdict[tuple[str, str], list[Waiting]] = defaultdict(list)
        self.sunk: dict[tuple[str, str], None] = {}
        for each in waiting:
            self._count(each, each.amount, each.heads)
            for need in each.needs:
                self.falls[need.kind, need.name].append((-need.at_least, each.pledge))
            if each.ratio:
                self.ratios["group", each.ratio.group].append(each)
        for heap in self.falls.values():
            heapify(heap)
        self.sunk.update(dict.fromkeys([*self.falls, *self.ratios]))

    def _count(self, each: Waiting, amount: int, people: int) -> None:
        self.measures[ALL] += amount
        self.measures["source", each.source] += amount
        for group in each.groups:
            self.measures["group", group] += amount
            self.measures["people", group] += people

    def run(self) -> None:
        """Until no measure sinks any more."""
        while self.sunk:
            measure = next(iter(self.sunk))
            del self.sunk[measure]
            heap = self.falls.get(measure, [])
            while heap and -heap[0][0] > self.measures[measure]:
                self._lower(self.by_id[heappop(heap)[1]], 0)
            for each in self.ratios.get(measure, ()):
                self._follow(each)

    def _follow(self, each: Waiting) -> None:
        if each.ratio is None or each.pledge not in self.amounts:
            return
        own = self.amounts[each.pledge] if each.ratio.group in each.groups else 0
        given = self.measures["group", each.ratio.group] - own
        self._lower(each, min(self.amounts[each.pledge], given * each.ratio.give // each.ratio.each))

    def _lower(self, each: Waiting, amount: int) -> None:
        """A promise gives less than was counted; with nothing left it is out."""
        before = self.amounts.get(each.pledge)
        if before is None or (amount == before and amount > 0):
            return
        if amount > 0:
            self.amounts[each.pledge] = amount
        else:
            del self.amounts[each.pledge]
        self._count(each, max(amount, 0) - before, 0 if amount > 0 else -each.heads)
        for measure in self._touched(each):
            if measure in self.falls or measure in self.ratios:
                self.sunk[measure] = None

    @staticmethod
    def _touched(each: Waiting) -> Iterable[tuple[str, str]]:
        yield ALL
        yield "source", each.source
        for group in each.groups:
            yield "group", group
            yield "people", group


def solve(waiting: Iterable[Waiting], firm: Firm | None = None) -> Outcome:
    """Which promises fire together, each with its amount: the largest consistent set.

    A promise of hours has no amount in dirhams: it fires with 0, and its giver is counted.
    """
    promises = [each for each in waiting if each.amount > 0 or each.ratio is None]
    solver = _Solver(promises, firm or Firm())
    solver.run()
    return Outcome(dict(solver.amounts), {measure: value for measure, value in solver.measures.items() if value})


def missing(promise: Waiting, outcome: Outcome) -> list[Need]:
    """What a promise still lacks, counting all that fire: each need with what is missing as its threshold."""
    return [
        need._replace(at_least=lack)
        for need in promise.needs
        if (lack := need.at_least - outcome.measures.get((need.kind, need.name), 0)) > 0
    ]

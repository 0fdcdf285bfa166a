"""Copeland: every two projects are held against one another; who wins most of these duels comes first.

A duel is won by the project that more voters preferred; as many for both is a draw. Each project has the
duels it won, a draw counting half. Equal there, the one that more single comparisons of voters named comes
first (Borda's count, made from pairs); equal there too, the written tie rule decides. In that order projects
are taken as in ``greedy``: what still fits is taken, what does not is skipped. A project that wins against
every other is therefore always first. Pinned and excluded projects fight no duel: nobody was asked about them.

All is whole numbers. A. H. Copeland, 1951; on pairs: "Handbook of Computational Social Choice", chapter 3.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.conditions import Conditions
from cdp.priorities.rules.voting.election import Candidate, Duels, Election, VoteKind, comparisons, election
from cdp.priorities.rules.voting.greedy import choose
from cdp.priorities.rules.voting.terms import PLAIN, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Step, Tie

Pair = tuple[str, str]
"""A choice between two projects: the preferred one, the other."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The duels of one project; ``named`` is in how many single comparisons voters preferred it."""

    won: int = 0
    drawn: int = 0
    lost: int = 0
    named: int = 0

    @property
    def halves(self) -> int:
        """Its duels won, twice: a draw is one."""
        return 2 * self.won + self.drawn


def of_pairs(budget: int, candidates: Iterable[Candidate], votes: Iterable[Iterable[Pair]]) -> Election:
    """An election from pairwise votes, one for each voter: points are comparisons won; KeyError for an unknown one."""
    cast = [list(vote) for vote in votes]
    found = election(budget, candidates, map(comparisons, cast), kind=VoteKind.CUMULATIVE)
    return replace(found, duels=added(pair for vote in cast for pair in vote))


def added(pairs: Iterable[Pair]) -> Duels:
    """All choices of all voters added up, in the order of the project numbers."""
    return tuple((one, other, number) for (one, other), number in sorted(Counter(pairs).items()))


def standings(election: Election, conditions: Conditions) -> dict[str, Standing]:
    """The duels of each project that voters were asked about; RuleBroken for ballots that do not compare."""
    if election.duels is None:
        raise RuleBroken("voting.not_applicable", rule="copeland", kind=election.kind.value)
    decided = {project for project, _ in (*conditions.pinned, *conditions.excluded)}
    asked = [one.id for one in election.candidates if one.id not in decided]
    preferred = {(one, other): number for one, other, number in election.duels}
    named: Counter[str] = Counter()
    for one, _, number in election.duels:
        named[one] += number
    signs: dict[str, Counter[int]] = {project: Counter() for project in asked}
    for one, other in combinations(asked, 2):
        margin = preferred.get((one, other), 0) - preferred.get((other, one), 0)
        sign = (margin > 0) - (margin < 0)
        signs[one][sign] += 1
        signs[other][-sign] += 1
    return {one: Standing(found[1], found[0], found[-1], named[one]) for one, found in signs.items()}


def copeland(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by duels won, then by comparisons won; raises RuleBroken for ballots that do not compare two by two."""
    found = standings(election, terms.conditions)
    room, places = begin(election, terms)
    stands = [found.get(candidate.id, Standing()) for candidate in election.candidates]
    ties: list[Tie] = []

    def better(one: int, other: int) -> int:
        return (stands[other].halves - stands[one].halves) or (stands[other].named - stands[one].named)

    def step(index: int) -> Step:
        candidate, value = election.candidates[index], Fraction(stands[index].halves, 2)
        supporters = election.supporters[index]
        return Step(candidate.id, candidate.cost, room.left, CountMeasure.DUELS, value, supporters)

    choose(room, places, ties, better=better, step=step)
    return outcome("copeland", room, ties)

"""Scoring by a panel: criteria with weights, marks from 0 to 5, one mean for each proposal.

A member's score of a proposal is the weighted mean of its marks; the proposal's is the mean of its
members' scores.  Who declared an interest in a proposal does not count there.  All is exact: means
are fractions, equal means share a rank, and the order shown within a rank follows a stated tie rule
(see ``voting.ties``).  The order is a proposal to the people who decide, never the decision.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from statistics import median

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.ties import BY_NAME, precedence

HIGHEST = 5
"""The best mark; the least is 0."""

FEWEST = 4
"""With fewer members than this nobody is called an outlier."""

Weights = Mapping[str, int | Fraction]


@dataclass(frozen=True, slots=True)
class Mark:
    """One member's mark of one proposal on one criterion."""

    member: str
    proposal: str
    criterion: str
    value: int


@dataclass(frozen=True, slots=True)
class Score:
    """What the panel's marks come to for one proposal; everything is None or empty when nobody marked it.

    ``deviation`` is the standard deviation of the members' scores (of these members, not of a sample),
    ``lowest`` and ``highest`` are their range.  ``rank`` counts from 1 and is shared by equal means.
    """

    proposal: str
    mean: Fraction | None
    deviation: float | None
    lowest: Fraction | None
    highest: Fraction | None
    members: int
    outliers: tuple[str, ...]
    rank: int | None = None
    tied: bool = False

    @property
    def normalised(self) -> Fraction | None:
        """The mean between 0 and 1."""
        return None if self.mean is None else self.mean / HIGHEST


def scores(
    proposals: Iterable[str],
    marks: Iterable[Mark],
    weights: Weights,
    *,
    interests: Iterable[tuple[str, str]] = (),
    ties: str = BY_NAME,
) -> tuple[Score, ...]:
    """The proposals, best first, those without marks last; ``interests`` are (member, proposal).

    Raises RuleBroken for weights or marks out of range, a mark given twice, or a member who marked
    some criteria of a proposal and not the others.
    """
    names = tuple(dict.fromkeys(proposals))
    own = _own_scores(marks, _checked(weights), frozenset(interests))
    places = precedence(ties, names)
    found = [_score(name, own.get(name, {})) for name in names]
    found.sort(key=lambda one: (one.mean is None, -(one.mean or 0), places[one.proposal]))
    return _ranked(found)


def mixed(
    panel: Mapping[str, Fraction], ballot: Mapping[str, int], part: Fraction, *, ties: str = BY_NAME
) -> tuple[tuple[str, Fraction], ...]:
    """A declared mix, best first: ``part`` of the panel's normalised mean, the rest from the ballot.

    A proposal's part of the ballot is its votes or points against those of the first; ``part`` lies
    between 0 and 1, and a proposal missing on one side has nothing there.
    """
    if not 0 <= part <= 1:
        raise RuleBroken("scoring.no_weight")
    most = max(ballot.values(), default=0)
    names = sorted({*panel, *ballot})
    places = precedence(ties, names)
    worth = {
        name: part * panel.get(name, Fraction(0))
        + (1 - part) * (Fraction(max(ballot.get(name, 0), 0), most) if most > 0 else Fraction(0))
        for name in names
    }
    return tuple((name, worth[name]) for name in sorted(names, key=lambda name: (-worth[name], places[name])))


def _checked(weights: Weights) -> Weights:
    """Weights, none below zero, together more than zero."""
    if any(weight < 0 for weight in weights.values()) or sum(weights.values()) <= 0:
        raise RuleBroken("scoring.no_weight")
    return weights


def _own_scores(
    marks: Iterable[Mark], weights: Weights, interests: frozenset[tuple[str, str]]
) -> dict[str, dict[str, Fraction]]:
    """Each member's own score, by proposal and member, without those who have an interest."""
    sheets: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for mark in marks:
        if mark.criterion not in weights:
            raise RuleBroken("scoring.unknown_criterion", criterion=mark.criterion)
        if not 0 <= mark.value <= HIGHEST:
            raise RuleBroken("scoring.mark_out_of_range")
        sheet = sheets[mark.proposal, mark.member]
        if mark.criterion in sheet:
            raise RuleBroken("scoring.marked_twice")
        sheet[mark.criterion] = mark.value
    own: dict[str, dict[str, Fraction]] = defaultdict(dict)
    total = Fraction(sum(weights.values()))
    for (proposal, member), sheet in sheets.items():
        if len(sheet) != len(weights):
            raise RuleBroken("scoring.marks_missing")
        if (member, proposal) not in interests:
            own[proposal][member] = sum((weights[key] * value for key, value in sheet.items()), Fraction(0)) / total
    return own


def _score(proposal: str, own: Mapping[str, Fraction]) -> Score:
    """The figures of one proposal from its members' own scores."""
    if not own:
        return Score(proposal, None, None, None, None, 0, ())
    values = sorted(own.values())
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)
    return Score(proposal, mean, sqrt(variance), values[0], values[-1], len(values), outliers(own))


def outliers(own: Mapping[str, Fraction]) -> tuple[str, ...]:
    """Members far from the others: more than a mark, and three times the median distance, off the median."""
    if len(own) < FEWEST:
        return ()
    middle = median(own.values())
    usual = median(abs(value - middle) for value in own.values())
    return tuple(sorted(member for member, value in own.items() if abs(value - middle) > max(Fraction(1), 3 * usual)))


def _ranked(found: list[Score]) -> tuple[Score, ...]:
    """Ranks for proposals in their order: equal means share one, and the next counts all before it."""
    ranked: list[Score] = []
    for place, one in enumerate(found, start=1):
        if one.mean is None:
            ranked.append(one)
            continue
        before = ranked[-1] if ranked else None
        rank = before.rank if before is not None and before.mean == one.mean else place
        tied = sum(1 for other in found if other.mean == one.mean) > 1
        ranked.append(replace(one, rank=rank, tied=tied))
    return tuple(ranked)

"""An election as plain values: a budget, candidates with their costs, and merged ballots.

Money is whole smallest units (``unit`` of them make one unit of the currency); points are whole
numbers (``grain`` of them make one point, so that half points stay exact).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

LARGEST_SAFE = 2**53
"""Whole numbers below this are exact in a float; above it, sums are made with Python's own integers."""


LARGEST_WHOLE = 2**62


class VoteKind(StrEnum):
    """What a voter writes down."""

    APPROVAL = "approval"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project on the ballot: its number as text, its cost in smallest units, where and what it is."""

    id: str
    cost: int
    territory: str = ""
    sector: str = ""


Duels = tuple[tuple[str, str, int], ...]
"""Pairwise ballots added up: a winner, a loser, and how many voters said so; see ``pairwise``."""


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Identical ballots merged: ballot ``i`` was cast ``counts[i]`` times and holds the entries
    ``starts[i]`` up to ``starts[i + 1]`` of ``choices`` (indices of candidates) and ``points``."""

    starts: Whole
    choices: Whole
    points: Whole
    counts: Whole


@dataclass(frozen=True, slots=True)
class Column:
    """Who supports one candidate: indices of merged ballots, how often each was cast, points given (> 0)."""

    ballots: Whole
    counts: Whole
    points: Whole


@dataclass(frozen=True, eq=False)
class Election:
    """All that a counting rule needs to know; ``voters`` counts the empty ballots, ``duels`` are of pairwise ones."""

    budget: int
    candidates: tuple[Candidate, ...]
    ballots: Ballots
    kind: VoteKind = VoteKind.APPROVAL
    unit: int = 1
    grain: int = 1
    duels: Duels | None = None

    @cached_property
    def voters(self) -> int:
        """How many people voted, empty ballots included."""
        return int(self.ballots.counts.sum())

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each candidate by its number."""
        return {candidate.id: i for i, candidate in enumerate(self.candidates)}

    @cached_property
    def costs(self) -> tuple[int, ...]:
        """Cost of each candidate, in smallest units."""
        return tuple(candidate.cost for candidate in self.candidates)

    @cached_property
    def owners(self) -> Whole:
        """For each entry the merged ballot it belongs to."""
        return np.repeat(np.arange(len(self.ballots.counts)), np.diff(self.ballots.starts))

    @cached_property
    def scores(self) -> tuple[int, ...]:
        """Sum of the points of each candidate (votes, when ballots approve), in ``1 / grain`` points."""
        return self._totals(self.ballots.points)

    @cached_property
    def supporters(self) -> tuple[int, ...]:
        """How many voters gave each candidate more than nothing."""
        return self._totals((self.ballots.points > 0).astype(np.int64))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The supporters of each candidate, as arrays."""
        kept = np.flatnonzero(self.ballots.points > 0)
        order = kept[np.argsort(self.ballots.choices[kept], kind="stable")]
        owners, points = self.owners[order], self.ballots.points[order]
        counts = self.ballots.counts[owners]
        ends = np.searchsorted(self.ballots.choices[order], np.arange(len(self.candidates) + 1))
        return tuple(
            Column(owners[a:b], counts[a:b], points[a:b])
            for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        )

    def _totals(self, values: Whole) -> tuple[int, ...]:
        """Sum of ``values`` times how often the ballot was cast, for each candidate, exactly."""
        size, ballots = len(self.candidates), self.ballots
        bound = int(np.abs(values).max(initial=0)) * self.voters
        if bound < LARGEST_SAFE:
            weights = (values * ballots.counts[self.owners]).astype(np.float64)
            sums = np.bincount(ballots.choices, weights=weights, minlength=size)
            return tuple(int(total) for total in sums.tolist())
        totals = [0] * size
        counts = ballots.counts[self.owners].tolist()
        for choice, value, count in zip(ballots.choices.tolist(), values.tolist(), counts, strict=True):
            totals[choice] += value * count
        return tuple(totals)


def merged(starts: Whole, choices: Whole, points: Whole, counts: Whole) -> Ballots:
    """Put identical ballots together (same choices, same points), in an order that only they decide.

    Each entry becomes one code; a ballot is the row of its sorted codes, and rows are told apart by
    packing as many codes as fit into a whole number, ranking, and packing on.
    """
    marks, ranks = np.unique(points, return_inverse=True)
    size = (int(choices.max(initial=0)) + 1) * len(marks) + 1
    sizes = np.diff(starts)
    owners = np.repeat(np.arange(len(counts)), sizes)
    codes = np.sort(owners * size + choices * len(marks) + ranks) - owners * size
    rows = np.zeros(len(counts), np.int64)
    bound = 1
    for place in range(int(sizes.max(initial=0))):
        if bound * size >= LARGEST_WHOLE:
            rows, bound = np.unique(rows, return_inverse=True)[1], len(counts)
        longer = sizes > place
        rows = rows * size
        rows[longer] += codes[starts[:-1][longer] + place] + 1
        bound *= size
    _, first, same = np.unique(rows, return_index=True, return_inverse=True)
    kept = sizes[first]
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(kept)))
    entries = codes[np.repeat(starts[first] - ends[:-1], kept) + np.arange(ends[-1])]
    total = np.zeros(len(first), np.int64)
    np.add.at(total, same, counts)
    return frozen(ends, entries // max(len(marks), 1), marks[entries % max(len(marks), 1)], counts=total)


def frozen(starts: Whole, choices: Whole, points: Whole, *, counts: Whole) -> Ballots:
    """Ballots whose arrays nobody can change by mistake."""
    for array in (starts, choices, points, counts):
        array.setflags(write=False)
    return Ballots(starts, choices, points, counts)


Vote = Iterable[str] | Sequence[str] | Mapping[str, int]
"""A set of approved projects, a ranking (best first), or points by project."""


def election(
    budget: int, candidates: Iterable[Candidate], votes: Iterable[Vote], *, kind: VoteKind = VoteKind.APPROVAL
) -> Election:
    """An election from plain votes, one for each voter; raises KeyError for an unknown project."""
    projects = tuple(candidates)
    index = {project.id: i for i, project in enumerate(projects)}
    rows = [sorted((index[key], mark) for key, mark in marks(vote, kind).items()) for vote in votes]
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    flat = np.array(list(chain.from_iterable(rows)), dtype=np.int64).reshape(-1, 2)
    counts = np.ones(len(rows), np.int64)
    return Election(budget, projects, merged(starts, flat[:, 0], flat[:, 1], counts), kind)


def marks(vote: Vote, kind: VoteKind) -> dict[str, int]:
    """Points by project: what was given, one for each approved, and from ``m`` down to 1 for ``m`` ranked."""
    if isinstance(vote, Mapping):
        return {key: mark for key, mark in vote.items() if mark}
    if kind is VoteKind.ORDINAL:
        ranked = list(vote)
        return {key: len(ranked) - place for place, key in enumerate(ranked)}
    return dict.fromkeys(vote, 1)


def comparisons(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """One voter's pairwise choices (winner, loser) as points: how many comparisons each project won."""
    return dict(Counter(winner for winner, _ in pairs))


def show_of_hands(budget: int, candidates: Iterable[Candidate], totals: Mapping[str, int]) -> Election:
    """A village count (beans, raised hands): each hand is a ballot for one project, merged from the start."""
    projects = tuple(candidates)
    index = {project.id: i for i, project in enumerate(projects)}
    hands = sorted((index[key], total) for key, total in totals.items() if total > 0)
    choices = np.array([choice for choice, _ in hands], dtype=np.int64)
    counts = np.array([total for _, total in hands], dtype=np.int64)
    starts = np.arange(len(hands) + 1, dtype=np.int64)
    return Election(budget, projects, frozen(starts, choices, np.ones(len(hands), np.int64), counts=counts))

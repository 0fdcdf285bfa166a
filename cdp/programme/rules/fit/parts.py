"""The search by parts: a few options are freed, all others stay, and the solver finds the best of the few.

Which few: two years beside one another, one partner's money, whatever is near the edge at the prices of the
relaxed programme, or by lot. How many follows from how long the last part took. In turn with these: that in which the
best differs from a programme that ended another run, for what both agree on is mostly right (crossing two programmes:
Rothberg, An Evolutionary Algorithm for Polishing Mixed Integer Programming Solutions, 2007).
"""

import random
from collections.abc import Callable, Mapping, Sequence

from cdp.programme.rules.fit.model import Model
from cdp.programme.rules.fit.pieces import Pieces
from cdp.programme.rules.fit.solver import Relaxed

FEWEST, MOST = 30, 600
"""Options of a part."""

FIRST = 80
"""Options of the first part."""

PART = 1.0
"""Seconds a part may take."""

CHANCE = 0.3
"""How far chance blurs what is near the edge, in values of a middling project."""

BETWEEN, MOST_BETWEEN = 15, 250
"""Options near the edge that are freed with those in which two programmes differ; how many together are too many."""

KINDS = ("years", "partner", "edge", "lot")

Heard = Callable[[], list[int] | None]
Found = Callable[[list[int]], object]


class Parts:
    """Steps from the best programme known, each the best of its part; it never gets worse."""

    def __init__(self, problem: Model, relaxed: Relaxed, shut: Sequence[int], seed: int) -> None:
        self._problem, self._lot = problem, random.Random(seed)  # noqa: S311 - no secret is drawn
        self._pieces: Pieces | None = None
        self._ended: list[frozenset[int]] = []
        middling = max(sum(problem.values) / max(len(problem.values), 1), 1.0)
        self._edge = [abs(reduced) / middling for reduced in relaxed.reduced.tolist()]
        shut_set = set(shut)
        self._open = [column for column in range(len(problem.values)) if column not in shut_set]
        self._owner = [option.project for option in problem.options]
        self._start = [option.start for option in problem.options]
        self._sources = [frozenset(str(source) for _, source in option.amounts) for option in problem.options]
        self._years = sorted(set(self._start))
        names = sorted({name for own in self._sources for name in own})
        share = {name: sum(name in own for own in self._sources) for name in names}
        self._partners = [name for name in names if 2 * share[name] < len(self._sources)]

    def run(self, columns: list[int], heard: Heard, found: Found, left: Callable[[], float]) -> None:
        """Part after part while ``left`` says that there are seconds left; where it ends is kept for later runs."""
        chosen, size, turn = set(columns), FIRST, 0
        self._pieces = self._pieces or Pieces(self._problem.values, self._problem.lines)
        while (still := left()) > 0 and self._open:
            better = heard()
            if better is not None and self.worth(better) > self.worth(chosen):
                chosen = set(better)
            turn += 1
            between = self._between(chosen) if turn % 2 else []
            now, is_through = self._pieces.solve(between or self._part(chosen, size), chosen, min(PART, still))
            if not between:
                size = min(MOST, size + size // 10) if is_through else max(FEWEST, size * 4 // 5)
            if now is None or self.worth(now) < self.worth(chosen):
                continue
            if self.worth(now) > self.worth(chosen):
                found(sorted(now))
            chosen = now
        self._ended.append(frozenset(chosen))

    def worth(self, columns: "list[int] | set[int]") -> int:
        """Value of what is chosen."""
        return sum(self._problem.values[column] for column in columns)

    def _part(self, chosen: set[int], size: int) -> list[int]:
        """The options to be freed; with one option of a project goes the one that stands."""
        placed = {self._owner[column]: column for column in chosen}
        kind = self._lot.choice(KINDS)
        edge = [0.0] * len(self._edge) if kind == "lot" else self._edge
        nearest = self._nearest(self._candidates(kind, placed), edge, size)
        standing = {placed[self._owner[column]] for column in nearest if self._owner[column] in placed}
        return sorted(standing.union(nearest)) or self._open[:size]

    def _between(self, chosen: set[int]) -> list[int]:
        """All options of the projects in which a programme that ended a run differs, with some near the edge."""
        differing = chosen.symmetric_difference(self._lot.choice(self._ended)) if self._ended else set[int]()
        if not differing:
            return []
        owners = {self._owner[column] for column in differing.union(self._nearest(self._open, self._edge, BETWEEN))}
        found = [column for column in self._open if self._owner[column] in owners]
        return found if len(found) <= MOST_BETWEEN else []

    def _nearest(self, columns: Sequence[int], edge: Sequence[float], size: int) -> list[int]:
        """So many columns that are near the edge, blurred by chance."""
        keys = {column: edge[column] + CHANCE * self._lot.random() for column in columns}
        return sorted(keys, key=keys.__getitem__)[:size]

    def _candidates(self, kind: str, placed: Mapping[str, int]) -> list[int]:
        if kind in ("edge", "lot") or len(self._years) < 3:
            return self._open
        years = set(self._lot.sample(self._years, 2))
        near = [
            column
            for column in self._open
            if self._start[column] in years and self._start[placed.get(self._owner[column], column)] in years
        ]
        if kind == "years" or not self._partners:
            return near
        partner = self._lot.choice(self._partners)
        return [column for column in self._open if partner in self._sources[column]] + [
            column for column in near if partner not in self._sources[column]
        ]

"""HiGHS, asked about a few columns at a time: the others stay as they are, or are undecided and have their prices."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from cdp.programme.rules.fit.model import Line
from cdp.programme.rules.fit.solver import SETTINGS, TUNED, Relaxed, scale_of

Numbers = NDArray[Any]

NODES = 500
"""Branches looked at in one piece."""

BEYOND, BEYOND_ALL = 0.1, 0.03
"""How far a payer's projects may go beyond what the relaxed programme gives them of a line that they share with
undecided ones: share of what it gives them, and of the whole line."""

NEAR = 0.002
"""How near to the best is near enough, where the rest is undecided yet."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Columns with the lines they touch: ``places`` in ``rows`` of each number of ``taken``, column after column."""

    columns: Numbers
    starts: Numbers
    rows: Numbers
    places: Numbers
    taken: Numbers


class Pieces:
    """The whole question by column."""

    def __init__(self, values: Sequence[int], lines: Sequence[Line]) -> None:
        infinite, count = highspy.kHighsInf, len(lines)
        self._values = np.array(values, dtype=np.float64)
        scales = [scale_of(line) for line in lines]
        sides = list(zip(lines, scales, strict=True))
        self._lower = np.array([-infinite if one.lower is None else one.lower * by for one, by in sides])
        self._upper = np.array([infinite if one.upper is None else one.upper * by for one, by in sides])
        columns = np.array([column for line in lines for column in line.terms], dtype=np.int64)
        order = np.argsort(columns, kind="stable")
        self._column = columns[order]
        self._rows = np.repeat(np.arange(count), [len(line.terms) for line in lines])[order]
        taken = np.array([float(amount) * by for one, by in sides for amount in one.terms.values()], dtype=np.float64)
        self._taken = taken[order]
        self._starts = np.searchsorted(self._column, np.arange(len(values) + 1))
        self._is_mixed = np.bincount(self._rows[self._taken < 0], minlength=count) > 0

    def solve(
        self, free: Sequence[int], chosen: Collection[int], seconds: float, nodes: int = NODES
    ) -> tuple[set[int] | None, bool]:
        """The best choice among ``free`` beside what is chosen of the rest, and whether it was searched through."""
        kept = set(chosen).difference(free)
        part = self._part(free)
        others = np.zeros(len(self._values))
        others[list(kept)] = 1
        used = self._used(others)[part.rows]
        solver = _solver(part, self._values[part.columns], self._lower[part.rows] - used, self._upper[part.rows] - used)
        for name, value in {"time_limit": max(seconds, 0.01), "mip_max_nodes": nodes}.items():
            solver.setOptionValue(name, value)
        first = highspy.HighsSolution()
        first.col_value = [float(column in chosen) for column in free]
        solver.setSolution(first)
        found = _chosen(solver, part)
        is_through = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return (None, False) if found is None else (kept | found, is_through)

    def solve_priced(self, free: Sequence[int], loose: Relaxed, undecided: Numbers, seconds: float) -> set[int] | None:
        """The best choice among ``free`` at the prices of the lines they share with ``undecided`` columns.

        All others have what ``loose`` gives them. None when nothing was found.
        """
        part = self._part(free)
        own = np.zeros(len(self._values))
        own[part.columns] = loose.columns[part.columns]
        mine, theirs = self._used(own)[part.rows], self._used(loose.columns - own)[part.rows]
        elsewhere = undecided.copy()
        elsewhere[part.columns] = False
        touching = np.bincount(self._rows[elsewhere[self._column]], minlength=len(self._lower))
        shared = touching[part.rows] > 0
        lower, upper = self._lower[part.rows], self._upper[part.rows]
        is_tied = shared & (lower == upper)
        beyond = BEYOND * np.abs(mine) + BEYOND_ALL * np.where(np.isfinite(upper), np.abs(upper), 0.0)
        most = upper - theirs + np.where(shared, beyond, 0.0)
        most = np.where(shared & self._is_mixed[part.rows], np.ceil(most - 1e-6), most)
        least = np.where(shared, -highspy.kHighsInf, lower - theirs)
        most, least = (np.where(is_tied, np.round(upper - theirs), side) for side in (most, least))
        prices = np.where(shared, loose.prices[part.rows], 0.0)
        owner = np.repeat(np.arange(len(part.columns)), np.diff(part.starts))
        cost = np.bincount(owner, weights=prices[part.places] * part.taken, minlength=len(part.columns))
        solver = _solver(part, self._values[part.columns] - cost, least, most)
        for name, value in {"time_limit": max(seconds, 0.01), "mip_rel_gap": NEAR}.items():
            solver.setOptionValue(name, value)
        return _chosen(solver, part)

    def solve_beside(
        self,
        free: Sequence[int],
        fluid: Sequence[int],
        kept: Collection[int],
        seconds: float,
        *,
        start: Numbers | None = None,
        near: float = 0.0,
    ) -> set[int] | None:
        """The best choice among ``free`` while ``fluid`` columns may stand in part, beside what is kept of others.

        ``start``: all columns of a solution to go on from; ``near``: how near to the best is near enough.
        None when nothing was found.
        """
        part = self._part([*free, *fluid])
        others = np.zeros(len(self._values))
        others[list(kept)] = 1
        used = self._used(others)[part.rows]
        kinds = [highspy.HighsVarType.kInteger] * len(free) + [highspy.HighsVarType.kContinuous] * len(fluid)
        least, most = self._lower[part.rows] - used, self._upper[part.rows] - used
        solver = _solver(part, self._values[part.columns], least, most, kinds)
        for name, value in {"time_limit": max(seconds, 0.01), "mip_rel_gap": near}.items():
            solver.setOptionValue(name, value)
        if start is not None:
            first = highspy.HighsSolution()
            first.col_value = start[part.columns].tolist()
            solver.setSolution(first)
        found = _chosen(solver, part)
        return None if found is None else found.intersection(free)

    def _used(self, columns: Numbers) -> Numbers:
        """What columns, chosen so far as they are, take of each line."""
        return np.bincount(self._rows, weights=self._taken * columns[self._column], minlength=len(self._lower))

    def _part(self, free: Sequence[int]) -> _Part:
        columns = np.array(free, dtype=np.int64)
        counts = self._starts[columns + 1] - self._starts[columns]
        starts = np.concatenate([[0], np.cumsum(counts)])
        places = np.repeat(self._starts[columns] - starts[:-1], counts) + np.arange(starts[-1])
        rows, inverse = np.unique(self._rows[places], return_inverse=True)
        return _Part(columns, starts, rows, inverse, self._taken[places])


def _solver(part: _Part, values: Numbers, lower: Numbers, upper: Numbers, kinds: Sequence[Any] = ()) -> Any:
    """A solver that is ready to choose among the columns of a part; ``kinds``: whole numbers where nothing is said."""
    problem, count = highspy.HighsLp(), len(part.columns)
    problem.num_col_, problem.num_row_ = count, len(part.rows)
    problem.sense_ = highspy.ObjSense.kMaximize
    problem.col_cost_ = values
    problem.col_lower_, problem.col_upper_ = np.zeros(count), np.ones(count)
    problem.integrality_ = list(kinds) or [highspy.HighsVarType.kInteger] * count
    problem.row_lower_, problem.row_upper_ = lower, upper
    matrix = problem.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_, matrix.index_ = part.starts.astype(np.int32), part.places.astype(np.int32)
    matrix.value_ = part.taken
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {**SETTINGS, **TUNED}.items():
        solver.setOptionValue(name, value)
    solver.passModel(problem)
    return solver


def _chosen(solver: Any, part: _Part) -> set[int] | None:
    """Columns that the solver chooses; None when it finds nothing."""
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible.value:
        return None
    values = solver.getSolution().col_value
    return {column for column, one in zip(part.columns.tolist(), values, strict=True) if one > 0.5}

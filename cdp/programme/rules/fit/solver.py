"""HiGHS, asked one question: which columns, of the highest value, hold all lines?

But for ``pieces``, which asks about some of the columns, nothing else knows highspy.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from cdp.programme.rules.fit.model import Line

LARGEST_TERM = 1024.0
"""Lines are scaled by a power of two so that no term is larger: centimes would drown the solver's tolerance."""

Heard = Callable[[float, float | None], bool]
"""Hears (seconds, bound so far) now and then; answers whether to go on."""


Brought = Callable[[Sequence[float] | None], Sequence[float] | None]
"""Hears a better solution, or None; answers with one found elsewhere that the solver does not know, or None."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver says: every better solution it came by, the last best; ``bound``: none is above it."""

    solutions: tuple[Sequence[float], ...]
    bound: float | None
    is_optimal: bool
    is_infeasible: bool


def solve(
    values: Sequence[int],
    lines: Sequence[Line],
    *,
    seconds: float,
    start: Sequence[int] | None = None,
    heard: Heard | None = None,
    brought: Brought | None = None,
    settings: Mapping[str, Any] | None = None,
    whole: Collection[int] | None = None,
) -> Solved:
    """Maximise the value of columns of 0 or 1 under the lines, for at most so many seconds of the wall clock.

    ``heard`` is told of the progress, ``brought`` of each better solution and may bring one of its own.
    ``settings``: of the solver itself, in place of ``TUNED``; {} leaves them as they come.
    ``whole``: the columns that may not stand in part, all when nobody says.
    """
    if not values:
        return _without_columns(lines)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {**SETTINGS, **(TUNED if settings is None else settings)}.items():
        solver.setOptionValue(name, value)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    problem = as_problem(values, lines)
    if whole is not None:
        kinds = highspy.HighsVarType
        problem.integrality_ = [kinds.kInteger if n in whole else kinds.kContinuous for n in range(len(values))]
    solver.passModel(problem)
    if start is not None:
        first = highspy.HighsSolution()
        first.col_value = [float(one) for one in start]
        solver.setSolution(first)
    found: list[Sequence[float]] = []
    solver.cbMipImprovingSolution.subscribe(_remember(found, brought))
    if brought is not None:
        solver.cbMipUserSolution.subscribe(_bring(brought))
    if heard is not None:
        solver.cbMipInterrupt.subscribe(_interrupt(heard))
    solver.run()
    return _solved(solver, found)


SETTINGS: dict[str, Any] = {
    "output_flag": False,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,
    "random_seed": 2027,
    "threads": 1,
}
"""Values are whole numbers: a gap below 1 is none. One thread: processes started beside must not inherit others."""

TUNED: Mapping[str, Any] = {"mip_allow_restart": False, "mip_pscost_minreliable": 4}
"""Measured on lists of 50 to 200 projects: a proof that never begins anew is there in two thirds of the time."""


def _interrupt(heard: Heard) -> Callable[[Any], None]:
    def listen(event: Any) -> None:
        bound = event.data_out.mip_dual_bound
        if not heard(event.data_out.running_time, bound if math.isfinite(bound) else None):
            event.data_in.user_interrupt = True

    return listen


def _remember(found: list[Sequence[float]], brought: Brought | None) -> Callable[[Any], None]:
    def listen(event: Any) -> None:
        found.append(list(event.data_out.mip_solution))
        if brought is not None:
            brought(found[-1])

    return listen


def _bring(brought: Brought) -> Callable[[Any], None]:
    def listen(event: Any) -> None:
        solution = brought(None)
        if solution is not None:
            event.data_in.setSolution(np.array(solution, dtype=np.float64))

    return listen


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The answer without whole numbers: price of each line, reduced value and place of each column."""

    prices: NDArray[Any]
    reduced: NDArray[Any]
    columns: NDArray[Any]
    value: float


def relax(values: Sequence[int], lines: Sequence[Line], *, seconds: float, shut: Sequence[int] = ()) -> Relaxed | None:
    """Solve without whole numbers, ``shut`` columns at 0; None when there is no answer within the time."""
    return Loose(values, lines, shut).solve(seconds) if values else None


class Loose:
    """The question without whole numbers, asked again and again with other columns decided."""

    def __init__(self, values: Sequence[int], lines: Sequence[Line], shut: Sequence[int] = ()) -> None:
        problem = as_problem(values, lines)
        problem.integrality_ = []
        self._floors, self._ceilings = np.zeros(len(values)), np.ones(len(values))
        self._ceilings[list(shut)] = 0
        self._open = self._ceilings.copy()
        problem.col_upper_ = self._ceilings
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"output_flag": False, "threads": 1}.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(problem)

    def decide(self, columns: Sequence[int], chosen: Collection[int]) -> None:
        """Columns that are chosen or not from now on."""
        for column in columns:
            self._floors[column] = self._ceilings[column] = float(column in chosen)

    def reopen(self, columns: Sequence[int]) -> None:
        """Columns that are undecided again."""
        self._floors[list(columns)] = 0
        self._ceilings[list(columns)] = self._open[list(columns)]

    def solve(self, seconds: float) -> Relaxed | None:
        """The answer, from the last one on; None when there is none within the time."""
        count = len(self._floors)
        self._solver.changeColsBounds(count, np.arange(count, dtype=np.int32), self._floors, self._ceilings)
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
        self._solver.run()
        found = self._solver.getSolution()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal or not found.dual_valid:
            return None
        return Relaxed(
            np.array(found.row_dual),
            np.array(found.col_dual),
            np.array(found.col_value),
            self._solver.getInfo().objective_function_value,
        )


def as_problem(values: Sequence[int], lines: Sequence[Line]) -> Any:
    """The question as HiGHS takes it, row by row."""
    problem, count = highspy.HighsLp(), len(values)
    problem.num_col_, problem.num_row_ = count, len(lines)
    problem.sense_ = highspy.ObjSense.kMaximize
    problem.col_cost_ = np.array(values, dtype=np.float64)
    problem.col_lower_, problem.col_upper_ = np.zeros(count), np.ones(count)
    problem.integrality_ = [highspy.HighsVarType.kInteger] * count
    scales = [scale_of(line) for line in lines]
    sides = list(zip(lines, scales, strict=True))
    infinite = highspy.kHighsInf
    problem.row_lower_ = np.array([-infinite if one.lower is None else one.lower * by for one, by in sides])
    problem.row_upper_ = np.array([infinite if one.upper is None else one.upper * by for one, by in sides])
    matrix = problem.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(len(line.terms) for line in lines)], dtype=np.int32)
    matrix.index_ = np.array([column for line in lines for column in line.terms], dtype=np.int32)
    matrix.value_ = np.array([taken * by for one, by in sides for taken in one.terms.values()], dtype=np.float64)
    return problem


def scale_of(line: Line) -> float:
    """What a line is multiplied by before the solver sees it."""
    largest = max((abs(taken) for taken in line.terms.values()), default=1)
    return 2.0 ** -max(math.ceil(math.log2(max(largest, 1) / LARGEST_TERM)), 0)


def _solved(solver: Any, found: list[Sequence[float]]) -> Solved:
    status, info = solver.getModelStatus(), solver.getInfo()
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible.value:
        found.append(list(solver.getSolution().col_value))
    return Solved(
        tuple(found),
        info.mip_dual_bound if math.isfinite(info.mip_dual_bound) and info.mip_dual_bound < highspy.kHighsInf else None,
        status == highspy.HighsModelStatus.kOptimal,
        status == highspy.HighsModelStatus.kInfeasible,
    )


def _without_columns(lines: Sequence[Line]) -> Solved:
    """Nothing to choose from: the empty solution holds, or none does."""
    holds = all((line.lower or 0) <= 0 <= (0 if line.upper is None else line.upper) for line in lines)
    return Solved(((),) if holds else (), 0.0 if holds else None, holds, not holds)

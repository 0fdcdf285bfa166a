"""The search near the programme in hand: most projects stay, a few dozen are fitted anew, again and again.

It proves nothing. It runs beside the proof, finds better programmes sooner than the proof does, and hands
them over. Which projects are let free: those where the relaxed programme disagrees, those hardly worth
their price, those of two neighbouring years, and some by lot.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

FIRST_SIZE = 40
"""Projects let free at first; then as many as can be fitted anew within ``STEP`` seconds."""

STEP = 1.0
"""Seconds one step may take."""

Numbers = NDArray[Any]


Best = Callable[[], Sequence[int] | None]
Found = Callable[[Sequence[float]], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """The question by columns: row bounds, and for column c the entries ``starts[c]:starts[c + 1]``."""

    values: Numbers
    row_lower: Numbers
    row_upper: Numbers
    starts: Numbers
    rows: Numbers
    taken: Numbers

    def cut(self, columns: Numbers, chosen: Numbers) -> Any:
        """The same question for these columns alone, the others as chosen."""
        fixed = np.flatnonzero(chosen > 0.5)
        fixed = fixed[~np.isin(fixed, columns)]
        used, _ = self._entries(fixed)
        activity = np.bincount(self.rows[used], weights=self.taken[used], minlength=len(self.row_lower))
        inside, counts = self._entries(columns)
        touched, numbers = np.unique(self.rows[inside], return_inverse=True)
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = len(columns), len(touched)
        problem.sense_ = highspy.ObjSense.kMaximize
        problem.col_cost_ = self.values[columns]
        problem.col_lower_, problem.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
        problem.row_lower_ = self.row_lower[touched] - activity[touched]
        problem.row_upper_ = self.row_upper[touched] - activity[touched]
        matrix = problem.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        matrix.index_, matrix.value_ = numbers.astype(np.int32), self.taken[inside]
        return problem

    def _entries(self, columns: Numbers) -> tuple[Numbers, Numbers]:
        """Where the entries of these columns are, and how many each has."""
        counts = self.starts[columns + 1] - self.starts[columns]
        ends = np.cumsum(counts)
        offsets = np.repeat(self.starts[columns] - (ends - counts), counts)
        return np.arange(ends[-1] if len(ends) else 0) + offsets, counts


class Search:
    """Steps near the best solution known; ``best`` asks for it, ``found`` is told of a better one."""

    def __init__(self, problem: Problem, projects: Sequence[Sequence[int]], years: Sequence[int], seed: int) -> None:
        self._problem = problem
        self._projects = [np.array(columns) for columns in projects if columns]
        self._years = np.array(years)
        self._lot = random.Random(seed)  # noqa: S311 - no secret is drawn
        self._size = min(FIRST_SIZE, len(self._projects))
        self._relaxed: Numbers | None = None
        self._price: Numbers = np.zeros(len(self._projects))

    def run(self, best: Best, found: Found, left: Callable[[], float]) -> None:
        """Step after step while ``left`` says that there are seconds left."""
        self._relax(left)
        turn = 0
        while left() > 0:
            known = best()
            chosen = np.zeros(len(self._problem.values)) if known is None else np.array(known, dtype=np.float64)
            columns = self._free(chosen, turn % 4)
            turn += 1
            better = self._step(columns, chosen, left) if len(columns) else None
            if better is not None:
                found(better.tolist())
            elif self._size >= len(self._projects) and turn > 8:
                return

    def _relax(self, left: Callable[[], float]) -> None:
        """Solve the programme without whole numbers: where it disagrees is where to look."""
        every = len(self._problem.values)
        solver = _solver(self._problem.cut(np.arange(every), np.zeros(every)), left())
        solver.run()
        solution = solver.getSolution()
        if not solution.value_valid or not solution.dual_valid:
            return
        self._relaxed = np.array(solution.col_value)
        reduced = np.abs(np.array(solution.col_dual))
        self._price = np.array([reduced[columns].min() for columns in self._projects])

    def _free(self, chosen: Numbers, turn: int) -> Numbers:
        """The columns let free in this turn."""
        numbers = range(len(self._projects))
        cheap = sorted(numbers, key=lambda n: self._price[n])[: 3 * self._size]
        if turn == 0 and self._relaxed is not None:
            gaps = np.abs(chosen - self._relaxed)
            cheap = [n for n in numbers if gaps[self._projects[n]].sum() > 0.01] or cheap
        elif turn == 1:
            cheap = list(numbers)
        if turn == 3:
            return self._free_years(chosen)
        picked = self._lot.sample(cheap, min(self._size, len(cheap)))
        if len(picked) < self._size:
            picked += self._lot.sample(list(numbers), min(self._size, len(numbers)) - len(picked))
        return np.unique(np.concatenate([self._projects[n] for n in picked]))

    def _free_years(self, chosen: Numbers) -> Numbers:
        """Starts within two neighbouring years, of projects that start then or stand out."""
        first = self._lot.choice(sorted(set(self._years.tolist())))
        open_ = []
        for columns in self._projects:
            standing = columns[chosen[columns] > 0.5]
            inside = columns[(self._years[columns] >= first) & (self._years[columns] <= first + 1)]
            if len(inside) and (not len(standing) or standing[0] in inside):
                open_.append(inside)
        picked = self._lot.sample(open_, min(2 * self._size, len(open_)))
        return np.unique(np.concatenate(picked)) if picked else np.array([], dtype=np.int64)

    def _step(self, columns: Numbers, chosen: Numbers, left: Callable[[], float]) -> Numbers | None:
        """The best for these columns, when it is better; how long it took sets the size of the next steps."""
        cut = self._problem.cut(columns, chosen)
        cut.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        solver = _solver(cut, left())
        first = highspy.HighsSolution()
        first.col_value = chosen[columns].tolist()
        solver.setSolution(first)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            self._size = min(len(self._projects), int(self._size * 1.1) + 1)
        else:
            self._size = min(len(self._projects), max(8, int(self._size * 0.85)))
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible.value
        if solver.getInfo().primal_solution_status != feasible:
            return None
        better = chosen.copy()
        better[columns] = np.round(np.array(solver.getSolution().col_value))
        gain = float(self._problem.values @ (better - chosen))
        return better if gain > 0.5 else None


def _solver(problem: Any, left: float) -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    settings = {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "time_limit": max(min(STEP, left), 0.01)}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    solver.passModel(problem)
    return solver

"""The bound by payers: what one partner helps to pay comes as whole patterns, never in part of a project.

Envelopes that few projects share are packed badly, and the relaxed programme does not know it. So each payer's
projects are chosen as wholes at the prices of the lines they share with others ("pricing"), a relaxed programme mixes
the patterns found and gives new prices, and so on (Dantzig and Wolfe, Decomposition Principle for Linear Programs,
1960; the bound at any prices: Geoffrion, Lagrangean Relaxation for Integer Programming, 1974). What comes out is a
lower bound on what no programme exceeds, a line for each payer that says the same to the solver, and, chosen whole,
a programme.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from cdp.programme.rules.fit.model import Line, Model
from cdp.programme.rules.fit.payers import divided
from cdp.programme.rules.fit.solver import SETTINGS, TUNED, Relaxed, as_problem, relax, scale_of

Numbers = NDArray[Any]

NEAR, FINEST = 0.0005, 0.0001
"""How near to the best of a payer is near enough; finer when nothing new comes so, at last so fine."""

DONE = 0.00002
"""How near the bound is to the best mix when nothing more can be won, and by how much it must fall to count."""

STEP, SHORTEST, LONGER, SHORTER = 0.1, 0.05, 1.4, 0.7
"""How far prices go towards those of the last mix: a little at first, further when the bound fell, less far when it did
not, the whole way when nothing new came."""

GRAIN = 256
"""Lines for the solver are whole numbers: so many for one of value."""

BINDING = 1e-9

PRICING, LAST = 0.8, 1.0
"""Seconds the choice for one payer may take; at most in the last, from which the solver goes on."""

Left = Callable[[], float]
Found = Callable[[list[int]], object]


@dataclass(frozen=True, slots=True)
class _Payer:
    """A payer's columns with the solver that chooses among them."""

    columns: Numbers
    solver: Any
    found: list[Numbers]


class Patterns:
    """``bound``: no programme is worth more; it starts as that of the relaxed programme."""

    def __init__(self, problem: Model, lines: Sequence[Line], relaxed: Relaxed, shut: Sequence[int]) -> None:
        self._values = np.array(problem.values, dtype=np.float64)
        self._lines, self._shut = lines, set(shut)
        blocks = divided(problem, self._shut)
        owner = np.full(len(self._values), -1)
        for number, block in enumerate(blocks):
            owner[block] = number
        self._kept = [line for line in lines if not _is_inside(line, owner)]
        prices = dict(zip(map(id, lines), relaxed.prices, strict=True))
        self._sides = _Sides(self._kept)
        self._centre = self._sides.clipped(np.array([prices[id(line)] for line in self._kept]))
        self.bound = relaxed.value
        self._payers = [_payer(block, lines) for block in blocks]
        self._alone = [column for column in np.flatnonzero(owner < 0).tolist() if column not in self._shut]
        self._patterns: list[tuple[int, frozenset[int]]] = []
        self._seen: set[tuple[int, frozenset[int]]] = set()
        self._cuts: list[Line] = []
        self._mix = self._begun()

    def run(self, known: Sequence[int], left: Left, heard: Callable[[float], bool]) -> None:
        """Lower the bound, from a programme that holds, while there are seconds and ``heard`` says to go on."""
        chosen, near, step = set(known), NEAR, STEP
        for number, payer in enumerate(self._payers):
            self._learn(number, chosen.intersection(payer.columns.tolist()))
        prices = self._centre
        while self._payers and left() > 0 and heard(self.bound):
            before, count = self.bound, len(self._patterns)
            self._price(prices, near, PRICING, left)
            mixed = self._mixed(left)
            if mixed is None or self.bound - mixed[0] < DONE * self.bound:
                return
            if self.bound < before - DONE * before:
                step = min(step * LONGER, 1.0)
            elif len(self._patterns) > count:
                step = max(step * SHORTER, SHORTEST)
            elif step < 1:
                step = 1.0
            elif near > FINEST:
                near, step = near / 3, STEP
            else:
                return
            prices = step * mixed[1] + (1 - step) * self._centre

    def cuts(self, values: Sequence[int], left: Left) -> list[Line]:
        """Of what was proven of the payers on the way, as lines that every programme keeps, that which binds."""
        self._price(self._centre, FINEST, min(LAST, left() / (len(self._payers) + 1)), left)
        relaxed = relax(values, (*self._lines, *self._cuts), seconds=left(), shut=sorted(self._shut))
        if relaxed is None:
            return []
        self.bound = min(self.bound, relaxed.value)
        prices = relaxed.prices[len(self._lines) :]
        return [cut for cut, price in zip(self._cuts, prices, strict=True) if price > BINDING]

    def programme(self, found: Found, seconds: float) -> None:
        """The best programme of patterns found so far; ``found`` hears of each better one."""
        problem = self._mix.getLp()
        problem.integrality_ = [highspy.HighsVarType.kInteger] * problem.num_col_
        problem.col_upper_ = np.ones(problem.num_col_)
        solver = _solver(problem)
        solver.setOptionValue("time_limit", max(seconds, 0.01))
        solver.cbMipImprovingSolution.subscribe(lambda event: found(self._columns(event.data_out.mip_solution)))
        solver.run()

    def _columns(self, solution: Sequence[float]) -> list[int]:
        """The columns of a choice among columns that stand alone and patterns."""
        count = len(self._alone)
        alone = [column for column, one in zip(self._alone, solution, strict=False) if one > 0.5]
        chosen = [pattern for (_, pattern), one in zip(self._patterns, solution[count:], strict=True) if one > 0.5]
        return sorted({*alone, *itertools.chain.from_iterable(chosen)})

    def _worth(self, prices: Numbers) -> Numbers:
        """What each column is worth beyond what it takes of the lines kept."""
        return self._values - self._sides.cost(prices, len(self._values))

    def _price(self, prices: Numbers, near: float, seconds: float, left: Left) -> None:
        """Choose for each payer at these prices: new patterns, a line that all programmes keep, and a bound."""
        worth = self._worth(prices)
        bound = self._sides.constant(prices) + float(np.maximum(worth[self._alone], 0).sum())
        for number, payer in enumerate(self._payers):
            whole = np.ceil(worth[payer.columns] * GRAIN)
            most = self._choice(payer, whole / GRAIN, near, min(seconds, left()))
            for solution in payer.found:
                self._learn(number, payer.columns[solution > 0.5].tolist())
            if most is None:
                return
            terms = {column: int(one) for column, one in zip(payer.columns.tolist(), whole, strict=True) if one}
            self._cuts.append(Line(terms, None, math.floor(most * GRAIN + 1e-6 * max(1.0, most * GRAIN))))
            bound += most
        if bound < self.bound:
            self.bound, self._centre = bound, prices

    def _choice(self, payer: _Payer, worth: Numbers, near: float, seconds: float) -> float | None:
        """What no choice of a payer is worth more than; what was found on the way is in ``found``."""
        solver, count = payer.solver, len(payer.columns)
        payer.found.clear()
        solver.clearSolver()
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), worth)
        solver.setOptionValue("mip_rel_gap", near)
        solver.setOptionValue("time_limit", max(seconds, 0.01))
        solver.run()
        if solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible.value:
            payer.found.append(np.array(solver.getSolution().col_value))
        most = solver.getInfo().mip_dual_bound
        return max(float(most), 0.0) if math.isfinite(most) and abs(most) < highspy.kHighsInf else None

    def _learn(self, number: int, pattern: "list[int] | set[int]") -> None:
        """Add a pattern to the mix."""
        key = (number, frozenset(pattern))
        if key in self._seen or not pattern:
            return
        self._seen.add(key)
        self._patterns.append(key)
        rows, taken = self._sides.of(sorted(pattern))
        value = float(self._values[sorted(pattern)].sum())
        own = len(self._kept) + number
        self._mix.addCol(
            value, 0.0, highspy.kHighsInf, len(rows) + 1, np.append(rows, own).astype(np.int32), np.append(taken, 1.0)
        )

    def _begun(self) -> Any:
        """The mix without patterns: columns of no payer, the lines kept, and that a payer has one pattern at most."""
        mix: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"output_flag": False, "threads": 1}.items():
            mix.setOptionValue(name, value)
        mix.changeObjectiveSense(highspy.ObjSense.kMaximize)
        nothing = np.array([], dtype=np.int32)
        for lower, upper in zip(self._sides.lower, self._sides.upper, strict=True):
            mix.addRow(lower, upper, 0, nothing, nothing.astype(np.float64))
        for _ in self._payers:
            mix.addRow(0.0, 1.0, 0, nothing, nothing.astype(np.float64))
        for column in self._alone:
            rows, taken = self._sides.of([column])
            mix.addCol(self._values[column], 0.0, 1.0, len(rows), rows.astype(np.int32), taken)
        return mix

    def _mixed(self, left: Left) -> tuple[float, Numbers] | None:
        """Value of the best mix and its prices of the lines kept."""
        self._mix.setOptionValue("time_limit", self._mix.getRunTime() + max(left(), 0.01))
        self._mix.run()
        solution = self._mix.getSolution()
        if self._mix.getModelStatus() != highspy.HighsModelStatus.kOptimal or not solution.dual_valid:
            return None
        prices = self._sides.clipped(np.array(solution.row_dual)[: len(self._kept)])
        return self._mix.getInfo().objective_function_value, prices


class _Sides:
    """Lines as arrays, scaled as the solver sees them, column by column."""

    def __init__(self, lines: Sequence[Line]) -> None:
        scales = [scale_of(line) for line in lines]
        sides = list(zip(lines, scales, strict=True))
        infinite = highspy.kHighsInf
        self.lower = np.array([-infinite if one.lower is None else one.lower * by for one, by in sides])
        self.upper = np.array([infinite if one.upper is None else one.upper * by for one, by in sides])
        columns = np.array([column for line in lines for column in line.terms], dtype=np.int64)
        order = np.argsort(columns, kind="stable")
        self._column = columns[order]
        self._rows = np.repeat(np.arange(len(lines)), [len(line.terms) for line in lines])[order]
        taken = np.array([float(amount) * by for one, by in sides for amount in one.terms.values()], dtype=np.float64)
        self._taken = taken[order]

    def clipped(self, prices: Numbers) -> Numbers:
        """Prices of the sign that proves something: nothing where the line has no such side."""
        most = np.where(np.isfinite(self.upper), prices, np.minimum(prices, 0))
        return np.where(np.isfinite(self.lower), most, np.maximum(most, 0))

    def constant(self, prices: Numbers) -> float:
        """What the lines are worth at these prices."""
        side = np.where(prices > 0, self.upper, self.lower)
        return float((prices[prices != 0] * side[prices != 0]).sum())

    def cost(self, prices: Numbers, count: int) -> Numbers:
        """What each of so many columns takes, at these prices."""
        return np.bincount(self._column, weights=prices[self._rows] * self._taken, minlength=count)

    def of(self, columns: Sequence[int]) -> tuple[Numbers, Numbers]:
        """(rows, what these columns together take of them)."""
        starts, ends = (np.searchsorted(self._column, columns, side=side) for side in ("left", "right"))
        places = np.concatenate([np.arange(one, end) for one, end in zip(starts, ends, strict=True)])
        rows, inverse = np.unique(self._rows[places], return_inverse=True)
        return rows, np.bincount(inverse, weights=self._taken[places], minlength=len(rows))


def _is_inside(line: Line, owner: Numbers) -> bool:
    """Whether a line is about one payer alone and holds when nothing of it is chosen."""
    owners = {int(owner[column]) for column in line.terms}
    return len(owners) == 1 and -1 not in owners and (line.lower or 0) <= 0 <= (0 if line.upper is None else line.upper)


def _payer(block: Sequence[int], lines: Sequence[Line]) -> _Payer:
    """A payer's columns under all that binds them alone, whatever others take."""
    place = {column: number for number, column in enumerate(block)}
    own = []
    for line in lines:
        terms = {place[column]: amount for column, amount in line.terms.items() if column in place}
        if terms and len(terms) == len(line.terms):
            own.append(Line(terms, line.lower, line.upper))
        elif terms and line.upper is not None and min(line.terms.values()) >= 0:
            own.append(Line(terms, None, line.upper))
    solver, found = _solver(as_problem([0] * len(block), own)), list[Numbers]()
    solver.cbMipImprovingSolution.subscribe(lambda event: found.append(np.array(event.data_out.mip_solution)))
    return _Payer(np.array(block, dtype=np.int64), solver, found)


def _solver(problem: Any) -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {**SETTINGS, **TUNED}.items():
        solver.setOptionValue(name, value)
    solver.passModel(problem)
    return solver

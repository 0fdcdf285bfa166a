"""The programme as the search sees it: columns, rows that are all ceilings, prices of the relaxed programme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.model import Model
from cdp.programme.rules.fit.solver import Relaxed

Numbers = NDArray[Any]

HOPELESS = 2.0
"""Options that lose more than so many middling projects at the prices are never looked at."""


@dataclass
class State:
    """A programme in the making: column by number of the project, who is out, room left in each row, its value."""

    placed: dict[int, int]
    out: Numbers
    slack: Numbers
    value: float

    def copy(self) -> "State":
        """The same, to be changed."""
        return State(dict(self.placed), self.out.copy(), self.slack.copy(), self.value)


class Field:
    """Columns and rows as arrays. ``takes``: (columns, rows), each row scaled to 1; floors with their sign turned."""

    def __init__(self, ready: Grid, problem: Model, relaxed: Relaxed) -> None:
        options = problem.options
        number = {id_: n for n, id_ in enumerate(ready.choices)}
        self.owner = [number[option.project] for option in options]
        self.owner_array = np.array(self.owner, dtype=np.int64)
        self.values = [float(value) for value in problem.values]
        self.value_array = np.array(self.values)
        self.worth_array = relaxed.reduced
        self.worth = self.worth_array.tolist()
        self.takes, self.most = _ceilings(ready, problem)
        self.before = [tuple(number[first] for first in ready.before[id_]) for id_ in ready.choices]
        self.after: list[list[int]] = [[] for _ in ready.choices]
        for later, firsts in enumerate(self.before):
            for first in firsts:
                self.after[first].append(later)
        self.fixed = {number[id_] for id_ in (*ready.together, *ready.pins)}
        self._starts = [option.start for option in options]
        self._ends = [option.end for option in options]
        self.middling = float(self.value_array.mean()) if self.values else 0.0
        self.alive = self._alive(ready, number)
        self.alive_list = self.alive.tolist()

    def _alive(self, ready: Grid, number: Mapping[str, int]) -> Numbers:
        """Columns that the search may choose: not too large, not decided against, not hopeless."""
        turned = np.asarray((self.takes < 0).any(0))
        usable = ((self.takes <= self.most) | (self.takes <= 0) | turned[None, :]).all(1)
        together = [number[id_] for id_ in (*ready.together, *ready.decided_out)]
        usable &= ~np.isin(self.owner_array, np.array(together, dtype=np.int64))
        for id_, start in ready.pins.items():
            wrong = np.array([start is not None and one != start for one in self._starts], dtype=bool)
            usable &= ~((self.owner_array == number[id_]) & wrong)
        usable &= self.worth_array > -HOPELESS * max(self.middling, 1.0)
        return np.flatnonzero(usable)

    def state(self, columns: Iterable[int]) -> State:
        """A programme by its columns."""
        state = State({}, np.ones(len(self.before), dtype=bool), self.most.copy(), 0.0)
        for column in columns:
            self.put(state, column)
        return state

    def put(self, state: State, column: int) -> None:
        """Place an option."""
        state.placed[self.owner[column]] = column
        state.out[self.owner[column]] = False
        state.slack -= self.takes[column]
        state.value += self.values[column]

    def take_back(self, state: State, project: int) -> None:
        """Remove a project."""
        column = state.placed.pop(project)
        state.out[project] = True
        state.slack += self.takes[column]
        state.value -= self.values[column]

    def is_ready(self, placed: Mapping[int, int], column: int) -> bool:
        """Whether all that must be finished before is."""
        firsts = self.before[self.owner[column]]
        return not firsts or all(
            first in placed and self._ends[placed[first]] < self._starts[column] for first in firsts
        )

    def chosen(self, placed: Mapping[int, int]) -> list[int]:
        """A programme as a solution."""
        chosen = [0] * len(self.values)
        for column in placed.values():
            chosen[column] = 1
        return chosen


def _ceilings(ready: Grid, problem: Model) -> tuple[Numbers, Numbers]:
    """The rows of the grid, floors turned into ceilings, each scaled so that the largest number is 1."""
    sides: list[list[tuple[int, int]]] = [[] for _ in ready.rows]
    most: list[int] = []
    for number, row in enumerate(ready.rows):
        for limit, sign in ((row.upper, 1), (row.lower, -1)):
            if limit is not None:
                sides[number].append((len(most), sign))
                most.append(limit * sign)
    takes = np.zeros((len(problem.options), len(most)))
    for column, option in enumerate(problem.options):
        for taken_of, amount in ready.takes[option.project, option.start].items():
            for place, sign in sides[taken_of]:
                takes[column, place] = sign * amount
    scale = np.maximum(np.abs(takes).max(0, initial=0.0), 1.0)
    return takes / scale, np.array(most, dtype=np.float64) / scale

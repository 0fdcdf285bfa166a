"""The search by layers: the large projects are decided while the small may stand in part, then the next, at last all.

A large project that stands in part is most of what the relaxed programme promises and no programme keeps; many small
ones fill what is left nearly as well whole as in part. So each layer is chosen for as if the smaller ones were
fluid, and kept ("relax and fix": Dillenberger, Escudero, Wollensak and Zhang 1994; Pochet and Wolsey, Production
Planning by Mixed Integer Programming, 2006). Later rounds draw other layers.
"""

import math
import random
import time
from collections.abc import Sequence

from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.model import Model
from cdp.programme.rules.fit.pieces import Pieces

FIRST, FIRST_SHARE = 30, 0.15
"""Projects of the first layer, so many or that share; each layer after it doubles how many are decided."""

PART, PART_OF_MANY, MANY = 0.4, 0.6, 150
"""Share of the time left that a layer may take, and where there are more than so many projects: all that follows hangs
on the first."""

NEAR = 0.001
"""How near to the best is near enough for a layer."""

CHANCE = 0.1
"""How far chance blurs the sizes in later rounds."""


class Layers:
    """Whole programmes, layer by layer."""

    def __init__(self, ready: Grid, problem: Model, shut: Sequence[int], seed: int) -> None:
        self._ready, self._pieces = ready, Pieces(problem.values, problem.lines)
        self._chance = 0.0
        self._lot = random.Random(seed)  # noqa: S311 - no secret is drawn
        self._columns: dict[str, list[int]] = {}
        for column in sorted(set(range(len(problem.values))).difference(shut)):
            self._columns.setdefault(problem.options[column].project, []).append(column)
        self._part = PART if len(self._columns) <= MANY else PART_OF_MANY

    @property
    def projects(self) -> int:
        """How many there are to decide."""
        return len(self._columns)

    def round(self, seconds: float) -> list[int] | None:
        """One programme, within about so many seconds; None when there was no time for it.

        A layer that leaves nothing possible is decided again together with the next.
        """
        until, order = time.perf_counter() + seconds, self._order()
        begins, kept = [0], list[set[int]]()
        for end in _ends(len(order)):
            while (now := self._layer(order, begins[-1], end, set[int]().union(*kept), until)) is None:
                if not kept:
                    return None
                kept.pop()
                begins.pop()
            kept.append(now)
            begins.append(end)
        return sorted(set[int]().union(*kept))

    def _layer(self, order: Sequence[str], begin: int, end: int, kept: set[int], until: float) -> set[int] | None:
        """What is chosen of a layer, the smaller in part beside it."""
        left = until - time.perf_counter()
        layer = [column for id_ in order[begin:end] for column in self._columns[id_]]
        fluid = [column for id_ in order[end:] for column in self._columns[id_]]
        seconds = left if end == len(order) else left * self._part
        return self._pieces.solve_beside(layer, fluid, kept, seconds, near=NEAR)

    def _order(self) -> list[str]:
        """Projects, largest first; what they wait for, or stand with, comes with them."""
        sizes = {
            id_: self._ready.choices[id_].project.value * math.exp(self._chance * self._lot.gauss(0, 1))
            for id_ in self._columns
        }
        self._chance = CHANCE
        order: dict[str, None] = {}
        for id_ in sorted(sizes, key=lambda one: (one not in self._ready.together, -sizes[one])):
            open_ = [id_]
            while open_:
                one = open_.pop()
                if one in self._columns and one not in order:
                    order[one] = None
                    open_ += self._ready.before[one]
        return list(order)


def _ends(count: int) -> list[int]:
    """Where each layer ends."""
    ends, end = [], max(FIRST, math.ceil(FIRST_SHARE * count))
    while end < count:
        ends.append(end)
        end *= 2
    return [*ends, count] if count else []

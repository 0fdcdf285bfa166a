"""The first look before the proof: a few projects are taken out, what then fits best is let in, again and again.

It proves nothing. It goes by the prices of the relaxed programme (what a dirham of each envelope, a unit of
staff, a place under a quota is worth) and a little chance, and takes losses that grow smaller with time, so
as to get out of dead ends. What is pinned, or stands with others or not at all, keeps the place it has.
"""

import math
import random
import time
from collections.abc import Callable, Sequence

import numpy as np

from cdp.programme.rules.fit.field import Field, State

SLACK = 1e-9
"""Share of a row that the search may be wrong by; every programme is looked at in whole numbers before it counts."""

CHANCE = 0.05
"""Share of a project's value that chance adds to it when projects are let in."""

MOST_OUT = 12
"""Most projects that go for one that comes."""

LOOKED_AT = 4_000
"""Options looked at when room came free."""

WARMTH = 0.1
"""What may be lost at first, in values of a middling project."""

Found = Callable[[list[int]], object]
"""Told of the columns of a better programme."""


class Search:
    """Steps near the best programme known: ``best``, columns chosen."""

    def __init__(self, field: Field, seed: int) -> None:
        self._field = field
        self._lot = random.Random(seed)  # noqa: S311 - no secret is drawn
        self._chance = np.random.default_rng(seed)
        self._positive = np.where(field.takes > 0, field.takes, -np.inf)
        self._begin([])

    def look(self, known: list[int] | None, found: Found, seconds: float) -> None:
        """A first short look from a programme, or from nothing."""
        self._begin(known or [])
        until = time.perf_counter() + seconds
        self._round(found, lambda: until - time.perf_counter())

    @property
    def best(self) -> list[int]:
        """Columns of the best programme known."""
        return self._best[1]

    def _begin(self, columns: list[int]) -> None:
        """Start from a programme."""
        self._now = self._field.state(columns)
        self._best = (self._now.value if not (self._now.slack < -SLACK).any() else -1.0, columns)

    def _round(self, found: Found, left: Callable[[], float]) -> None:
        """From warm to cold within what is left, from the best there is."""
        self._begin(self._best[1])
        value, seconds = self._best[0], max(left(), 1e-6)
        while len(self._field.alive) and (still := left()) > 0:
            state = self._now.copy()
            if not self._take_out(state):
                continue
            self._let_in(state)
            loss = WARMTH * self._field.middling * still / seconds * -math.log(1 - self._lot.random())
            if (state.slack < -SLACK).any() or state.value < value - loss:
                continue
            self._now, value = state, state.value
            if value > self._best[0] + 0.5:
                self._best = (value, list(state.placed.values()))
                found(self._best[1])

    def _take_out(self, state: State) -> bool:
        """Make room: for one project that is to come in, or by lot."""
        lot = self._lot.random()
        if lot < 0.6:
            return self._force(state)
        candidates = list(state.placed)
        if lot < 0.8:
            row = self._lot.randrange(len(self._field.most))
            candidates = [p for p in candidates if self._field.takes[state.placed[p], row] > 0] or candidates
        for project in self._lot.sample(candidates, min(self._lot.randint(2, 6), len(candidates))):
            self._drop(state, project)
        return True

    def _force(self, state: State) -> bool:
        """Bring in one option, whatever must go for it; False when that cannot be."""
        field = self._field
        column = max(self._lot.choices(field.alive_list, k=4), key=field.worth.__getitem__)
        project = field.owner[column]
        if state.placed.get(project) == column or not field.is_ready(state.placed, column):
            return False
        if project in state.placed and not self._drop(state, project):
            return False
        takes = field.takes[column]
        gone = 0
        while True:
            over = np.where(takes > 0, takes - state.slack, -1.0)
            row = int(over.argmax())
            if over[row] <= SLACK:
                break
            loser = self._loser(state, row, float(over[row]), field.before[project])
            gone += 1
            if loser is None or gone > MOST_OUT or not self._drop(state, loser):
                return False
        field.put(state, column)
        return True

    def _loser(self, state: State, row: int, over: float, kept: Sequence[int]) -> int | None:
        """Who goes to make room in a row: of a few drawn, the one worth least for the room it leaves."""
        field = self._field
        placed = list(state.placed)
        if len(placed) > 80:
            placed = self._lot.sample(placed, 80)
        users = [
            p for p in placed if field.takes[state.placed[p], row] > SLACK and p not in field.fixed and p not in kept
        ]
        if not users:
            return None
        drawn = self._lot.sample(users, min(4, len(users)))
        return min(
            drawn,
            key=lambda p: (
                (field.worth[state.placed[p]] + 0.02 * field.values[state.placed[p]])
                / min(field.takes[state.placed[p], row], over + 0.01)
            ),
        )

    def _drop(self, state: State, project: int) -> bool:
        """Take out a project with all that wait for it; False, with nothing done, when one of them must stay."""
        field = self._field
        going, open_ = [], [project]
        while open_:
            one = open_.pop()
            if one not in state.placed or one in going:
                continue
            if one in field.fixed:
                return False
            going.append(one)
            open_ += field.after[one]
        for one in going:
            field.take_back(state, one)
        return True

    def _let_in(self, state: State) -> None:
        """Let in what fits, by worth with a little chance."""
        field = self._field
        order = field.alive
        if len(order) > LOOKED_AT:
            order = order[self._chance.integers(0, len(order), LOOKED_AT)]
        order = order[state.out[field.owner_array[order]]]
        order = order[(self._positive[order] <= state.slack + SLACK).all(1)]
        keys = field.worth_array[order] + CHANCE * field.value_array[order] * self._chance.random(len(order))
        order = order[np.argsort(-keys)]
        while len(order):
            column, order = int(order[0]), order[1:]
            if field.is_ready(state.placed, column):
                field.put(state, column)
                order = order[field.owner_array[order] != field.owner[column]]
                order = order[(self._positive[order] <= state.slack + SLACK).all(1)]

"""When no programme meets all conditions: the smallest set of them that cannot stand together.

Every set of conditions that clashes shares a member with every set whose removal makes the rest possible.
So the smallest clash is the smallest set that meets all such removals known: it is guessed, tried, and
each failure teaches another removal (implicit hitting sets). The trying is done by the solver.
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.model import Line, Model, clauses
from cdp.programme.rules.fit.result import programme
from cdp.programme.rules.fit.solver import Heard, Solved, solve
from cdp.programme.rules.fit.terms import FitStatus, Programme

TRY_LIMIT = 5.0
"""Seconds one trial may take; what is not decided by then counts as possible."""

MENDS = 20
"""How often a trial is asked again when the solver's tolerance let something pass."""


class Stopped(Exception):
    """People stopped the search for the clash."""


def contradictory(ready: Grid, problem: Model, seconds: float, began: float, heard: Heard | None = None) -> Programme:
    """The answer that there is no programme, with the clash; without one when people stopped before it was found."""
    clash: tuple[Message, ...] = ()
    with suppress(Stopped):
        clash = smallest(ready, problem, seconds, heard)
    empty = programme(ready, {}, FitStatus.CONTRADICTORY)
    taken = time.perf_counter() - began
    return replace(empty, status=FitStatus.CONTRADICTORY, value=0, left_out=(), clash=clash, seconds=taken)


def smallest(ready: Grid, problem: Model, seconds: float, heard: Heard | None = None) -> tuple[Message, ...]:
    """The smallest set of conditions that clash; when time runs out, one that clashes with no member to spare.

    What keeps a pinned project from ever standing (its shares, its window) is named beside it. ``heard`` answers no
    when people stop it: Stopped while there is no such set yet.
    """
    for id_ in ready.pins:
        refusal = ready.choices[id_].refusal
        if refusal is not None:
            pin = next(line.condition for line in problem.lines if _is_pin_of(line, id_))
            return (pin, refusal) if pin else (refusal,)
    trial = _Trial(problem, heard)
    until = time.perf_counter() + seconds
    spare = _without_spare(trial, range(len(trial.conditions)))
    with suppress(Stopped):
        spare = _smaller(trial, spare, until)
    return tuple(trial.conditions[number] for number in spare)


def _smaller(trial: "_Trial", spare: list[int], until: float) -> list[int]:
    """The smallest clash, or the one in hand when none is smaller or time runs out."""
    removals: list[set[int]] = []
    while time.perf_counter() < until:
        guess = _meeting_all(removals, len(trial.conditions))
        if len(guess) >= len(spare):
            break
        if not trial.is_possible(guess):
            return sorted(guess)
        removal = set(range(len(trial.conditions))) - _grown(trial, guess, until)
        if not removal:
            break
        removals.append(removal)
    return spare


def _is_pin_of(line: Line, project: str) -> bool:
    condition = line.condition
    return condition is not None and ".pin" in condition.key and condition.values["project"] == project


class _Trial:
    """Whether a programme exists that meets some of the conditions."""

    def __init__(self, problem: Model, heard: Heard | None) -> None:
        self._heard, self._is_stopped = heard, False
        by_key: dict[str, list[Line]] = {}
        self._conditions: dict[str, Message] = {}
        self._plain = [line for line in problem.lines if line.condition is None]
        for line in problem.lines:
            if line.condition is not None:
                key = f"{line.condition.key} {sorted(line.condition.values.items())}"
                by_key.setdefault(key, []).append(line)
                self._conditions[key] = line.condition
        self._lines = list(by_key.values())
        self.conditions = list(self._conditions.values())
        self._columns = len(problem.options)

    def is_possible(self, numbers: Iterable[int]) -> bool:
        """Whether these conditions can stand together."""
        return self.met(numbers) is not None

    def met(self, numbers: Iterable[int]) -> set[int] | None:
        """All conditions met by some programme that meets these; None when there is none; Stopped by people."""
        kept = set(numbers)
        lines = self._plain + [line for number in kept for line in self._lines[number]]
        solved, mended = self._solved(lines), 0
        while solved.solutions and mended < MENDS and (broken := clauses(lines, solved.solutions[-1])):
            lines, mended = lines + broken, mended + 1
            solved = self._solved(lines)
        if solved.is_infeasible:
            return None
        if not solved.solutions:
            return kept
        chosen = {column for column, one in enumerate(solved.solutions[-1]) if one > 0.5}
        return kept | {n for n, lines in enumerate(self._lines) if all(_holds(line, chosen) for line in lines)}

    def _solved(self, lines: list[Line]) -> Solved:
        goes_on = self._goes_on(0.0, None)
        solved = solve([0] * self._columns, lines, seconds=TRY_LIMIT, heard=self._goes_on) if goes_on else None
        if solved is None or self._is_stopped:
            raise Stopped
        return solved

    def _goes_on(self, seconds: float, _bound: float | None) -> bool:
        """Whether people want to wait on; no bound is told, for that of a trial says nothing of the programme."""
        self._is_stopped = self._is_stopped or (self._heard is not None and not self._heard(seconds, None))
        return not self._is_stopped


def _holds(line: Line, chosen: set[int]) -> bool:
    taken = sum(amount for column, amount in line.terms.items() if column in chosen)
    return (line.lower is None or taken >= line.lower) and (line.upper is None or taken <= line.upper)


def _without_spare(trial: _Trial, numbers: Sequence[int]) -> list[int]:
    """A set that clashes and of which no member can be spared: halves are tried before single members."""
    needed: list[int] = []
    open_ = list(numbers)
    step = max(len(open_) // 2, 1)
    while open_:
        part, rest = open_[:step], open_[step:]
        if not trial.is_possible([*needed, *rest]):
            open_ = rest
        elif step == 1:
            needed += part
            open_ = rest
        else:
            step = max(step // 2, 1)
            continue
        step = min(step * 2, max(len(open_) // 2, 1))
    return sorted(needed)


def _grown(trial: _Trial, numbers: Iterable[int], until: float) -> set[int]:
    """A largest set around these that is still possible: what is left over must be removed."""
    kept = trial.met(numbers) or set(numbers)
    for number in range(len(trial.conditions)):
        if number not in kept and time.perf_counter() < until:
            kept = trial.met([*kept, number]) or kept
    return kept


def _meeting_all(removals: Sequence[set[int]], count: int) -> set[int]:
    """The smallest set that shares a member with each removal."""
    if not removals:
        return set()
    lines = [Line(dict.fromkeys(sorted(removal), 1), 1, None) for removal in removals]
    solved = solve([-1] * count, lines, seconds=TRY_LIMIT)
    return {number for number, one in enumerate(solved.solutions[-1]) if one > 0.5}

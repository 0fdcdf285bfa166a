"""The programme of the highest value under all conditions, with the proof of how near it is.

HiGHS starts from the programme by rank and is never worse. Whatever it finds is looked at again in whole
numbers before it counts; "optimal" is said only when the proven bound is reached.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cdp.programme.rules.fit import clashes, greedy
from cdp.programme.rules.fit.beside import Beside, Searches, is_possible
from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.field import Field
from cdp.programme.rules.fit.grid import Grid, grid
from cdp.programme.rules.fit.layers import Layers
from cdp.programme.rules.fit.model import Line, Model, clauses, model, too_large
from cdp.programme.rules.fit.near import Search
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.parts import Parts
from cdp.programme.rules.fit.patterns import Patterns
from cdp.programme.rules.fit.payers import Payers
from cdp.programme.rules.fit.result import programme, value_of
from cdp.programme.rules.fit.settle import settled
from cdp.programme.rules.fit.solver import Brought, Heard, Relaxed, Solved, relax, solve
from cdp.programme.rules.fit.terms import FitStatus, Instance, Programme

TIME_LIMIT = 10.0
"""Seconds a fit may take when nobody says."""

CLASH_LIMIT = 20.0
"""Seconds the search for the smallest clash may take."""


FIRST_LOOK = 0.03
"""Share of the time in which only the search runs: the proof is the quicker the better it starts."""

LONGEST_LOOK, LOOK_A_PROJECT = 0.4, 0.008
"""Seconds that share may be at most, and at most for each project."""

FEW = 15
"""Lists so short are proven before a search beside is under way."""

LOOSE = 0.6
"""Share of the time the relaxed programme may take: without it nothing is proven at all."""

LONG, BROAD, LONGEST = 60, 150, 250
"""Lists longer than so many are proven at first with the large projects whole and the others in part, and by payers;
beyond ``BROAD`` mostly by payers; shorter ones are proven whole as soon, and in the longest no project is large."""

LARGE, LARGE_FIRST, GLANCE, LARGE_AGAIN = 0.5, 0.45, 0.1, 0.6
"""Share of the projects, by value, that are whole at first; the part of the time left that this may take, beyond
``BROAD``, and after the proof by payers."""

MIXED, MIXED_MANY, CHOSEN, CHOSEN_MANY = 0.45, 0.5, 0.15, 0.35
"""Part of the time left for the proof by payers, in lists not beyond ``BROAD`` and in others; for choosing among their
patterns."""

SECONDS_A_PROJECT = 0.15
"""How long the search goes on; small lists are soon searched through."""

MENDS = 20
"""How often the solver is asked again when its tolerance let something pass."""

SEED = 2027
"""The same instance on the same quiet machine gives the same programme."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fit has come: seconds since its start, value in hand, proven bound."""

    seconds: float
    value: int | None
    bound: int | None


Told = Callable[[Progress], None]
Asked = Callable[[], bool]


def fit(
    instance: Instance, *, time_limit: float = TIME_LIMIT, progress: Told | None = None, cancelled: Asked | None = None
) -> Programme:
    """The best programme found within ``time_limit`` seconds. Instance: sound (``reading``).

    OPTIMAL, WITHIN_GAP, CONTRADICTORY (with the smallest clash), or UNKNOWN when time ran out or
    ``cancelled`` answered yes before any programme was found. ``progress`` is told now and then.
    """
    began = time.perf_counter()
    run = _Run(grid(instance), began, time_limit, progress, cancelled)
    run.keep(greedy.by_rank(run.ready))
    run.keep(greedy.by_worth(run.ready))
    problem = model(run.ready)
    solved = run.ask(problem.values, problem.lines, problem)
    if solved.is_infeasible and run.best is None:
        return clashes.contradictory(run.ready, problem, CLASH_LIMIT, began, run.heard())
    if run.best is not None:
        run.keep(settled(run.ready, run.best))
    return run.answer(_whole(solved.bound))


def refit(
    instance: Instance,
    previous: Mapping[str, int],
    *,
    time_limit: float = TIME_LIMIT,
    progress: Told | None = None,
    cancelled: Asked | None = None,
) -> Programme:
    """The programme that changes as little as possible of a former one (first year of works by project).

    The fewest projects that enter, leave or move come first; among those programmes the highest value.
    ``bound`` is about these alone, and None when the number of changes is not proven to be the least.
    """
    began = time.perf_counter()
    run = _Run(grid(instance), began, time_limit, progress, cancelled)
    problem = model(run.ready)
    kept = {
        number: 1 if previous.get(option.project) == option.start else -1
        for number, option in enumerate(problem.options)
        if option.project not in previous or previous[option.project] == option.start
    }
    run.value = lambda placed: _agreeing(problem, kept, placed)
    run.keep({o.project: o for n, o in enumerate(problem.options) if kept.get(n) == 1})
    run.keep(greedy.by_rank(run.ready))
    first = run.ask([kept.get(number, 0) for number in range(len(problem.options))], problem.lines, problem)
    if first.is_infeasible and run.best is None:
        return clashes.contradictory(run.ready, problem, CLASH_LIMIT, began, run.heard())
    if run.best is None:
        return run.answer(None)
    least, proven = run.value(run.best), _whole(first.bound) == run.value(run.best)
    run.value, run.holds = None, lambda placed: _agreeing(problem, kept, placed) >= least
    second = run.ask(problem.values, (*problem.lines, Line(kept, least, None)), problem)
    answer = run.answer(_whole(second.bound) if proven else None)
    return replace(answer, changed=changed(previous, answer.starts))


def _agreeing(problem: Model, kept: Mapping[int, int], placed: Mapping[str, Option]) -> int:
    """How far a programme agrees with a former one: one for each kept start, less one for each that entered."""
    return sum(kept.get(number, 0) * one for number, one in enumerate(problem.chosen(placed)))


def changed(previous: Mapping[str, int], starts: Mapping[str, int]) -> tuple[str, ...]:
    """Projects that entered, left or moved, sorted."""
    return tuple(sorted(id_ for id_ in previous.keys() | starts.keys() if previous.get(id_) != starts.get(id_)))


def _whole(bound: float | None) -> int | None:
    """The bound as a whole number: values are whole, and the solver reckons with a tolerance."""
    return None if bound is None else math.floor(bound + 1e-6 * max(1.0, abs(bound)))


class _Run:
    """One fit: the clock, who is told, and the best programme that was looked at and holds."""

    def __init__(
        self, ready: Grid, began: float, time_limit: float, progress: Told | None, cancelled: Asked | None
    ) -> None:
        self.ready = ready
        self.best: Mapping[str, Option] | None = None
        self.value: Callable[[Mapping[str, Option]], int] | None = None
        self.holds: Callable[[Mapping[str, Option]], bool] | None = None
        self.ceiling: float | None = None
        self.relaxed: Relaxed | None = None
        self._began, self._limit = began, time_limit
        self._progress, self._cancelled = progress, cancelled
        self._lock = threading.Lock()

    def worth(self, placed: Mapping[str, Option]) -> int:
        """What is maximised."""
        return value_of(self.ready, placed) if self.value is None else self.value(placed)

    def keep(self, placed: Mapping[str, Option]) -> None:
        """Keep a programme when every condition holds and it is no worse than the one in hand.

        ``holds`` is one more condition, which the search beside the solver knows nothing of.
        """
        if self.best is not None and self.worth(placed) < self.worth(self.best):
            return
        if self.holds is not None and not self.holds(placed):
            return
        if violations(self.ready.instance, _starts(placed), self.ready.choices):
            return
        with self._lock:
            if self.best is None or self.worth(placed) >= self.worth(self.best):
                self.best = dict(placed)

    def ask(self, values: "list[int] | tuple[int, ...]", lines: tuple[Line, ...], problem: Model) -> Solved:
        """Ask the solver within the time left, from the programme in hand, and look at all it found.

        Where its best breaks a line by less than its tolerance, that is forbidden and it is asked again.
        """
        self.ceiling = None
        solved = self._ask(values, lines, problem)
        for _ in range(MENDS):
            broken = clauses(lines, solved.solutions[-1]) if solved.solutions else []
            if not broken or self._left() <= 0:
                break
            lines = (*lines, *broken)
            solved = self._ask(values, lines, problem)
        return replace(solved, bound=self._lower(solved.bound))

    def _lower(self, bound: float | None) -> float | None:
        """The lower of the solver's bound and that of the relaxed programme, which is there first."""
        known = [one for one in (bound, self.ceiling) if one is not None]
        return min(known, default=None)

    def _ask(self, values: Sequence[int], lines: tuple[Line, ...], problem: Model) -> Solved:
        beside, proven = self._beside(values, lines, problem), tuple[Line, ...]()
        try:
            if beside is not None and LONG < len(self.ready.choices) <= LONGEST:
                proven = self._prove_first(problem, lines, beside)
            solved = solve(
                values,
                (*lines, *proven),
                seconds=self._left(),
                start=None if self.best is None else problem.chosen(self.best),
                heard=self.heard(),
                brought=self._brought(problem, beside),
            )
        finally:
            if beside is not None:
                beside.stop()
        for solution in solved.solutions:
            self.keep(problem.placed(solution))
        return solved

    def _prove_first(self, problem: Model, lines: tuple[Line, ...], beside: Beside) -> tuple[Line, ...]:
        """Lower the ceiling by what is proven sooner than the whole; lines that it proves, for what follows."""
        part = GLANCE if len(self.ready.choices) > BROAD else LARGE_FIRST
        is_through = self._prove_large(problem, lines, part)
        proven = () if self._is_over() else self._prove_payers(problem, lines, beside)
        if not is_through and not self._is_over():
            self._prove_large(problem, (*lines, *proven), LARGE_AGAIN)
        return proven

    def _prove_large(self, problem: Model, lines: tuple[Line, ...], part: float) -> bool:
        """Prove while small projects may stand in part, as no programme is worth more; whether that was done in time.

        Fewer large ones are soon decided, and small ones fill what is left nearly as well whole as in part.
        """
        by_size = sorted(self.ready.choices.values(), key=lambda choice: -choice.project.value)
        ids = {choice.project.id for choice in by_size[: int(LARGE * len(by_size))]}
        solved = solve(
            problem.values,
            lines,
            seconds=self._left() * part,
            start=None if self.best is None else problem.chosen(self.best),
            heard=self.heard(),
            whole={column for column, option in enumerate(problem.options) if option.project in ids},
        )
        self.ceiling = self._lower(solved.bound)
        return solved.is_optimal

    def _prove_payers(self, problem: Model, lines: tuple[Line, ...], beside: Beside) -> tuple[Line, ...]:
        """Prove by payers; a programme of their patterns is told to the search beside."""
        if self.best is None or self.relaxed is None:
            return ()
        many = len(self.ready.choices) > BROAD
        until = time.perf_counter() + self._left() * (MIXED_MANY if many else MIXED)
        patterns, heard = Patterns(problem, lines, self.relaxed, too_large(lines)), self.heard()

        def goes_on(bound: float) -> bool:
            self.ceiling = self._lower(bound)
            return heard is None or heard(0, bound)

        def found(columns: list[int]) -> None:
            self.keep({problem.options[column].project: problem.options[column] for column in columns})
            beside.tell([int(one in columns) for one in range(len(problem.options))])

        known = [column for column, one in enumerate(problem.chosen(self.best)) if one]
        patterns.run(known, lambda: until - time.perf_counter(), goes_on)
        if self._is_over():
            return ()
        patterns.programme(found, self._left() * (CHOSEN_MANY if many else CHOSEN))
        cuts = patterns.cuts(problem.values, self._left)
        self.ceiling = self._lower(patterns.bound)
        return tuple(cuts)

    def _is_over(self) -> bool:
        """Whether people said that it is enough."""
        return self._cancelled is not None and self._cancelled()

    def _left(self) -> float:
        return self._limit - (time.perf_counter() - self._began)

    def _beside(self, values: Sequence[int], lines: tuple[Line, ...], problem: Model) -> Beside | None:
        """The search near the programme in hand, after a first look; None where there is no time for it."""
        if self._left() <= 0 or self.value is not None or self.holds is not None:
            return None
        shut = too_large(lines)
        relaxed = relax(values, lines, seconds=self._left() * LOOSE, shut=shut)
        if relaxed is None:
            return None
        self.ceiling, self.relaxed = relaxed.value, relaxed

        def found(columns: list[int]) -> None:
            self.keep({problem.options[column].project: problem.options[column] for column in columns})

        search = Search(Field(self.ready, problem, relaxed), SEED)
        known = [] if self.best is None else [n for n, one in enumerate(problem.chosen(self.best)) if one]
        projects = len(self.ready.choices)
        search.look(known, found, min(LONGEST_LOOK, self._left() * FIRST_LOOK, projects * LOOK_A_PROJECT))
        if projects <= FEW or not is_possible():
            return None
        seconds = min(self._left(), projects * SECONDS_A_PROJECT)
        searches = Searches(
            Layers(self.ready, problem, shut, SEED), Payers(problem, shut), Parts(problem, relaxed, shut, SEED)
        )
        return Beside(searches, search.best, seconds=seconds, found=found)

    def _brought(self, problem: Model, beside: Beside | None) -> Brought:
        """Takes the solver's better solutions, and hands it ours when they are better than its own."""
        known = [-math.inf if self.best is None else self.worth(self.best)]

        def brought(solution: Sequence[float] | None) -> Sequence[float] | None:
            if solution is not None:
                placed = problem.placed(solution)
                self.keep(placed)
                known[0] = max(known[0], self.worth(placed))
                if beside is not None:
                    beside.tell([int(one > 0.5) for one in solution])
                return None
            best = self.best
            if best is None or self.worth(best) <= known[0]:
                return None
            known[0] = self.worth(best)
            return problem.chosen(best)

        return brought

    def heard(self) -> Heard | None:
        """Tells of the progress and hears whether to go on; None when nobody asked."""
        if self._progress is None and self._cancelled is None:
            return None

        def heard(_seconds: float, bound: float | None) -> bool:
            if self._progress is not None:
                value = None if self.best is None else self.worth(self.best)
                self._progress(Progress(time.perf_counter() - self._began, value, _whole(self._lower(bound))))
            return self._cancelled is None or not self._cancelled()

        return heard

    def answer(self, bound: int | None) -> Programme:
        """The programme in hand with what is proven about it."""
        seconds = time.perf_counter() - self._began
        if self.best is None:
            return replace(
                programme(self.ready, {}, FitStatus.UNKNOWN, bound=bound, seconds=seconds), status=FitStatus.UNKNOWN
            )
        value = value_of(self.ready, self.best)
        bound = None if bound is None else max(bound, value)
        status = FitStatus.OPTIMAL if bound == value else FitStatus.WITHIN_GAP
        return programme(self.ready, self.best, status, bound=bound, seconds=seconds)


def _starts(placed: Mapping[str, Option]) -> dict[str, int]:
    return {id_: option.start for id_, option in placed.items()}

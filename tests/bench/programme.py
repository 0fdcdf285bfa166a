"""How near, how soon: ``python -m tests.bench.programme [SIZE ...] [--seconds S] [--seeds N]``.

For each size, on invented instances with all kinds of conditions: greedy with reasons in seconds of the processor;
exact: gap after S seconds and time to a gap of 0.5 %, against the same lines given to HiGHS bare (no start, no search
beside, default settings). Said at the end: how many came within 1 %, how many were near no later than 1.3 times the
bare solver. ``cpu``: seconds of the processor; far below S they tell of a busy machine, not of the fit.
Exits with 1 when the exact programme is worth less than the one by rank.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from cdp.programme.rules.fit import exact, greedy, solver
from cdp.programme.rules.fit.grid import grid
from cdp.programme.rules.fit.model import model
from cdp.programme.rules.fit.terms import FitStatus, Instance
from tests.programme.instances import drawn

SIZES = (50, 100, 200, 350, 500, 1_000, 2_000)
NEAR, WITHIN, RATIO = 0.005, 0.01, 1.3


@dataclass
class Watch:
    """When a run first came near enough, and where it ended."""

    value: float = 0
    bound: float = float("inf")
    near_after: float | None = None
    cpu: float = 0.0

    def look(self, seconds: float, value: float | None, bound: float | None) -> None:
        self.value = max(self.value, value or 0)
        self.bound = min(self.bound, self.bound if bound is None else bound)
        if self.near_after is None and self.gap <= NEAR:
            self.near_after = seconds

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / max(self.value, 1)

    def line(self) -> str:
        near = "-" if self.near_after is None else f"{self.near_after:.1f} s"
        return f"value {self.value:.0f} gap {100 * self.gap:.2f} % to 0.5 %: {near} cpu {self.cpu:.1f} s"


def ours(made: Instance, seconds: float) -> Watch:
    watch, began = Watch(), used()
    done = exact.fit(made, time_limit=seconds, progress=lambda p: watch.look(p.seconds, p.value, p.bound))
    watch.look(done.seconds, done.value, done.bound)
    watch.cpu = used() - began
    return watch


def bare(made: Instance, seconds: float) -> Watch:
    watch, began, before = Watch(), time.perf_counter(), used()
    problem = model(grid(made))

    def heard(_: float, bound: float | None) -> bool:
        watch.look(time.perf_counter() - began, None, bound)
        return True

    def brought(solution: "list[float] | None") -> None:
        if solution is not None:
            chosen = zip(problem.values, solution, strict=True)
            watch.look(time.perf_counter() - began, sum(v for v, one in chosen if one > 0.5), None)

    solver.solve(problem.values, problem.lines, seconds=seconds, heard=heard, brought=brought, settings={})
    watch.cpu = used() - before
    return watch


def used() -> float:
    """Seconds of the processor of this process and of those it started that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def is_soon(mine: Watch, theirs: Watch) -> bool:
    """Whether ours came near no later than 1.3 times the bare solver; never, where that one never was."""
    if theirs.near_after is None:
        return False
    return mine.near_after is not None and mine.near_after <= RATIO * theirs.near_after


def timed(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def main() -> int:
    given = argparse.ArgumentParser()
    given.add_argument("sizes", nargs="*", type=int, default=SIZES)
    given.add_argument("--seconds", type=float, default=10)
    given.add_argument("--seeds", type=int, default=2)
    wanted, worse, within, soon, near, count = given.parse_args(), 0, 0, 0, 0, 0
    for size in wanted.sizes:
        for seed in range(1, wanted.seeds + 1):
            made = drawn(size, seed)
            seconds = min(timed(lambda made=made: greedy.fit(made)) for _ in range(3))
            by_rank, mine, theirs = greedy.fit(made), ours(made, wanted.seconds), bare(made, wanted.seconds)
            worse += by_rank.status is FitStatus.EXPLAINED and mine.value < by_rank.value
            within += mine.gap <= WITHIN
            soon += is_soon(mine, theirs)
            near += theirs.near_after is not None
            count += 1
            print(
                f"{size}/{seed} by rank {by_rank.value} in {seconds:.3f} s | ours {mine.line()} | bare {theirs.line()}"
            )
    print(f"gap at most 1 %: {verdict(within, count)}; 0.5 % within 1.3 times the bare: {verdict(soon, near)}")
    return int(worse > 0)


def verdict(met: int, count: int) -> str:
    if not count:
        return "not decided: the bare solver never came so near"
    return f"{'met' if met == count else 'missed'} ({met} of {count})"


if __name__ == "__main__":
    raise SystemExit(main())

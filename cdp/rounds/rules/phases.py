"""Which phase a round is in on a day: from its windows and the decisions about them, without holes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cdp.rounds.states import DecisionKind, Phase


@dataclass(frozen=True)
class Window:
    """A phase from its first to its last Moroccan day, both inside; ``ends_on`` None has no end."""

    phase: Phase
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Decision:
    """A recorded change of a phase's last day; later ones go over earlier ones."""

    phase: Phase
    kind: DecisionKind
    ends_on: date


def timetable(planned: Sequence[Window], decisions: Iterable[Decision] = ()) -> list[Window]:
    """The windows as they stand after the decisions: each phase begins the day after the one before ends.

    A phase that is decided to end on another day moves only the first day of the next; a phase that this
    would leave without a day keeps none and is passed over (``starts_on`` after ``ends_on`` never appears).
    """
    ends = {d.phase: d.ends_on for d in decisions}
    windows: list[Window] = []
    for plan in planned:
        start = plan.starts_on
        if windows and windows[-1].ends_on is not None:
            before = windows[-1].ends_on + timedelta(days=1)
            moved = windows[-1].phase in ends or start < before
            start = before if moved else start
        end = ends.get(plan.phase, plan.ends_on)
        if end is None or end >= start:
            windows.append(Window(plan.phase, start, end))
    return windows


def window_on(windows: Sequence[Window], day: date) -> Window | None:
    """The window that holds on a day: the last that has begun and is not over; None before, between, after."""
    for window in reversed(windows):
        if window.starts_on <= day:
            return window if window.ends_on is None or day <= window.ends_on else None
    return None


def problems(planned: Sequence[Window]) -> list[str]:
    """Message keys of what is wrong with planned windows: order, empty, overlapping, missing."""
    found = []
    if not planned:
        return ["rounds.no_phases"]
    order = [list(Phase).index(window.phase) for window in planned]
    if order != sorted(set(order)):
        found.append("rounds.phases_out_of_order")
    if any(w.ends_on is not None and w.ends_on < w.starts_on for w in planned):
        found.append("rounds.phase_ends_before_it_starts")
    if any(a.ends_on is None or b.starts_on <= a.ends_on for a, b in pairwise(planned)):
        found.append("rounds.phases_overlap")
    if Phase.PROPOSALS not in {window.phase for window in planned}:
        found.append("rounds.no_proposals_phase")
    return found


def decision_problem(windows: Sequence[Window], decision: Decision, day: date) -> str | None:
    """Message key of why the end of a phase may not be moved like that on a day, or None."""
    window = next((w for w in windows if w.phase is decision.phase), None)
    if window is None or window.ends_on is None or window.ends_on < day or window.starts_on > day:
        return "rounds.phase_not_open"
    if decision.kind is DecisionKind.CLOSE_EARLY and not day <= decision.ends_on < window.ends_on:
        return "rounds.close_between_today_and_end"
    if decision.kind is DecisionKind.EXTEND and decision.ends_on <= window.ends_on:
        return "rounds.extend_after_the_end"
    later = [w for w in windows if w.starts_on > window.ends_on and w.ends_on is not None]
    if decision.kind is DecisionKind.EXTEND and any(w.ends_on and w.ends_on <= decision.ends_on for w in later):
        return "rounds.extension_swallows_a_phase"
    return None

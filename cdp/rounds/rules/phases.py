"""Which phase a round is in on a day: from its windows and the decisions about them, without holes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cdp.rounds.states import PHASES, DecisionKind, Phase


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


def replanning_problem(standing: Sequence[Window], wanted: Sequence[Window], day: date) -> str | None:
    """Message key of why phases may not be planned anew like that on a day, or None.

    ``standing`` are the windows after all decisions: one that has begun must be asked for as it stands, one
    that has not may move, go or come, but not to a day that is already here.
    """
    begun = [window for window in standing if window.starts_on <= day]
    kept = {window.phase: window for window in wanted}
    if any(kept.get(window.phase) != window for window in begun):
        return "rounds.phase_has_begun"
    later = (w for w in wanted if w.phase not in {window.phase for window in begun})
    if any(window.starts_on <= day for window in later):
        return "rounds.phase_in_the_past"
    return None


def due(windows: Sequence[Window], entered: Phase | None, day: date) -> list[Phase]:
    """Phases that have begun by a day and whose consequences were not carried out yet, in their order."""
    after = -1 if entered is None else PHASES.index(entered)
    return [w.phase for w in windows if w.starts_on <= day and PHASES.index(w.phase) > after]


def days_left(window: Window, day: date) -> int | None:
    """Moroccan days from a day to the last of a window, both counted; None without an end."""
    return None if window.ends_on is None else (window.ends_on - day).days + 1

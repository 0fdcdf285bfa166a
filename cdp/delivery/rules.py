"""What a plan and a report of works must say, on plain values."""

from dataclasses import dataclass, field
from datetime import date

from cdp.delivery.states import MilestoneKind
from cdp.kernel.words import Words

LONGEST_TITLE = 200
LONGEST_NOTE = 2000
MOST = 10**12
"""More thousandths of a unit than anybody builds: a larger number is a slip of the hand."""


@dataclass(frozen=True)
class Planned:
    """A step of the works that is planned: what, of which kind, for which day."""

    title: Words
    planned_on: date | None
    kind: MilestoneKind = MilestoneKind.WORKS


@dataclass(frozen=True)
class Report:
    """What was done: the day, the measured quantity (thousandths of its unit), words, the day of the photo."""

    done_on: date
    quantity_milli: int | None = None
    quantity_unit: str = ""
    note: Words = field(default_factory=Words)
    photo_taken_on: date | None = None


def planned_problem(planned: Planned) -> str | None:
    """Message key of what is wrong with a planned step, or None."""
    if not planned.title:
        return "delivery.title_missing"
    if _longest(planned.title) > LONGEST_TITLE:
        return "delivery.text_too_long"
    return None


def report_problem(report: Report, day: date) -> str | None:
    """Message key of what is wrong with a report made on a day, or None."""
    quantity, unit = report.quantity_milli, report.quantity_unit.strip()
    doubts = {
        "delivery.day_in_the_future": report.done_on > day,
        "delivery.photo_in_the_future": report.photo_taken_on is not None and report.photo_taken_on > day,
        "delivery.quantity_not_likely": quantity is not None and not 0 <= quantity <= MOST,
        "delivery.quantity_needs_unit": (quantity is None) != (not unit),
        "delivery.text_too_long": len(unit) > 20 or _longest(report.note) > LONGEST_NOTE,
    }
    return next((key for key, holds in doubts.items() if holds), None)


def _longest(words: Words) -> int:
    return max((len(text) for text in words.values()), default=0)

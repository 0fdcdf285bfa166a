"""The one clock: moments are aware and UTC, days are Moroccan (Africa/Casablanca, Ramadan shift included)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOROCCO = ZoneInfo("Africa/Casablanca")

_held: ContextVar[datetime | None] = ContextVar("held", default=None)
_shift: timedelta = timedelta()


def now() -> datetime:
    """This moment, aware and UTC; the held one inside :func:`held_at`."""
    return _held.get() or datetime.now(UTC) + _shift


def today() -> date:
    """This day as people in Morocco live it."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The Moroccan day of an aware moment; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(MOROCCO).date()


def start_of(day: date) -> datetime:
    """The first moment of a Moroccan day, in UTC."""
    return datetime.combine(day, time(), MOROCCO).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a Moroccan day, in UTC: what ends on a day ends here."""
    return start_of(day + timedelta(days=1))


@contextmanager
def held_at(moment: datetime | date) -> Iterator[None]:
    """Hold the clock: at a moment, or at nine in the morning of a Moroccan day."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(9), MOROCCO)
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def run_from(day: date) -> None:
    """Let the whole process live from that day on (demonstration only): the clock runs, shifted by whole days."""
    global _shift
    _shift = timedelta(days=(day - datetime.now(UTC).astimezone(MOROCCO).date()).days)

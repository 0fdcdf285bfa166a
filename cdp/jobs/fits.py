"""Searches for the best programme: the oldest that waits, with progress and cancel, each step a transaction."""

import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from cdp.jobs.due import Done
from cdp.programme import queries
from cdp.programme.rules.fit import exact
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.terms import Programme
from cdp.programme.rules.proposing import kept
from cdp.programme.services import runs
from cdp.store.engine import Store

LOG = logging.getLogger("cdp.jobs")

PAUSE = 1.0
"""Seconds between two looks at whether to go on."""


def find_best(store: Store) -> list[Done]:
    """Carry out every search that waits; one that fails stops no other."""
    count = 0
    store.attempt(_give_up)
    while (asked := store.attempt(_begin)) is not None:
        number, instance, previous, seconds = asked
        try:
            result: dict[str, Any] | None = kept(_fitted(store, number, instance, previous=previous, seconds=seconds))
        except Exception:
            LOG.exception("search %s failed", number)
            result = None
        store.attempt(lambda db, number=number, result=result: _end(db, number, result))  # type: ignore[misc]
        count += 1
    return [Done("programmes searched for", count)]


def _give_up(db: Session) -> None:
    """A search whose worker died is over: one worker an instance carries out all of them."""
    for run in queries.left_behind(db):
        runs.end(db, run, None)


def _begin(db: Session) -> tuple[int, dict[str, Any], dict[str, int] | None, int] | None:
    run = queries.next_run(db)
    if run is None:
        return None
    runs.begin(db, run)
    return run.id, run.instance, run.previous, run.seconds


def _end(db: Session, number: int, result: dict[str, Any] | None) -> None:
    runs.end(db, queries.get_run(db, number), result)


def _fitted(
    store: Store, number: int, document: dict[str, Any], *, previous: dict[str, int] | None, seconds: int
) -> Programme:
    instance = read(document).instance
    if instance is None:
        raise ValueError("an instance that cannot be read was kept")
    watch = _Watch(store, number)
    if previous is not None:
        return exact.refit(instance, previous, time_limit=seconds, progress=watch.told, cancelled=watch.is_over)
    return exact.fit(instance, time_limit=seconds, progress=watch.told, cancelled=watch.is_over)


class _Watch:
    """Writes progress down and hears whether to go on, at most once a pause."""

    def __init__(self, store: Store, number: int) -> None:
        self._store, self._number = store, number
        self._next, self._over = 0.0, False

    def told(self, progress: exact.Progress) -> None:
        """Progress of the fit."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PAUSE
        told = {"seconds": round(progress.seconds, 1), "value": progress.value, "bound": progress.bound}
        note: Callable[[Session], bool] = lambda db: runs.note(db, queries.get_run(db, self._number), told)  # noqa: E731
        self._over = not self._store.attempt(note)

    def is_over(self) -> bool:
        """Whether people stopped it."""
        return self._over

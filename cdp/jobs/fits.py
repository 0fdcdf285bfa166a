"""Searches for the best programme: the oldest that waits, with progress and cancel, each step a transaction."""

import logging
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cdp.jobs.due import Done
from cdp.jobs.worker import SEARCHER, AnotherWorker, only_one
from cdp.programme import queries
from cdp.programme.rules.fit import exact
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.terms import Programme
from cdp.programme.rules.proposing import kept
from cdp.programme.services import runs
from cdp.store.engine import Store

LOG = logging.getLogger("cdp.jobs")

STOPPING = 10
"""Seconds in which a process that is told to stop is gone."""

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


def is_needed(store: Store) -> bool:
    """Whether a search waits, or was left behind by a process that died."""
    with store.reader() as db:
        return queries.next_run(db) is not None or bool(queries.left_behind(db))


class Searcher:
    """Lets a process of its own carry out what waits: letters and phases do not wait for a long search.

    ``command`` carries out every search that waits and ends; it holds ``SEARCHER`` of the instance meanwhile.
    """

    def __init__(self, command: Sequence[str], instance: Path) -> None:
        self._command, self._instance = tuple(command), instance
        self._process: subprocess.Popen[bytes] | None = None

    def look(self, store: Store) -> list[Done]:
        """Start the process when something waits and nobody searches."""
        if self._is_searching() or not is_needed(store):
            return []
        self._process = subprocess.Popen(self._command)  # noqa: S603 - our own command
        return [Done("searches begun", 1)]

    def stop(self) -> None:
        """End it with the worker: what it searched for is given up by the next one."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=STOPPING)

    def _is_searching(self) -> bool:
        if self._process is not None and self._process.poll() is None:
            return True
        try:
            with only_one(self._instance, SEARCHER):
                return False
        except AnotherWorker:
            return True


def _give_up(db: Session) -> None:
    """A search whose process died is over: one process of an instance carries out all of them."""
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

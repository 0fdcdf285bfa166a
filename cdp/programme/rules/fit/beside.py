"""The search in a process of its own, so that it and the proof do not wait for one another."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from cdp.programme.rules.fit.near import Search
from cdp.programme.rules.fit.parts import Parts

SECONDS_A_PROJECT = 0.06
"""How long the search goes on; small lists are soon searched through."""

STEPPING, STEPPING_FAR = 0.3, 0.8
"""Share of the time for single steps, the rest is for parts: measured for lists up to ``FAR`` and longer ones."""

FAR = 400

Columns = list[int]
"""Columns that are chosen."""


class Beside:
    """A search that runs until it is stopped; ``found`` hears of better programmes in a thread of its own."""

    def __init__(
        self, search: Search, parts: Parts, *, projects: int, seconds: float, found: Callable[[Columns], None]
    ) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        seconds = min(seconds, projects * SECONDS_A_PROJECT)
        stepping = seconds * (STEPPING if projects <= FAR else STEPPING_FAR)
        arguments = (search, parts, theirs, stepping, seconds)
        self._process = context.Process(target=_search, args=arguments, daemon=True)
        self._found = found
        self._process.start()
        theirs.close()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def tell(self, chosen: Sequence[int]) -> None:
        """A better programme was found elsewhere."""
        try:
            self._ours.send([column for column, one in enumerate(chosen) if one])
        except OSError:
            return

    def stop(self) -> None:
        """End the search."""
        self._process.kill()
        self._process.join()
        self._listening.join()
        self._ours.close()

    def _listen(self) -> None:
        try:
            while True:
                self._found(self._ours.recv())
        except (EOFError, OSError):
            return


def is_possible() -> bool:
    """Whether this machine can start such a process."""
    return "fork" in multiprocessing.get_all_start_methods()


def _search(search: Search, parts: Parts, parent: Connection, stepping: float, seconds: float) -> None:
    """What the process does: single steps at first, then part after part."""
    began = time.perf_counter()

    def heard() -> Columns | None:
        known = None
        while parent.poll():
            known = parent.recv()
        return known

    try:
        search.run(heard, parent.send, lambda: began + stepping - time.perf_counter())
        parts.run(search.best, heard, parent.send, lambda: began + seconds - time.perf_counter())
    except (EOFError, OSError):
        return

"""The search in a process of its own, so that it and the proof do not wait for one another."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from cdp.programme.rules.fit.parts import Parts
from cdp.programme.rules.fit.payers import Payers

PAYING = 0.7
"""Share of the time for the search by payers, the rest is for parts."""

Columns = list[int]
"""Columns that are chosen."""


class Beside:
    """A search that runs until it is stopped; ``found`` hears of better programmes in a thread of its own."""

    def __init__(
        self, payers: Payers, parts: Parts, known: Columns, *, seconds: float, found: Callable[[Columns], None]
    ) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        arguments = (payers, parts, known, theirs, seconds)
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


def _search(payers: Payers, parts: Parts, known: Columns, parent: Connection, seconds: float) -> None:
    """What the process does: payer after payer at first, then part after part from the best known."""
    began, best = time.perf_counter(), [known]

    def heard() -> Columns | None:
        last = None
        while parent.poll():
            last = parent.recv()
        return last

    def found(columns: Columns) -> None:
        parent.send(columns)
        if parts.worth(columns) > parts.worth(best[0]):
            best[0] = columns

    try:
        payers.run(found, lambda: began + seconds * PAYING - time.perf_counter())
        parts.run(best[0], heard, parent.send, lambda: began + seconds - time.perf_counter())
    except (EOFError, OSError):
        return

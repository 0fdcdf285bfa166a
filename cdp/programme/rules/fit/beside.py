"""The search in a process of its own, so that it and the proof do not wait for one another."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from cdp.programme.rules.fit.layers import Layers
from cdp.programme.rules.fit.parts import Parts
from cdp.programme.rules.fit.payers import Payers

WHOLE = 0.6
"""Share of the time for whole programmes, by layers or by payers; the rest is for parts of the best."""

MANY = 600
"""Lists so long have no time for layers: what a large project weighs is lost in them, what payers weigh is not."""

ROUND, ROUND_A_PROJECT = 1.0, 0.02
"""Seconds of a round: so many, and so many for each project."""

MENDED = 0.5
"""How long a round's programme is mended, as a share of what the round took."""

Columns = list[int]
"""Columns that are chosen."""


@dataclass(frozen=True, slots=True)
class Searches:
    """By layers and by payers for whole programmes; by parts from one that is known."""

    layers: Layers
    payers: Payers
    parts: Parts


class Beside:
    """A search that runs until it is stopped; ``found`` hears of better programmes in a thread of its own."""

    def __init__(self, searches: Searches, known: Columns, *, seconds: float, found: Callable[[Columns], None]) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        arguments = (searches, known, theirs, seconds)
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


def _search(searches: Searches, known: Columns, parent: Connection, seconds: float) -> None:
    """What the process does: whole programmes at first, then part after part from the best known."""
    until, best = time.perf_counter() + seconds, _Best(searches.parts, known, parent)
    whole_until = until - (1 - WHOLE) * seconds

    def mended(columns: Columns, seconds: float) -> None:
        end = min(time.perf_counter() + seconds, whole_until)
        searches.parts.run(columns, best.note, best.found, lambda: end - time.perf_counter())

    try:
        if searches.layers.projects > MANY:
            searches.payers.run(best.found, lambda: whole_until - time.perf_counter())
        else:
            _rounds(searches.layers, best.found, mended, whole_until)
        best.note()
        searches.parts.run(best.columns, best.heard, best.found, lambda: until - time.perf_counter())
    except (EOFError, OSError):
        return


class _Best:
    """The best programme known on this side, and what the other side tells."""

    def __init__(self, parts: Parts, known: Columns, parent: Connection) -> None:
        self.columns, self._parts, self._parent = known, parts, parent

    def heard(self) -> Columns | None:
        """What was told last, if anything."""
        last = None
        while self._parent.poll():
            last = self._parent.recv()
        return last

    def note(self) -> None:
        """Keep what was told for later: a new programme is mended before it is compared."""
        told = self.heard()
        if told is not None and self._parts.worth(told) > self._parts.worth(self.columns):
            self.columns = told

    def found(self, columns: Columns) -> None:
        """Keep a better programme and tell of it."""
        if self._parts.worth(columns) > self._parts.worth(self.columns):
            self.columns = columns
            self._parent.send(columns)


def _rounds(
    layers: Layers, found: Callable[[Columns], None], mended: Callable[[Columns, float], None], until: float
) -> None:
    """Programmes layer by layer, each mended by parts."""
    while (began := time.perf_counter()) < until:
        columns = layers.round(min(ROUND + ROUND_A_PROJECT * layers.projects, until - began))
        if columns is not None:
            found(columns)
            mended(columns, MENDED * (time.perf_counter() - began))

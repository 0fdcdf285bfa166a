"""The search by payers: what one partner helps to pay is chosen together, then the next, last what has no partner.

What is undecided yet is seen through the relaxed programme: its prices say what own money, staff and places are
worth, and after each choice it is asked again. Envelopes that few projects share are the ones that are hard to
fill; filled first and each for itself, they leave the commune's own money, which many small projects share, to be
filled last. Then one payer after another is chosen anew beside all others.
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from cdp.programme.rules.fit.model import Model
from cdp.programme.rules.fit.pieces import Pieces
from cdp.programme.rules.fit.solver import Loose, Relaxed

FEW = 0.5
"""A payer of less than this share of the options is chosen for by itself."""

PAYERS = 0.5
"""Share of the time for the first choice of all payers."""

LAST = 0.5
"""Share of the time left for what is chosen last, at most ``LONGEST`` seconds."""

SHORTEST, LONGEST = 0.3, 1.5

CORE, CORE_SHARE = 240, 0.25
"""Options nearest to the edge at the prices (so many, or that share) among which the last choice is made; the others
are as the prices say."""

NODES = 100_000

WORTH_A_LOOK = 0.5
"""By how much the relaxed programme must have risen."""

Found = Callable[[list[int]], object]
Left = Callable[[], float]


class Payers:
    """``best``: columns of the best programme found this way; [] when there is none."""

    def __init__(self, problem: Model, shut: Sequence[int]) -> None:
        self._problem, self._shut = problem, set(shut)
        self._blocks, self._rest = self._divided()
        self.best: list[int] = []
        self._worth = self._turn = 0

    def run(self, found: Found, left: Left) -> None:
        """Choose for all payers once, then for one after another anew while ``left`` says that there are seconds."""
        self._found, self._left = found, left
        self._loose = Loose(self._problem.values, self._problem.lines, sorted(self._shut))
        self._pieces = Pieces(self._problem.values, self._problem.lines)
        self._undecided = np.ones(len(self._problem.values), dtype=bool)
        self._undecided[sorted(self._shut)] = False
        chosen = self._first()
        if chosen is None:
            return
        height = self._finished(chosen)
        for block in itertools.cycle(self._blocks) if self._blocks else ():
            if left() <= SHORTEST:
                return
            chosen, height = self._anew(block, chosen, height)

    def _divided(self) -> tuple[list[list[int]], list[int]]:
        """Columns of each payer of few, and of all others; a project of two payers goes with the first."""
        options, payers = self._problem.options, dict[str, set[str]]()
        for option in options:
            payers.setdefault(option.project, set()).update(str(source) for _, source in option.amounts)
        counts = dict[str, int]()
        for option in options:
            for name in payers[option.project]:
                counts[name] = counts.get(name, 0) + 1
        names = sorted(
            (name for name in counts if counts[name] < FEW * len(options)), key=lambda name: (counts[name], name)
        )
        blocks: dict[str | None, list[int]] = {name: [] for name in (*names, None)}
        for column, option in enumerate(options):
            if column not in self._shut:
                blocks[next((name for name in names if name in payers[option.project]), None)].append(column)
        rest = blocks.pop(None)
        return [block for block in blocks.values() if block], rest

    def _first(self) -> set[int] | None:
        """What is chosen for all payers, one after another; one that nothing goes with is left to the last choice."""
        chosen: set[int] = set()
        seconds, blocks = self._left() * PAYERS / max(len(self._blocks), 1), []
        loose = self._loose.solve(self._left())
        for block in self._blocks:
            if loose is None:
                return None
            now = self._pieces.solve_priced(block, loose, self._undecided, seconds)
            again = None if now is None else self._decided(block, now)
            if now is None or again is None:
                self._reopened(block)
                self._rest += block
                continue
            chosen |= now
            loose = again
            blocks.append(block)
        self._blocks = blocks
        return chosen

    def _decided(self, block: list[int], chosen: set[int]) -> Relaxed | None:
        self._loose.decide(block, chosen)
        self._undecided[block] = False
        return self._loose.solve(self._left())

    def _reopened(self, block: list[int]) -> Relaxed | None:
        self._loose.reopen(block)
        self._undecided[block] = True
        return self._loose.solve(self._left())

    def _finished(self, chosen: set[int]) -> float:
        """Choose last what has no such payer, and tell what was found; how high the relaxed programme was."""
        loose = self._loose.solve(self._left())
        if loose is None:
            return 0.0
        core, kept = self._near(loose), chosen | self._sure(loose)
        now, _ = self._pieces.solve(core, kept, min(LONGEST, self._left() * LAST), NODES) if core else (kept, True)
        worth = 0 if now is None else sum(self._problem.values[column] for column in now)
        if now is not None and worth > self._worth:
            self.best, self._worth = sorted(now), worth
            self._found(self.best)
        return loose.value

    def _anew(self, block: list[int], chosen: set[int], height: float) -> tuple[set[int], float]:
        """Choose anew for one payer beside all others; kept when the relaxed programme rises."""
        others, now, again = chosen.difference(block), None, None
        seconds = min(LONGEST, self._left() * LAST)
        loose = self._reopened(block)
        if loose is not None and self._turn % 2:
            now = self._pieces.solve_priced(block, loose, self._undecided, seconds)
        elif loose is not None:
            now = self._pieces.solve_beside(block, self._near(loose), others | self._sure(loose), seconds)
        self._turn += 1
        if now is not None:
            again = self._decided(block, now)
        if now is None or again is None or again.value < height + WORTH_A_LOOK:
            self._decided(block, chosen)
            return chosen, height
        return others | now, self._finished(others | now)

    def _near(self, loose: Relaxed) -> list[int]:
        """Of what is chosen last, that which the prices leave open."""
        order = sorted(self._rest, key=lambda column: abs(loose.reduced[column]))
        return order[: max(CORE, int(CORE_SHARE * len(order)))]

    def _sure(self, loose: Relaxed) -> set[int]:
        """Of what is chosen last, that which stands whatever else does."""
        return {column for column in set(self._rest).difference(self._near(loose)) if loose.columns[column] > 1 - 1e-6}

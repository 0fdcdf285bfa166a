"""The search by payers: what one partner helps to pay is chosen together, then the next, last what has no partner.

What is undecided yet is seen through the relaxed programme: its prices say what own money, staff and places are
worth, and after each choice it is asked again. Envelopes that few projects share are the ones that are hard to
fill; filled first and each for itself, they leave the commune's own money, which many small projects share, to be
filled last. Then one payer after another is chosen anew beside all others.
"""

import itertools
from collections.abc import Callable, Collection, Sequence

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

SMALL = 220
"""Options of a payer that the solver can choose among while all others may stand in part."""

NODES = 100_000

WORTH_A_LOOK = 0.5
"""By how much the relaxed programme must have risen."""

Found = Callable[[list[int]], object]
Left = Callable[[], float]


class Payers:
    """``best``: columns of the best programme found this way; [] when there is none."""

    def __init__(self, problem: Model, shut: Sequence[int]) -> None:
        self._problem, self._shut = problem, set(shut)
        self._blocks = divided(problem, self._shut)
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
        loose = self._finished(chosen)
        for block in itertools.cycle(self._blocks) if self._blocks else ():
            if loose is None or left() <= SHORTEST:
                return
            chosen, loose = self._anew(block, chosen, loose)

    def _first(self) -> set[int] | None:
        """What is chosen for all payers, one after another; one that nothing goes with is left to the last choice."""
        chosen: set[int] = set()
        seconds, blocks = self._left() * PAYERS / max(len(self._blocks), 1), []
        loose = self._loose.solve(self._left())
        for block in self._blocks:
            if loose is None:
                return None
            now, again = self._choice(block, chosen, loose, seconds)
            if now is None or again is None:
                loose = self._reopened(block)
                continue
            chosen |= now
            loose = again
            blocks.append(block)
        self._blocks = blocks
        return chosen

    def _choice(
        self, block: list[int], others: set[int], loose: Relaxed, seconds: float
    ) -> tuple[set[int] | None, Relaxed | None]:
        """What is chosen for one payer, by the prices and then, where it has few options, by the relaxed programme."""
        few = len(block) <= SMALL
        now = self._pieces.solve_priced(block, loose, self._undecided, seconds / 2 if few else seconds)
        again = None if now is None else self._decided(block, now)
        if now is None or again is None or not few:
            return now, again
        return self._mended(block, now, others, again, seconds / 2)

    def _mended(
        self, block: list[int], now: set[int], others: set[int], loose: Relaxed, seconds: float
    ) -> tuple[set[int], Relaxed | None]:
        """The choice for one payer, gone on from while what is undecided may stand in part."""
        better = self._pieces.solve_beside(
            block, self._near(loose), others | self._sure(loose), seconds, start=loose.columns
        )
        again = None if better is None else self._decided(block, better)
        if better is None or again is None or again.value < loose.value:
            return now, self._decided(block, now)
        return better, again

    def _decided(self, block: list[int], chosen: set[int]) -> Relaxed | None:
        self._loose.decide(block, chosen)
        self._undecided[block] = False
        return self._loose.solve(self._left())

    def _reopened(self, block: list[int]) -> Relaxed | None:
        self._loose.reopen(block)
        self._undecided[block] = True
        return self._loose.solve(self._left())

    def _finished(self, chosen: set[int]) -> Relaxed | None:
        """Choose last what has no such payer, and tell what was found; the relaxed programme before."""
        loose = self._loose.solve(self._left())
        if loose is None:
            return None
        core, kept = self._near(loose), chosen | self._sure(loose)
        now, _ = self._pieces.solve(core, kept, min(LONGEST, self._left() * LAST), NODES) if core else (kept, True)
        worth = 0 if now is None else sum(self._problem.values[column] for column in now)
        if now is not None and worth > self._worth:
            self.best, self._worth = sorted(now), worth
            self._found(self.best)
        return loose

    def _anew(self, block: list[int], chosen: set[int], loose: Relaxed) -> tuple[set[int], Relaxed]:
        """Choose anew for one payer beside all others; kept when the relaxed programme rises."""
        before, others = chosen.intersection(block), chosen.difference(block)
        seconds = min(LONGEST, self._left() * LAST)
        self._turn += 1
        now, again = None, None
        if self._turn % 2 and len(block) <= SMALL:
            now, again = self._mended(block, before, others, loose, seconds)
        elif (free := self._reopened(block)) is not None:
            now = self._pieces.solve_priced(block, free, self._undecided, seconds)
            again = None if now is None else self._decided(block, now)
        if now is None or again is None or again.value < loose.value + WORTH_A_LOOK:
            return chosen, self._decided(block, before) or loose
        return others | now, self._finished(others | now) or again

    def _near(self, loose: Relaxed) -> list[int]:
        """Of what is undecided, that which the prices leave open."""
        undecided: list[int] = np.flatnonzero(self._undecided).tolist()
        order = sorted(undecided, key=lambda column: abs(loose.reduced[column]))
        return order[: max(CORE, int(CORE_SHARE * len(order)))]

    def _sure(self, loose: Relaxed) -> set[int]:
        """Of what is undecided, that which stands whatever else does."""
        full: list[int] = np.flatnonzero(self._undecided & (loose.columns > 1 - 1e-6)).tolist()
        return set(full).difference(self._near(loose))


def divided(problem: Model, shut: Collection[int]) -> list[list[int]]:
    """Columns of each payer of few, without those shut; a project of two payers goes with the first."""
    options, payers = problem.options, dict[str, set[str]]()
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
        if column not in shut:
            blocks[next((name for name in names if name in payers[option.project]), None)].append(column)
    del blocks[None]
    return [block for block in blocks.values() if block]

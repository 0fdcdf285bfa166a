"""What equal shares buys first, while nobody is poor: the same for every larger share, so it is bought once.

As long as every supporter has their part, a candidate costs ``cost / weight`` a mark, whatever the share; it never
costs less. So candidates are bought in the order of that least price (then by the tie rule) until one of them would
take more than somebody surely has. A larger share changes nothing of it, and may lengthen it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from cdp.priorities.rules.voting.stakes import Floats, Stake

ROUNDING = 2.3e-16
"""One rounding of a float, a little more than half a unit in the last place, relative."""


@dataclass(slots=True)
class Beginning:
    """The candidates by their least price, how many of them are bought, and what each merged ballot has paid."""

    line: Sequence[Stake]
    paid: Floats
    spent: int = 0
    bought: list[Stake] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    def go_on(self, share: float, budget: int) -> None:
        """Buy on with a share not smaller than before, as long as everybody surely has their part."""
        while len(self.bought) < len(self.line):
            stake = self.line[len(self.bought)]
            each = stake.cost / stake.weight
            paid = self.paid.take(stake.members)
            paid += each if stake.marks is None else each * stake.marks
            if paid.max() >= share - self.wobble(share) or self.spent + stake.cost > budget:
                return
            self.paid[stake.members] = paid
            self.spent += stake.cost
            self.bought.append(stake)
            self.numbers.add(stake.index)

    def wobble(self, share: float) -> float:
        """How far what one voter has left may be off: no sum is larger than the share."""
        return 4 * ROUNDING * share * (len(self.bought) + 3)

    def drift(self, share: float, voters: int) -> float:
        """How far all purses together may be off."""
        own = sum((len(stake.members) + 8) * stake.cost for stake in self.bought)
        return self.wobble(share) * voters + ROUNDING * own


def beginning(stakes: Iterable[Stake], places: Sequence[int], ballots: int) -> Beginning:
    """Nothing bought yet; ``places`` are those of the tie rule."""

    def least(stake: Stake) -> tuple[Fraction, int]:
        return Fraction(stake.cost, stake.weight * stake.scale), places[stake.index]

    return Beginning(sorted(stakes, key=least), np.zeros(ballots))

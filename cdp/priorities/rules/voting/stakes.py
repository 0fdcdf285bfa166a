"""What each candidate asks of its supporters in equal shares, laid out once for many runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cdp.priorities.rules.voting.election import Column, Election, Whole
from cdp.priorities.rules.voting.terms import Utility

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stake:
    """One candidate with a cost and supporters.

    Supporters give the same payment for each ``mark``: marks are the points, or 1 where all gave the
    same.  ``weight`` is the sum of all marks of all voters; a payment per mark divided by ``scale``
    is the payment per utility by which projects are compared.  ``marks`` is None when all are 1.
    """

    index: int
    cost: int
    voters: int
    weight: int
    scale: int
    highest: int
    members: Whole
    counts: Floats
    weights: Floats
    marks: Floats | None
    column: Column

    def like(self, other: "Stake") -> bool:
        """Whether the other costs the same and is worth the same to the same voters."""
        return (
            (self.cost, self.scale, self.weight) == (other.cost, other.scale, other.weight)
            and np.array_equal(self.members, other.members)
            and (self.marks is other.marks or np.array_equal(self.column.points, other.column.points))
        )


def stakes(election: Election, eligible: Sequence[int], utility: Utility) -> dict[int, Stake]:
    """The stakes of the eligible candidates that cost something and that somebody supports."""
    return {
        index: _stake(election, index, utility)
        for index in eligible
        if election.supporters[index] and election.costs[index]
    }


def _stake(election: Election, index: int, utility: Utility) -> Stake:
    """The stake of one candidate."""
    column, cost = election.columns[index], election.costs[index]
    counts = column.counts.astype(np.float64)
    lowest, highest = int(column.points.min()), int(column.points.max())
    scale = cost if utility is Utility.COST else 1
    if lowest == highest:
        votes = election.supporters[index]
        return Stake(index, cost, votes, votes, scale * highest, 1, column.ballots, counts, counts, None, column)
    weight = sum(a * b for a, b in zip(column.counts.tolist(), column.points.tolist(), strict=True))
    marks = column.points.astype(np.float64)
    votes = election.supporters[index]
    shares = counts * marks
    return Stake(index, cost, votes, weight, scale, highest, column.ballots, counts, shares, marks, column)

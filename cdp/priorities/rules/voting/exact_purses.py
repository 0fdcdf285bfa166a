"""The purses of all voters in fractions: asked only where floats cannot tell two prices apart.

Voters whose money has gone the same way share a state, so a purchase touches states, not people.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from cdp.priorities.rules.voting.election import Whole
from cdp.priorities.rules.voting.stakes import Stake


@dataclass(frozen=True, slots=True)
class Holders:
    """Supporters in the same state with the same mark: what each still has, and how many they are."""

    money: Fraction
    mark: int
    voters: int


@dataclass(frozen=True, slots=True)
class Settled:
    """An exact payment per mark, and the marks of the poor, who gave all they had."""

    each: Fraction
    gave: int


@dataclass(slots=True)
class ExactPurses:
    """What every merged ballot still has, exactly; follows the purchases when it is asked."""

    ballots: int
    money: list[Fraction]
    state: Whole = field(init=False)
    followed: int = -1
    bought: list[Stake] = field(default_factory=list)
    gave: list[int] = field(default_factory=list)

    def price(self, stake: Stake) -> Settled | None:
        """The payment per mark that buys the candidate; None when supporters have too little."""
        if self.followed < 0:
            self.state, self.followed = np.zeros(self.ballots, np.int64), 0
        while self.followed < len(self.bought):
            self._follow(self.bought[self.followed])
            self.followed += 1
        return price(stake, self._holders(stake)[0])

    def _holders(self, stake: Stake) -> tuple[list[Holders], Whole]:
        """The supporters of a candidate by state and mark, and the place of each supporter among them."""
        marks = np.ones_like(stake.column.points) if stake.marks is None else stake.column.points
        pairs = self.state[stake.members] * (stake.highest + 1) + marks
        kinds, places = np.unique(pairs, return_inverse=True)
        voters = np.zeros(len(kinds), np.int64)
        np.add.at(voters, places, stake.column.counts)
        rows = zip(kinds.tolist(), voters.tolist(), strict=True)
        size = stake.highest + 1
        return [Holders(self.money[pair // size], pair % size, count) for pair, count in rows], places

    def _follow(self, stake: Stake) -> None:
        """Let the supporters of a bought candidate pay."""
        holders, places = self._holders(stake)
        settled = price(stake, holders)
        if settled is None:
            raise AssertionError("a candidate was bought that its supporters cannot pay")
        each = settled.each
        self.gave.append(settled.gave)
        known: dict[Fraction, int] = {}
        after = np.empty(len(holders), np.int64)
        for place, holder in enumerate(holders):
            left = max(holder.money - each * holder.mark, Fraction(0))
            if left not in known:
                known[left] = len(self.money)
                self.money.append(left)
            after[place] = known[left]
        self.state[stake.members] = after[places]


def price(stake: Stake, holders: list[Holders]) -> Settled | None:
    """The least payment per mark with which those who have it, and all that the others have, pay the cost."""
    rest, weight = Fraction(stake.cost), stake.weight
    for holder in sorted(holders, key=lambda one: one.money / one.mark):
        each = rest / weight
        if each * holder.mark <= holder.money:
            return Settled(each, stake.weight - weight)
        rest -= holder.money * holder.voters
        weight -= holder.mark * holder.voters
    return None

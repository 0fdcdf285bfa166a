"""The method of equal shares: everybody gets the same part of the budget and spends it on what they want.

A project can be bought when its supporters together have its cost; they pay in proportion to what it
is worth to them, and who has less gives what is left.  Next comes the project with the lowest payment
per utility.  Utilities (``Utility``): by count a project is worth the points a voter gave it (1 where
ballots approve, Borda points where they rank); by cost, those points times its cost.  Points of zero
or less are no support.  What costs nothing and has a supporter is taken first.

Completions: ``add1`` raises the share by one unit of the currency until the outcome is exhaustive
(that one is taken) or over budget (the one before is); a project counts as missing only if somebody
supports it.  ``add1-greedy`` then takes by total score what still fits.  Raising stops at every step
where the outcome could change; steps between which it provably cannot are jumped over.

Pinned projects are paid from the whole before shares are cut.  Ceilings and incompatible pairs bar a
project from being bought; one that needs another waits for it.
Peters, Pierczyński and Skowron 2021, "Proportional participatory budgeting with additive utilities".
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from math import ceil
from typing import Any

from cdp.priorities.rules.voting.beginning import Beginning, beginning
from cdp.priorities.rules.voting.conditions import Room
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.greedy import take_in_order
from cdp.priorities.rules.voting.purses import Departed, Purchase, Run
from cdp.priorities.rules.voting.stakes import Stake, stakes
from cdp.priorities.rules.voting.terms import PLAIN, Completion, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Passed, Step, Tie, WhyNot

PATIENCE = 6
"""So many raises without a change, and the next raise tries to jump over several."""


@dataclass(frozen=True, slots=True)
class Count:
    """What all runs of one count share."""

    room: Room
    places: list[int]
    asked: dict[int, Stake]

    def run(self, share: Fraction) -> Run:
        """Buy with that share, every step told."""
        return self._go(share)

    def trial(self, share: Fraction, first: Beginning | None, follow: list[Purchase] | None = None) -> Run:
        """Buy with that share as far as the budget reaches; raises Departed when it does not do as ``follow``."""
        if first is not None and follow is None:
            first.go_on(float(share), self.room.left)
        return self._go(share, limit=self.room.election.budget, follow=follow, first=first)

    def _go(self, share: Fraction, **how: Any) -> Run:
        election = self.room.election
        ballots = len(election.ballots.counts)
        run = Run(self.asked, self.room.fork(), self.places, share, election.voters, ballots, **how)
        run.go()
        return run

    def beginning(self) -> Beginning | None:
        """What trials of growing shares begin with; None where conditions may bar a project."""
        if self.is_barred:
            return None
        return beginning(self.asked.values(), self.places, len(self.room.election.ballots.counts))

    @property
    def is_barred(self) -> bool:
        """Whether conditions may bar a project, or let it wait."""
        return bool(self.room.by_ceiling or self.room.against or self.room.needs)

    def quiet(self, share: Fraction) -> int:
        """How many raises give outcomes that can neither be exhaustive nor over budget.

        With a share ``s`` only projects can be bought whose voters together have ``s`` each for it.  As
        long as all of these together leave room for the cheapest of the others, no outcome is over
        budget and none is exhaustive, whatever is bought.  Only where no condition bars anything.
        """
        if self.is_barred:
            return 0
        line = sorted((Fraction(stake.cost, stake.voters), stake.cost) for stake in self.asked.values())
        cheapest = [*accumulate((cost for _, cost in reversed(line)), min)][::-1]
        together, reach = 0, share
        for (needed, cost), least in zip(line, cheapest, strict=True):
            if together + least > self.room.left:
                break
            together, reach = together + cost, needed
        return max(0, ceil((reach - share) / self.room.election.unit) - 1)

    def exhaustive(self, run: Run) -> bool:
        """Whether no other supported project could be added."""
        taken = set(run.room.taken)
        return not any(run.room.open_to(index) for index in self.asked if index not in taken)


def equal_shares(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose so that every group of voters gets what its part of the budget can buy."""
    room, places = begin(election, terms)
    _take_free(room, places)
    count = Count(room, places, stakes(election, room.eligible, terms.utility))
    if not election.voters:
        room.passed += [room.missed(index) for index in room.eligible]
        return outcome("equal-shares", room, [])
    share = Fraction(room.left, election.voters)
    run = count.run(share)
    if terms.completion is not Completion.NONE:
        run = count.run(_raise(count, run).share)
    ties = _tell(run)
    if terms.completion is Completion.ADD1_GREEDY:
        _complete(run.room, places, ties)
    else:
        run.room.passed += _passed(run)
    return replace(outcome("equal-shares", run.room, ties), share=run.share)


def _take_free(room: Room, places: list[int]) -> None:
    """Take what costs nothing and has a supporter, as far as nothing bars it."""
    election = room.election
    free = [index for index in room.eligible if not election.costs[index] and election.supporters[index]]
    waiting = sorted(free, key=places.__getitem__)
    while (index := next((one for one in waiting if room.open_to(one)), None)) is not None:
        waiting.remove(index)
        room.eligible.remove(index)
        room.take(index)
        name, votes = election.candidates[index].id, election.supporters[index]
        room.steps.append(Step(name, 0, room.left, CountMeasure.PAYMENT, 0.0, votes, in_full=votes))


def _raise(count: Count, run: Run) -> Run:
    """Raise the share until the outcome is exhaustive or the next one is over budget."""
    election = count.room.election
    calm, jump = 0, 1
    first = count.beginning()
    if quiet := count.quiet(run.share):
        run = count.trial(run.share + quiet * election.unit, first)
    while not count.exhaustive(run):
        share = run.share + jump * election.unit
        follow = run.purchases if jump > 1 else None
        try:
            trial = count.trial(share, first, follow)
        except Departed:
            jump = max(1, jump // 8)
            calm = PATIENCE // 2
            continue
        if trial.room.spent > election.budget:
            return run
        calm = calm + 1 if trial.room.taken == run.room.taken else 0
        jump = jump * 2 if calm > PATIENCE else 1
        run = trial
    return run


def _tell(run: Run) -> list[Tie]:
    """Write the steps of a run into its room; returns the ties."""
    election, room, ties = run.room.election, run.room, []
    before = len(room.taken) - len(run.purchases)
    left = room.left + sum(election.costs[purchase.index] for purchase in run.purchases)
    for place, purchase in enumerate(run.purchases, start=before + 1):
        candidate, votes = election.candidates[purchase.index], election.supporters[purchase.index]
        left -= candidate.cost
        room.steps.append(
            Step(
                candidate.id,
                candidate.cost,
                left,
                CountMeasure.PAYMENT,
                shown(purchase.value * election.grain),
                votes,
                in_full=votes - purchase.poor,
                all_they_had=purchase.poor,
            )
        )
        if purchase.tied:
            names = tuple(sorted(election.candidates[index].id for index in purchase.tied))
            ties.append(Tie(place, names, candidate.id))
    return ties


def shown(value: float) -> float:
    """A float to twelve digits: the same on every machine, whatever the order of its sums."""
    return float(f"{value:.12g}")


def _complete(room: Room, places: list[int], ties: list[Tie]) -> None:
    """Take greedily what still fits."""
    taken = set(room.taken)
    room.eligible = [index for index in room.eligible if index not in taken]
    take_in_order(room, places, ties)


def _passed(run: Run) -> list[Passed]:
    """Why each eligible project was not bought; for most, what its supporters lacked."""
    election, room, taken = run.room.election, run.room, set(run.room.taken)
    passed = []
    for index in room.eligible:
        name = election.candidates[index].id
        if index in taken:
            continue
        if not election.supporters[index]:
            passed.append(Passed(name, WhyNot.NO_SUPPORT))
        elif index not in run.stakes or room.barred(index) is not None or room.waits(index):
            passed.append(room.missed(index))
        else:
            lacking = election.costs[index] - run.money_of(run.stakes[index])
            passed.append(Passed(name, WhyNot.CANNOT_PAY, missing=ceil(lacking)))
    return passed

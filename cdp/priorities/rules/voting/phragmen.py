"""Sequential Phragmén: who is served bears a load, and the next project is the one that loads least.

Buying a project spreads its cost over its supporters so that all of them end up with the same load;
next comes the project for which that load is smallest (approval: more than no points).  The count
stops as soon as one of the projects to be bought next no longer fits into the budget; a project
dearer than the whole budget is left out from the start, one that conditions bar is passed over, and
one that waits for another joins when that one is in.  Projects without supporters come last of all.

A load is the weighted mean of non-negative loads, so its float is right to a few units in the last
place for each step; whatever is closer than ``NEAR`` is compared again with fractions.
Phragmén 1894; Brill, Freeman, Janson and Lackner 2017.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np

from cdp.priorities.rules.voting.conditions import Room
from cdp.priorities.rules.voting.election import Election, Whole
from cdp.priorities.rules.voting.terms import PLAIN, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Passed, Step, Tie, WhyNot

NEAR = 1e-9


@dataclass(slots=True)
class Loads:
    """Who was served last by which step, and the load that each step left."""

    election: Election
    served: Whole
    exact: list[Fraction] = field(default_factory=lambda: [Fraction(0)])
    rough: list[float] = field(default_factory=lambda: [0.0])

    def shares(self, index: int) -> Whole:
        """How many supporters of a candidate were last served by each step."""
        column = self.election.columns[index]
        weights = column.counts.astype(np.float64)
        sums = np.bincount(self.served[column.ballots], weights=weights, minlength=len(self.rough))
        return sums.astype(np.int64)

    def estimate(self, index: int) -> float:
        """The load that buying the candidate would leave, as a float."""
        votes = self.election.supporters[index]
        if not votes:
            return inf
        borne = float(self.shares(index) @ np.array(self.rough))
        return (self.election.costs[index] + borne) / votes

    def load(self, index: int) -> Fraction:
        """The load that buying the candidate would leave, exactly (it has supporters)."""
        borne = Fraction(self.election.costs[index])
        for count, load in zip(self.shares(index).tolist(), self.exact, strict=True):
            if count and load:
                borne += count * load
        return borne / self.election.supporters[index]

    def serve(self, index: int) -> Fraction | float:
        """Buy the candidate; returns the load of its supporters from now on."""
        if not self.election.supporters[index]:
            return inf
        load = self.load(index)
        self.served[self.election.columns[index].ballots] = len(self.exact)
        self.exact.append(load)
        self.rough.append(float(load))
        return load


def phragmen(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by least load until what would be bought next no longer fits."""
    room, places = begin(election, terms)
    loads = Loads(election, np.zeros(len(election.ballots.counts), np.int64))
    ties: list[Tie] = []
    queue, parked = _line_up(room)
    while queue:
        least = _least(room, loads, queue)
        if any(not room.fits(index) for index in least):
            queue += [(0.0, index) for index in least]
            break
        if not least:
            continue
        chosen = min(least, key=places.__getitem__)
        _buy(room, loads, chosen, least=least, ties=ties)
        for index in [*(one for one in least if one != chosen), *(one for one in parked if not room.waits(one))]:
            heappush(queue, (0.0, index))
        parked = [one for one in parked if room.waits(one)]
    standing = {index for _, index in queue} | set(parked)
    room.passed += [room.missed(index) for index in sorted(standing)]
    return outcome("phragmen", room, ties)


def _line_up(room: Room) -> tuple[list[tuple[float, int]], list[int]]:
    """The candidates as a heap of lower bounds, and those that wait for another."""
    election, queue, parked = room.election, [], []
    for index in room.eligible:
        if not room.fits(index):
            missing = election.costs[index] - room.left
            room.passed.append(Passed(election.candidates[index].id, WhyNot.OVER_BUDGET, missing=missing))
        elif room.waits(index):
            parked.append(index)
        else:
            votes = election.supporters[index]
            queue.append((election.costs[index] / votes * (1 - NEAR) if votes else inf, index))
    heapify(queue)
    return queue, parked


def _least(room: Room, loads: Loads, queue: list[tuple[float, int]]) -> list[int]:
    """Take the candidates with exactly the least load off the heap; the rest goes back with new bounds.

    Loads never fall, so an old value is a lower bound and only the top of the heap is worked out.
    """
    fresh: list[tuple[float, int]] = []
    best = inf
    while queue and queue[0][0] <= best * (1 + NEAR):
        _, index = heappop(queue)
        if (bar := room.barred(index)) is not None:
            room.passed.append(bar)
            continue
        value = loads.estimate(index)
        best = min(best, value)
        fresh.append((value, index))
    close = [index for value, index in fresh if value <= best * (1 + NEAR)]
    if len(close) > 1 and best < inf:
        exact = {index: loads.load(index) for index in close}
        least = min(exact.values())
        close = [index for index in close if exact[index] == least]
    kept = set(close)
    for value, index in fresh:
        if index not in kept:
            heappush(queue, (value * (1 - NEAR), index))
    return close


def _buy(room: Room, loads: Loads, chosen: int, *, least: list[int], ties: list[Tie]) -> None:
    """Buy the chosen one and write the step, and the tie if there was one."""
    candidates, votes = room.election.candidates, room.election.supporters[chosen]
    name, cost = candidates[chosen].id, candidates[chosen].cost
    if len(least) > 1:
        ties.append(Tie(len(room.taken) + 1, tuple(sorted(candidates[one].id for one in least)), name))
    load = loads.serve(chosen)
    room.take(chosen)
    value = load / room.election.unit
    room.steps.append(Step(name, cost, room.left, CountMeasure.LOAD, value, votes))

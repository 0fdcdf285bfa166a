"""Greedy by score: the highest total that still fits is taken, what does not fit is skipped.

The total is the votes where ballots approve, the points where they give points, the Borda points
where they rank.  A project with a total of nothing is taken too when it fits: set a least number of
votes where that is not wanted.  A project that waits for another is asked again when that one is in.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cmp_to_key

from cdp.priorities.rules.voting.conditions import Room
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.terms import PLAIN, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Step, Tie

Compare = Callable[[int, int], int]
"""Of two candidates: below zero when the first is better, zero when they are tied."""


def greedy(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by total score, best first."""
    room, places = begin(election, terms)
    ties: list[Tie] = []
    take_in_order(room, places, ties)
    return outcome("greedy", room, ties)


def take_in_order(room: Room, places: list[int], ties: list[Tie]) -> None:
    """Go through the eligible projects by total score and take what fits; adds steps and ties."""
    scores, grain = room.election.scores, room.election.grain

    def better(one: int, other: int) -> int:
        return scores[other] - scores[one]

    def step(index: int) -> Step:
        return _step(room, index, CountMeasure.SCORE, Fraction(scores[index], grain))

    choose(room, places, ties, better=better, step=step)


def choose(room: Room, places: list[int], ties: list[Tie], *, better: Compare, step: Callable[[int], Step]) -> None:
    """Take the best eligible project that is open, again and again; what is left is passed with a reason."""

    def rank(one: int, other: int) -> int:
        return better(one, other) or places[one] - places[other]

    queue = sorted(room.eligible, key=cmp_to_key(rank))
    place = 0
    waiting = bool(room.needs)
    while place < len(queue):
        index = queue[place]
        if not room.open_to(index):
            place += 1
            continue
        _note_tie(room, queue, place, ties=ties, better=better)
        room.take(index)
        room.steps.append(step(index))
        del queue[place]
        if waiting:
            place = 0
    room.passed += [room.missed(index) for index in queue]


def _note_tie(room: Room, queue: list[int], place: int, *, ties: list[Tie], better: Compare) -> None:
    """Record that others stood equal to the one at ``place`` and could have been taken instead."""
    index, equals, after = queue[place], [queue[place]], place + 1
    while after < len(queue) and better(index, queue[after]) == 0:
        if room.open_to(queue[after]):
            equals.append(queue[after])
        after += 1
    if len(equals) > 1:
        names = room.election.candidates
        tied = tuple(sorted(names[one].id for one in equals))
        ties.append(Tie(len(room.taken) + 1, tied, names[index].id))


def _step(room: Room, index: int, measure: CountMeasure, value: Fraction) -> Step:
    """A line of the trace about the project just taken."""
    candidate = room.election.candidates[index]
    votes = room.election.supporters[index]
    return Step(candidate.id, candidate.cost, room.left, measure, value, votes)

"""Greedy per dirham: the most points for each unit of money that still fits is taken first.

Compared by cross-multiplication, so no division rounds.  What costs nothing comes first when
somebody wants it, and last, with all the unwanted, when nobody does.
"""

from fractions import Fraction

from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.greedy import choose
from cdp.priorities.rules.voting.terms import PLAIN, Terms, begin, outcome
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Step, Tie


def greedy_per_cost(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by total score divided by cost, best first; a negative total counts as nothing."""
    room, places = begin(election, terms)
    scores = [max(score, 0) for score in election.scores]
    costs = [cost if score else 1 for cost, score in zip(election.costs, scores, strict=True)]
    ties: list[Tie] = []

    def better(one: int, other: int) -> int:
        if not costs[one] or not costs[other]:
            return costs[one] - costs[other]
        return scores[other] * costs[one] - scores[one] * costs[other]

    def step(index: int) -> Step:
        candidate = election.candidates[index]
        money = Fraction(candidate.cost, election.unit) or 1
        value = Fraction(scores[index], election.grain) / money
        votes = election.supporters[index]
        return Step(candidate.id, candidate.cost, room.left, CountMeasure.SCORE_PER_COST, value, votes)

    choose(room, places, ties, better=better, step=step)
    return outcome("greedy-per-cost", room, ties)

"""The counting rules again, slowly and with fractions only: what the fast ones are held against.

Written from the definitions, one voter at a time, sharing no code with the rules.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Ballot = Mapping[str, int]


def best(projects: Sequence[str], value, order: Mapping[str, int]):
    """The projects with the least value, and the one of them that the tie rule prefers."""
    least = min(value(project) for project in projects)
    tied = [project for project in projects if value(project) == least]
    return min(tied, key=order.__getitem__), tied


def total(ballots: Sequence[Ballot], project: str) -> int:
    return sum(ballot.get(project, 0) for ballot in ballots)


def greedy(budget: int, costs: Mapping[str, int], ballots: Sequence[Ballot], order: Mapping[str, int]) -> list[str]:
    chosen, left = [], budget
    while fitting := [one for one in costs if one not in chosen and costs[one] <= left]:
        winner, _ = best(fitting, lambda one: -total(ballots, one), order)
        chosen.append(winner)
        left -= costs[winner]
    return chosen


def greedy_per_cost(
    budget: int, costs: Mapping[str, int], ballots: Sequence[Ballot], order: Mapping[str, int]
) -> list[str]:
    def value(one: str) -> tuple[int, Fraction]:
        score = max(total(ballots, one), 0)
        if score and not costs[one]:
            return (0, Fraction(0))
        return (1, -Fraction(score, costs[one]) if score else Fraction(0))

    chosen, left = [], budget
    while fitting := [one for one in costs if one not in chosen and costs[one] <= left]:
        winner, _ = best(fitting, value, order)
        chosen.append(winner)
        left -= costs[winner]
    return chosen


def phragmen(budget: int, costs: Mapping[str, int], ballots: Sequence[Ballot], order: Mapping[str, int]) -> list[str]:
    loads = [Fraction(0)] * len(ballots)
    chosen: list[str] = []
    left = budget
    standing = [one for one in costs if costs[one] <= budget]

    def after(one: str) -> tuple[int, Fraction]:
        backers = [i for i, ballot in enumerate(ballots) if ballot.get(one, 0) > 0]
        if not backers:
            return (1, Fraction(0))
        return (0, (costs[one] + sum(loads[i] for i in backers)) / Fraction(len(backers)))

    while standing:
        winner, tied = best(standing, after, order)
        if any(costs[one] > left for one in tied):
            break
        load = after(winner)[1]
        for i, ballot in enumerate(ballots):
            if ballot.get(winner, 0) > 0:
                loads[i] = load
        chosen.append(winner)
        standing.remove(winner)
        left -= costs[winner]
    return chosen


def payment(cost: int, backers: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The least price per utility at which backers (money, utility) bring the cost together."""
    if sum(money for money, _ in backers) < cost:
        return None
    for ceiling in sorted({money / utility for money, utility in backers}):
        gathered = sum(min(money, ceiling * utility) for money, utility in backers)
        if gathered >= cost:
            rest = cost - sum(money for money, utility in backers if money / utility < ceiling)
            return rest / sum(utility for money, utility in backers if money / utility >= ceiling)
    raise AssertionError("enough money, yet no price")


def shares_once(
    costs: Mapping[str, int], ballots: Sequence[Ballot], order: Mapping[str, int], utility: str, share: Fraction
) -> tuple[list[str], list[Fraction]]:
    money = [share] * len(ballots)
    chosen: list[str] = []

    def worth(ballot: Ballot, one: str) -> Fraction:
        return Fraction(ballot.get(one, 0)) * (costs[one] if utility == "cost" else 1)

    def price(one: str) -> Fraction | None:
        backers = [i for i, ballot in enumerate(ballots) if ballot.get(one, 0) > 0]
        if not backers:
            return None
        if not costs[one]:
            return Fraction(-1)
        return payment(costs[one], [(money[i], worth(ballots[i], one)) for i in backers])

    while True:
        prices = {one: price(one) for one in costs if one not in chosen}
        prices = {one: value for one, value in prices.items() if value is not None}
        if not prices:
            return chosen, money
        winner, _ = best(list(prices), prices.__getitem__, order)
        for i, ballot in enumerate(ballots):
            if ballot.get(winner, 0) > 0 and costs[winner]:
                money[i] -= min(money[i], prices[winner] * worth(ballot, winner))
        chosen.append(winner)


def equal_shares(
    budget: int,
    costs: Mapping[str, int],
    ballots: Sequence[Ballot],
    order: Mapping[str, int],
    *,
    utility: str = "cost",
    completion: str = "none",
) -> list[str]:
    if not ballots:
        return []
    share = Fraction(budget, len(ballots))
    chosen, _ = shares_once(costs, ballots, order, utility, share)
    backed = [one for one in costs if any(ballot.get(one, 0) > 0 for ballot in ballots)]

    def spent(projects: Sequence[str]) -> int:
        return sum(costs[one] for one in projects)

    while completion != "none":
        if not [one for one in backed if one not in chosen and spent(chosen) + costs[one] <= budget]:
            break
        share += 1
        trial, _ = shares_once(costs, ballots, order, utility, share)
        if spent(trial) > budget:
            break
        chosen = trial
    if completion == "add1-greedy":
        rest = {one: cost for one, cost in costs.items() if one not in chosen}
        chosen = chosen + greedy(budget - spent(chosen), rest, ballots, order)
    return chosen

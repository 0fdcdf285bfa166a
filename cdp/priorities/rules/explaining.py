"""Why was it chosen, why was it not: the trace of a count as sentences anyone can check.

Each sentence is a message with its values; its words stand in the catalogs.  Nothing here decides
anything: it reads what the count left behind, and counts again where it says "with more votes".
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.priorities.rules.voting.election import Ballots, Election, VoteKind, frozen
from cdp.priorities.rules.voting.stakes import Floats
from cdp.priorities.rules.voting.terms import Utility
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome, Passed, Step, Tie, WhyNot

Recount = Callable[[Election], Outcome]
"""The published way to count, conditions and ties included."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What the voters of one project paid for another in equal shares, to the nearest unit of money."""

    project: str
    voters: int
    amount: int


@dataclass(frozen=True, slots=True)
class Telling:
    """The names that sentences use: a title by project (and by ceiling), and the currency of amounts.

    ``scale`` is how many minor units of the currency one smallest unit of the election is.
    """

    titles: Mapping[str, str]
    currency: str = "MAD"
    scale: int = 1

    def title(self, project: str) -> str:
        """What people call a project; its number where it has no title."""
        return self.titles.get(project, project)

    def money(self, amount: int | Fraction) -> Money:
        """An amount in smallest units of the election, rounded down."""
        return Money(int(amount * self.scale), self.currency)


def why(election: Election, outcome: Outcome, project: str, telling: Telling) -> tuple[Message, ...]:
    """Why this project was chosen, or why not; raises KeyError for a project that was not on the ballot."""
    election.index[project]
    ties = [tie for tie in outcome.ties if project in tie.projects]
    for place, step in enumerate(outcome.steps, start=1):
        if step.project == project:
            return (_chosen(outcome, step, place, telling=telling), *_won(ties, project, telling))
    for passed in outcome.passed:
        if passed.project == project:
            return (_not_chosen(election, passed, telling), *_lost(ties, project, telling))
    return (Message("why.not_reached", {"title": telling.title(project)}),)


def _chosen(outcome: Outcome, step: Step, place: int, *, telling: Telling) -> Message:
    """The sentence about the step that took it."""
    values = {
        "title": telling.title(step.project),
        "place": place,
        "supporters": step.supporters,
        "cost": telling.money(step.cost),
        "left": telling.money(step.left),
    }
    if step.measure is CountMeasure.PAYMENT:
        values |= {"in_full": step.in_full, "all_they_had": step.all_they_had}
        values["share"] = telling.money(outcome.share or 0)
        return Message("why.paid_by_some_in_full" if step.all_they_had else "why.paid_by_all", values)
    if step.measure in (CountMeasure.SCORE, CountMeasure.DUELS):
        values["points"] = _number(step.value)
    if step.measure is CountMeasure.MIX:
        values["points"] = hundredths(Fraction(step.value))
    return Message(f"why.{step.measure.value}", values)


def _not_chosen(election: Election, passed: Passed, telling: Telling) -> Message:
    """The sentence about what stood against it."""
    index = election.index[passed.project]
    values: dict[str, object] = {
        "title": telling.title(passed.project),
        "supporters": election.supporters[index],
        "cost": telling.money(election.costs[index]),
        "missing": telling.money(passed.missing or 0),
        "detail": passed.detail,
    }
    if passed.reason in (WhyNot.INCOMPATIBLE, WhyNot.PREREQUISITE, WhyNot.CEILING):
        values["detail"] = telling.title(passed.detail)
    if passed.reason is WhyNot.CANNOT_PAY:
        values["had"] = telling.money(election.costs[index] - (passed.missing or 0))
    return Message(f"why_not.{passed.reason.value}", values)


def _won(ties: list[Tie], project: str, telling: Telling) -> list[Message]:
    """It stood equal with others and was taken."""
    return [Message("why.tie_won", {"others": _others(tie, project, telling)}) for tie in ties if tie.chosen == project]


def _lost(ties: list[Tie], project: str, telling: Telling) -> list[Message]:
    """It stood equal with others, and one of them was taken."""
    return [Message("why_not.tie_lost", {"other": telling.title(tie.chosen)}) for tie in ties if tie.chosen != project]


def _others(tie: Tie, project: str, telling: Telling) -> str:
    """The titles of those it stood equal with."""
    return " · ".join(telling.title(one) for one in tie.projects if one != project)


def hundredths(part: Fraction) -> float:
    """A part of the whole in points of a hundred, to one decimal for people to read."""
    return round(float(part * 100), 1)


def _number(value: Fraction | float) -> int | float:
    """A whole number where it is one."""
    return int(value) if value == int(value) else float(value)


def payments(election: Election, outcome: Outcome, utility: Utility) -> Floats:
    """What a voter of each merged ballot paid at each step of equal shares, in smallest units.

    Shape (steps, ballots), nearest floats.  Steps that no voter paid for (pinned, free, completed
    greedily) are rows of nothing.
    """
    purses = np.full(len(election.ballots.counts), float(outcome.share or 0))
    paid = np.zeros((len(outcome.steps), len(purses)))
    for place, step in enumerate(outcome.steps):
        if step.measure is not CountMeasure.PAYMENT or not step.cost:
            continue
        column = election.columns[election.index[step.project]]
        worth = column.points.astype(np.float64) * (step.cost if utility is Utility.COST else 1)
        each = _part_of_each(purses[column.ballots], worth, column.counts.astype(np.float64), cost=step.cost)
        paid[place, column.ballots] = each
        purses[column.ballots] -= each
    return paid


def _part_of_each(purses: Floats, worth: Floats, counts: Floats, *, cost: int) -> Floats:
    """What each supporter pays: the same for each unit of worth, or all that is left."""
    reach = np.divide(purses, worth)
    order = np.argsort(reach)
    spent = np.concatenate(([0.0], np.cumsum((purses * counts)[order])[:-1]))
    weight = np.cumsum((worth * counts)[order][::-1])[::-1]
    rates = (cost - spent) / weight
    enough = np.flatnonzero(rates <= reach[order] * (1 + 1e-12))
    rate = float(rates[enough[0]]) if len(enough) else float("inf")
    paid: Floats = np.minimum(purses, rate * worth)
    return paid


def spent_elsewhere(
    election: Election, outcome: Outcome, project: str, *, utility: Utility, most: int = 5
) -> tuple[Paid, ...]:
    """What the voters of a project paid for others, dearest first: why they could not pay for this one."""
    ballots = election.columns[election.index[project]].ballots
    counts = election.ballots.counts[ballots].astype(np.float64)
    paid = payments(election, outcome, utility)[:, ballots]
    found = [
        Paid(step.project, int(counts[row > 0].sum()), round(float(row @ counts)))
        for step, row in zip(outcome.steps, paid, strict=True)
        if step.project != project and (row > 0).any()
    ]
    return tuple(sorted(found, key=lambda one: (-one.amount, one.project))[:most])


class _Tired(Exception):
    """Counted again often enough."""


@dataclass(slots=True)
class _Trials:
    """Counts again with more votes for a project, ``left`` times and no more."""

    election: Election
    recount: Recount
    left: int

    def is_chosen(self, project: str, more: int) -> bool:
        """Whether so many more voters for this project alone would have it chosen; raises _Tired."""
        if not self.left:
            raise _Tired
        self.left -= 1
        return project in self.recount(_with_more(self.election, project, more)).winners

    def least(self, project: str, too_few: int, enough: int) -> int:
        """The least number that is enough, between one that is not and one that is."""
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if self.is_chosen(project, middle):
                enough = middle
            else:
                too_few = middle
        return enough


def votes_lacking(election: Election, losers: Iterable[str], recount: Recount, *, times: int) -> dict[str, int]:
    """How many more voters for it alone would have had a loser chosen, all else the same.

    The numbers are found by counting again, at most so many ``times``: first what one more vote would
    do for each, then two, four and so on, so that those who missed it narrowly are told of.  For rules
    that are not monotone a smaller number may do as well.  Nothing is said of who would not be chosen
    by as many again as voted, nor where ballots rank (one more ranking has no single sense).
    """
    found: dict[str, int] = {}
    if election.kind is VoteKind.ORDINAL:
        return found
    trials, waiting = _Trials(election, recount, times), list(losers)
    too_few, enough, most = 0, 1, max(election.voters, 1)
    with suppress(_Tired):
        while waiting and too_few < most:
            for project in list(waiting):
                if trials.is_chosen(project, enough):
                    waiting.remove(project)
                    found[project] = trials.least(project, too_few, enough)
            too_few, enough = enough, min(enough * 2, most)
    return found


def _with_more(election: Election, project: str, number: int) -> Election:
    """The election with so many more ballots for one project, with the best mark anyone gave."""
    ballots = election.ballots
    mark = int(ballots.points.max(initial=election.grain))
    more = frozen(
        np.append(ballots.starts, ballots.starts[-1] + 1),
        np.append(ballots.choices, election.index[project]),
        np.append(ballots.points, mark),
        counts=np.append(ballots.counts, number),
    )
    return _again(election, more)


def _again(election: Election, ballots: Ballots) -> Election:
    """The same election with other ballots; what was worked out from the old ones is left behind."""
    return replace(election, ballots=ballots)

"""The same votes under every rule, and who gets what: equity is shown, people decide.

Law 09-08 (art. 11) lets no decision about people rest on a computation alone: what stands here is
laid before the panel and the council, and changes nothing by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.register import ALL, all_applicable
from cdp.priorities.rules.voting.terms import Terms, Utility
from cdp.priorities.rules.voting.trace import Outcome

FIFTH = Fraction(1, 5)
"""From this part of the votes on, to get nothing is worth a warning before adoption."""


@dataclass(frozen=True, slots=True)
class Count:
    """One way to count the votes and what comes out; ``utility`` only where the rule asks for one."""

    rule: str
    utility: Utility | None
    outcome: Outcome

    @property
    def winners(self) -> frozenset[str]:
        """The chosen projects, without their order."""
        return frozenset(self.outcome.winners)


@dataclass(frozen=True, slots=True)
class Share:
    """What a group asked for and what it got; ``asked`` is in voters or in points, money in smallest units.

    ``asked_part`` and ``money_part`` are parts of the whole, between 0 and 1.
    """

    group: str
    asked: int
    asked_part: Fraction
    projects: int
    money: int
    money_part: Fraction


@dataclass(frozen=True, slots=True)
class Served:
    """How many voters find at least one project they supported among the chosen, of how many."""

    voters: int
    with_one: int
    with_two: int


def side_by_side(election: Election, terms: Terms) -> tuple[Count, ...]:
    """The outcome under every rule that reads these ballots, all with the same conditions and tie rule."""
    counts = []
    for rule in all_applicable(election, terms):
        if rule == "equal-shares":
            counts += [
                Count(rule, utility, ALL[rule](election, replace(terms, utility=utility)))
                for utility in (Utility.COST, Utility.COUNT)
            ]
        else:
            counts.append(Count(rule, None, ALL[rule](election, terms)))
    return tuple(counts)


def differing(winners: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The projects that some rule chooses and another does not, in the order of their numbers."""
    chosen = list(winners)
    if not chosen:
        return ()
    return tuple(sorted(frozenset.union(*chosen) - frozenset.intersection(*chosen)))


def shares(
    election: Election, winners: Iterable[str], group_of: Mapping[str, str], *, asked: Mapping[str, int] | None = None
) -> tuple[Share, ...]:
    """Each group's part of the choice against its part of what was asked, largest asker first.

    ``group_of`` gives the group (a douar, a sector, a kind of proposer) of each project; those of no
    single group stand together under the empty name, last.  ``asked`` is how many voters each group has;
    without it a group has asked for the points (votes, when ballots approve) that its projects were given.
    Who asked for nothing and got nothing is left out.
    """
    wanted = dict(asked) if asked is not None else _points(election, group_of)
    chosen = [election.candidates[election.index[project]] for project in winners]
    number: dict[str, int] = {}
    money: dict[str, int] = {}
    for candidate in chosen:
        group = group_of.get(candidate.id, "")
        number[group] = number.get(group, 0) + 1
        money[group] = money.get(group, 0) + candidate.cost
    total, spent = sum(wanted.values()), sum(candidate.cost for candidate in chosen)
    there = {group for group, count in wanted.items() if count} | number.keys()
    groups = sorted(there, key=lambda group: (not group, -wanted.get(group, 0), group))
    return tuple(
        Share(
            group,
            wanted.get(group, 0),
            _part(wanted.get(group, 0), total),
            number.get(group, 0),
            money.get(group, 0),
            _part(money.get(group, 0), spent),
        )
        for group in groups
    )


def left_with_nothing(found: Iterable[Share], *, threshold: Fraction = FIFTH) -> tuple[Share, ...]:
    """The groups that asked for at least this part of the whole and got no project."""
    return tuple(share for share in found if share.group and share.asked_part >= threshold and not share.projects)


def served(election: Election, winners: Iterable[str]) -> Served:
    """How many voters see a project they gave more than nothing among the chosen."""
    chosen = {election.index[project] for project in winners}
    hits = [0] * len(election.ballots.counts)
    for index in chosen:
        for ballot in election.columns[index].ballots.tolist():
            hits[ballot] += 1
    counts = election.ballots.counts.tolist()
    with_one = sum(count for count, hit in zip(counts, hits, strict=True) if hit)
    with_two = sum(count for count, hit in zip(counts, hits, strict=True) if hit > 1)
    return Served(election.voters, with_one, with_two)


def _points(election: Election, group_of: Mapping[str, str]) -> dict[str, int]:
    """The points that the projects of each group were given; points below nothing ask for nothing."""
    points: dict[str, int] = {}
    for candidate, score in zip(election.candidates, election.scores, strict=True):
        group = group_of.get(candidate.id, "")
        points[group] = points.get(group, 0) + max(score, 0)
    return points


def _part(amount: int, whole: int) -> Fraction:
    """A part of the whole; nothing of nothing is nothing."""
    return Fraction(amount, whole) if whole else Fraction(0)

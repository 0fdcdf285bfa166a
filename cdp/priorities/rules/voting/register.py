"""The counting rules by the names that charters, exports and the terminal use."""

from collections.abc import Callable
from types import MappingProxyType

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.borda import borda
from cdp.priorities.rules.voting.election import Election, VoteKind
from cdp.priorities.rules.voting.equal_shares import equal_shares
from cdp.priorities.rules.voting.greedy import greedy
from cdp.priorities.rules.voting.greedy_per_cost import greedy_per_cost
from cdp.priorities.rules.voting.mixing import mixed
from cdp.priorities.rules.voting.pairwise import copeland
from cdp.priorities.rules.voting.phragmen import phragmen
from cdp.priorities.rules.voting.terms import PLAIN, Terms
from cdp.priorities.rules.voting.trace import Outcome

Rule = Callable[[Election, Terms], Outcome]

RULES: MappingProxyType[str, Rule] = MappingProxyType(
    {
        "greedy": greedy,
        "greedy-per-cost": greedy_per_cost,
        "borda": borda,
        "phragmen": phragmen,
        "equal-shares": equal_shares,
    }
)
"""The rules that need nothing but ballots that approve, rank or give points."""

ALL: MappingProxyType[str, Rule] = MappingProxyType({**RULES, "copeland": copeland, "mixed": mixed})
"""Every rule: those two need more, comparisons two by two and the marks of a panel."""


def applicable(kind: VoteKind) -> tuple[str, ...]:
    """The names of the rules that read this kind of ballot."""
    return tuple(name for name in RULES if name != "borda" or kind is VoteKind.ORDINAL)


def all_applicable(election: Election, terms: Terms) -> tuple[str, ...]:
    """The names of the rules that read this election by these terms, those that need more included."""
    more = {"copeland": election.duels is not None, "mixed": terms.panel is not None}
    return (*applicable(election.kind), *(name for name in more if more[name]))


def count(rule: str, election: Election, terms: Terms = PLAIN) -> Outcome:
    """Count by the rule of that name; raises RuleBroken for an unknown or unfitting rule."""
    if rule not in ALL:
        raise RuleBroken("voting.unknown_rule", rule=rule)
    return ALL[rule](election, terms)

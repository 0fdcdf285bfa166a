"""The counting rules by the names that charters, exports and the terminal use."""

from collections.abc import Callable
from types import MappingProxyType

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.borda import borda
from cdp.priorities.rules.voting.election import Election, VoteKind
from cdp.priorities.rules.voting.equal_shares import equal_shares
from cdp.priorities.rules.voting.greedy import greedy
from cdp.priorities.rules.voting.greedy_per_cost import greedy_per_cost
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


def applicable(kind: VoteKind) -> tuple[str, ...]:
    """The names of the rules that read this kind of ballot."""
    return tuple(name for name in RULES if name != "borda" or kind is VoteKind.ORDINAL)


def count(rule: str, election: Election, terms: Terms = PLAIN) -> Outcome:
    """Count by the rule of that name; raises RuleBroken for an unknown or unfitting rule."""
    if rule not in RULES:
        raise RuleBroken("voting.unknown_rule", rule=rule)
    return RULES[rule](election, terms)

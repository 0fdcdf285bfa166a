"""What is kept beside a count, worked out once when it is made: other rules, and what the losers lacked.

Published results are read by many and on small machines: a page must not count again.  What is kept is
plain data, like the trace it lies in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdp.priorities.rules.comparison import side_by_side
from cdp.priorities.rules.explaining import votes_lacking
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.register import ALL
from cdp.priorities.rules.voting.terms import Terms
from cdp.priorities.rules.voting.trace import Outcome, WhyNot

RECOUNTS = 24
"""So often the votes are counted again to say what losers lacked; those nearest to be chosen come first."""

MANY_BALLOTS = 5_000
MANY_PROJECTS = 60
"""Above these the count is not made again for the projects that lost."""


@dataclass(frozen=True, slots=True)
class Other:
    """The same votes by one rule: ``utility`` only where the rule asks for one."""

    rule: str
    utility: str | None
    winners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """All rules that read these votes; by project that lost, how many more votes would have been enough."""

    others: tuple[Other, ...]
    lacking: Mapping[str, int]

    def kept(self) -> dict[str, Any]:
        """The same as plain values."""
        others = [{"rule": o.rule, "utility": o.utility, "winners": sorted(o.winners)} for o in self.others]
        return {"others": others, "lacking": dict(self.lacking)}


def read_beside(kept: Mapping[str, Any]) -> Beside:
    """What ``Beside.kept`` gave."""
    others = tuple(Other(one["rule"], one["utility"], frozenset(one["winners"])) for one in kept["others"])
    return Beside(others, dict(kept["lacking"]))


def beside(election: Election, terms: Terms, outcome: Outcome) -> Beside:
    """What to keep with this outcome, which these votes gave by these terms."""
    counts = side_by_side(election, terms)
    others = tuple(Other(one.rule, one.utility.value if one.utility else None, one.winners) for one in counts)
    return Beside(others, _lacking(election, terms, outcome))


def _lacking(election: Election, terms: Terms, outcome: Outcome) -> dict[str, int]:
    """How many more votes for it alone would have had a loser chosen, where that can be told."""
    if election.duels is not None:
        return {}
    if len(election.ballots.counts) > MANY_BALLOTS or len(election.candidates) > MANY_PROJECTS:
        return {}
    losers = [one.project for one in outcome.passed if one.reason is not WhyNot.EXCLUDED]
    nearest = sorted(losers, key=lambda one: (-election.scores[election.index[one]], one))
    rule = ALL[outcome.rule]
    return votes_lacking(election, nearest, lambda other: rule(other, terms), times=RECOUNTS)

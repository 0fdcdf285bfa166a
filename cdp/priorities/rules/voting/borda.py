"""Borda: of ``m`` projects that a voter ranks the first gets ``m`` points, the last gets one.

So says Pabulib too.  Projects that a voter did not rank get nothing from that voter.  The totals
then choose as in ``greedy``.  Only rankings have Borda points: other ballots are refused.
"""

from dataclasses import replace

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.election import Election, VoteKind
from cdp.priorities.rules.voting.greedy import greedy
from cdp.priorities.rules.voting.terms import PLAIN, Terms
from cdp.priorities.rules.voting.trace import Outcome


def borda(election: Election, terms: Terms = PLAIN) -> Outcome:
    """Choose by Borda points, best first; raises RuleBroken unless voters ranked."""
    if election.kind is not VoteKind.ORDINAL:
        raise RuleBroken("voting.not_applicable", rule="borda", kind=election.kind.value)
    return replace(greedy(election, terms), rule="borda")

"""Who may do what with a file: the office of its commune, in its days, never for what one asks oneself."""

from collections.abc import Mapping

from cdp.kernel.predicate import Policy
from cdp.people.actor import Actor
from cdp.proposals.policy import IS_PARTY, Case, is_office, round_reviews
from cdp.proposals.states import ProposalState
from cdp.review.states import ReviewStep

S = ProposalState

JUDGES = is_office & ~IS_PARTY & round_reviews

MAY_READ = is_office
"""Who opens a file at the desk; what it holds is public, its forms are not."""

POLICY: Policy[ReviewStep] = dict.fromkeys(ReviewStep, JUDGES)

POSSIBLE: Mapping[ReviewStep, frozenset[ProposalState]] = {
    ReviewStep.FIND: frozenset({S.SUBMITTED}),
    ReviewStep.ESTIMATE: frozenset({S.SUBMITTED, S.RETURNED, S.ADMITTED}),
    ReviewStep.ADMIT: frozenset({S.SUBMITTED}),
    ReviewStep.RETURN: frozenset({S.SUBMITTED}),
    ReviewStep.REFUSE: frozenset({S.SUBMITTED, S.RETURNED}),
    ReviewStep.MERGE: frozenset({S.SUBMITTED, S.ADMITTED}),
    ReviewStep.REOPEN: frozenset({S.ADMITTED, S.REFUSED, S.MERGED}),
}
"""From which states of a proposal each step is possible; the moves stand so in its own life too."""


def allowed_steps(actor: Actor, case: Case) -> frozenset[ReviewStep]:
    """What this actor may do now with this file: states and rights together."""
    return frozenset(step for step in ReviewStep if case.state in POSSIBLE[step] and POLICY[step](actor, case))

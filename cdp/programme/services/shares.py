"""Partners' shares of an admitted proposal's cost."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import Message, RuleBroken
from cdp.kernel.money import LARGEST, Money
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import PartnerShare
from cdp.programme.policy import POLICY
from cdp.programme.rules.drafting import PartShare, preset_problem
from cdp.programme.states import PlanStep
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.queries.costs import costs
from cdp.rounds import queries as rounds
from cdp.rounds.states import Source
from cdp.store.audit import record

LONGEST_PARTY = 120


def set_shares(db: Session, actor: Actor, proposal: Proposal, shares: Sequence[PartShare], *, preset: str = "") -> None:
    """Write down what partners bear of an admitted proposal's cost, instead of what was written before.

    ``preset`` names a share rule that is checked (``fit.presets``). The draft takes it in when it is drafted anew.
    RuleBroken "programme.shares_of_admitted", "programme.no_cost", "programme.share_not_positive",
    "programme.share_of_the_commune", "programme.share_twice", "programme.shares_above_cost", or what the rule says.
    """
    card = rounds.card_of(db, proposal.commune_id, proposal.round_id)
    authorize(POLICY, PlanStep.SHARE, actor, queries.plan_case(db, card, today()))
    actor = actor.under_mandate(proposal.commune_id, Role.OFFICER)
    if proposal.state is not ProposalState.ADMITTED:
        raise RuleBroken("programme.shares_of_admitted", state=proposal.state)
    cost = costs(db, [proposal.id]).get(proposal.id)
    if not cost:
        raise RuleBroken("programme.no_cost", number=proposal.number)
    if problem := _problem(shares, cost) or (preset_problem(preset, cost.minor, shares) if preset else None):
        raise RuleBroken(problem)
    db.execute(delete(PartnerShare).where(PartnerShare.proposal_id == proposal.id))
    for share in shares:
        db.add(
            PartnerShare(
                commune_id=proposal.commune_id,
                proposal_id=proposal.id,
                source=share.source,
                party=share.party.strip()[:LONGEST_PARTY],
                amount_minor=share.amount,
                sureness=share.sureness,
            )
        )
    detail = {share.source.value: share.amount for share in shares}
    record(db, actor, "programme.share", proposal, shares=detail, preset=preset)
    db.flush()


def _problem(shares: Sequence[PartShare], cost: Money) -> Message | None:
    summed = sum(share.amount for share in shares)
    names = [(share.source, share.party.strip()) for share in shares]
    doubts = {
        "programme.share_not_positive": any(not 0 < share.amount <= LARGEST for share in shares),
        "programme.share_of_the_commune": any(share.source is Source.OWN for share in shares),
        "programme.share_twice": len(set(names)) < len(names),
        "programme.shares_above_cost": summed > cost.minor,
    }
    values = {"summed": Money(summed), "cost": cost}
    return next((Message(key, values) for key, holds in doubts.items() if holds), None)

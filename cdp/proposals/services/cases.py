"""What the services share: a proposal locked for this act, its case, the capacity somebody writes in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.people.actor import Actor
from cdp.proposals.models import Proposal
from cdp.proposals.policy import WRITERS_FOR_OTHERS, Case
from cdp.proposals.states import Channel
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round

CHANGING = ("state", "number", "group_id", "correct_until", "merged_into_id", "submitted_at", "support_count")


def locked(db: Session, proposal: Proposal) -> Proposal:
    """The proposal as it stands now, with its row held until the act is committed."""
    db.flush()
    db.execute(select(Proposal.id).where(Proposal.id == proposal.id).with_for_update())
    db.refresh(proposal, CHANGING)
    return proposal


def case_of(db: Session, proposal: Proposal) -> Case:
    """The proposal with the card of its round, today."""
    return Case(proposal, rounds.card(db, db.get_one(Round, proposal.round_id)), today())


def writing(actor: Actor, proposal: Proposal) -> Actor:
    """The actor in the capacity in which they write this proposal: for its group, for another, for themselves."""
    if proposal.group_id is not None and proposal.group_id in actor.groups:
        return actor.for_group(proposal.group_id)
    if proposal.channel is not Channel.SCREEN and actor.holds(proposal.commune_id, *WRITERS_FOR_OTHERS):
        return actor.under_mandate(proposal.commune_id, *WRITERS_FOR_OTHERS)
    return actor

"""Supports: a person stands behind a proposal and may take that back; nobody moves a support."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import SELF, Actor
from cdp.people.models import Person
from cdp.proposals.models import Proposal, Support
from cdp.proposals.policy import MAY_TAKE_BACK, POLICY
from cdp.proposals.services.cases import case_of, locked
from cdp.proposals.states import LIFE, Step
from cdp.store.audit import record


def support(db: Session, actor: Actor, proposal: Proposal) -> None:
    """Stand behind a proposal, as oneself; a second time changes nothing.

    RuleBroken("proposals.supports_used_up") at the charter's number of supports each person has.
    """
    actor.known()
    case = case_of(db, locked(db, proposal))
    authorize(POLICY, Step.SUPPORT, actor, case)
    LIFE.next(proposal.state, Step.SUPPORT)
    given = _of(db, actor, proposal)
    if given is not None and given.withdrawn_at is None:
        return
    if case.card.charter.supports_each is not None:
        _has_one_left(db, actor, proposal, most=case.card.charter.supports_each)
    if given is None:
        db.add(
            Support(
                commune_id=proposal.commune_id,
                proposal_id=proposal.id,
                person_id=actor.known(),
                capacity=str(SELF),
                given_at=now(),
            )
        )
    else:
        given.withdrawn_at, given.given_at = None, now()
    proposal.support_count += 1
    record(db, actor, "proposals.support", proposal)
    db.flush()


def take_back(db: Session, actor: Actor, proposal: Proposal) -> None:
    """Take one's support back while supports are open; without one nothing changes."""
    actor.known()
    if not MAY_TAKE_BACK(actor, case_of(db, locked(db, proposal))):
        raise Refused("proposals.supports_closed")
    LIFE.next(proposal.state, Step.SUPPORT)
    given = _of(db, actor, proposal)
    if given is None or given.withdrawn_at is not None:
        return
    given.withdrawn_at = now()
    proposal.support_count -= 1
    record(db, actor, "proposals.take_back", proposal)
    db.flush()


def _of(db: Session, actor: Actor, proposal: Proposal) -> Support | None:
    return db.scalar(select(Support).where(Support.proposal_id == proposal.id, Support.person_id == actor.person_id))


def _has_one_left(db: Session, actor: Actor, proposal: Proposal, *, most: int) -> None:
    """RuleBroken once a person has given as many supports in this round as the charter allows."""
    db.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update())
    used = db.scalar(
        select(func.count())
        .select_from(Support)
        .join(Proposal, Proposal.id == Support.proposal_id)
        .where(
            Support.person_id == actor.person_id,
            Support.withdrawn_at.is_(None),
            Proposal.round_id == proposal.round_id,
        )
    )
    if (used or 0) >= most:
        raise RuleBroken("proposals.supports_used_up", most=most)

"""Supports: a person stands behind a proposal and may take that back; nobody moves a support."""

from typing import Any

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import SELF, Actor
from cdp.people.models import Person
from cdp.proposals.models import Proposal, Support
from cdp.proposals.policy import MAY_TAKE_BACK, POLICY
from cdp.proposals.services.cases import held
from cdp.proposals.states import LIFE, Step
from cdp.store.audit import record
from cdp.store.base import table_of
from cdp.store.ready import Deed, Ready, told


def support(db: Session, actor: Actor, proposal: Proposal) -> None:
    """Stand behind a proposal, as oneself; a second time changes nothing.

    RuleBroken("proposals.supports_used_up") at the charter's number of supports each person has.
    """
    actor.known()
    case = held(db, proposal)
    authorize(POLICY, Step.SUPPORT, actor, case)
    LIFE.next(proposal.state, Step.SUPPORT)
    given = _of(db, actor, proposal)
    if given is not None and given.withdrawn_at is None:
        return
    if case.card.charter.supports_each is not None:
        _has_one_left(db, actor, proposal, most=case.card.charter.supports_each)
    if given is None:
        row = {"commune_id": proposal.commune_id, "proposal_id": proposal.id, "person_id": actor.known()}
        _give.run(db, row | {"capacity": str(SELF), "given_at": now()})
    else:
        again = db.get_one(Support, given.id)
        again.withdrawn_at, again.given_at = None, now()
    _count(db, proposal, 1)
    record(db, actor, "proposals.support", proposal)
    db.flush()


def take_back(db: Session, actor: Actor, proposal: Proposal) -> None:
    """Take one's support back while supports are open; without one nothing changes."""
    actor.known()
    if not MAY_TAKE_BACK(actor, held(db, proposal)):
        raise Refused("proposals.supports_closed")
    LIFE.next(proposal.state, Step.SUPPORT)
    given = _of(db, actor, proposal)
    if given is None or given.withdrawn_at is not None:
        return
    db.get_one(Support, given.id).withdrawn_at = now()
    _count(db, proposal, -1)
    record(db, actor, "proposals.take_back", proposal)
    db.flush()


_give = Deed(lambda _dialect: insert(table_of(Support)).inline())
_given = Ready(
    lambda: select(Support.id, Support.withdrawn_at).where(
        Support.proposal_id == bindparam("proposal"), Support.person_id == bindparam("person")
    )
)


def _of(db: Session, actor: Actor, proposal: Proposal) -> Any:
    """Number of this person's support and when it was taken back, or None."""
    return _given.first(db, proposal=proposal.id, person=actor.person_id)


def _counting(_dialect: str) -> Any:
    table = table_of(Proposal)
    counted = table.c.support_count + bindparam("more", type_=Integer)
    return update(table).where(table.c.id == bindparam("proposal")).values(support_count=counted)


_counted = Deed(_counting)


def _count(db: Session, proposal: Proposal, more: int) -> None:
    """One support more or less, counted by the database beside the support itself."""
    _counted.run(db, {"proposal": proposal.id, "more": more})
    told(proposal, {"support_count": proposal.support_count + more})


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

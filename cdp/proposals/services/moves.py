"""Moves that later stages make: the review returns, admits, refuses, merges; the plan takes in or leaves out."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.proposals.models import Proposal, Support
from cdp.proposals.policy import OFFICE, POLICY
from cdp.proposals.services.cases import held
from cdp.proposals.services.counting import counted
from cdp.proposals.states import LIFE, ProposalState, Step
from cdp.store.audit import record

MOVES = frozenset(
    {Step.RETURN, Step.ADMIT, Step.REFUSE, Step.MERGE, Step.REOPEN, Step.PROGRAMME, Step.LEAVE_OUT},
)
TARGETS = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.ADMITTED})


def move(
    db: Session,
    actor: Actor,
    proposal: Proposal,
    step: Step,
    *,
    correct_until: date | None = None,
    into: Proposal | None = None,
) -> None:
    """Take one of :data:`MOVES`; the stage that calls keeps the reason and tells the author.

    ``correct_until`` goes with RETURN: the last day for correcting, not before today; ``into`` with MERGE: a
    proposal of the same round that stands. Supports are never moved: supporters are told and asked.
    RuleBroken "errors.step_not_possible", "proposals.correct_until_missing", "proposals.merge_into_itself",
    "proposals.merge_target".
    """
    if step not in MOVES:
        raise ValueError(f"{step} is no move")
    authorize(POLICY, step, actor, held(db, proposal))
    actor = actor.under_mandate(proposal.commune_id, *OFFICE)
    state = LIFE.next(proposal.state, step)
    if step is Step.RETURN and (correct_until is None or correct_until < today()):
        raise RuleBroken("proposals.correct_until_missing")
    if step is Step.MERGE:
        _check_target(proposal, into)
    with counted(db, proposal):
        proposal.state = state
        proposal.correct_until = correct_until if step is Step.RETURN else None
        proposal.merged_into_id = into.id if step is Step.MERGE and into is not None else None
    detail = {"into": into.number} if step is Step.MERGE and into is not None else {}
    record(db, actor, f"proposals.{step.value}", proposal, **detail)
    if step is Step.MERGE and into is not None:
        _ask_supporters(db, proposal, into)


def _check_target(proposal: Proposal, into: Proposal | None) -> None:
    if into is None or into.id == proposal.id:
        raise RuleBroken("proposals.merge_into_itself")
    if into.round_id != proposal.round_id or into.state not in TARGETS:
        raise RuleBroken("proposals.merge_target")


def _ask_supporters(db: Session, proposal: Proposal, into: Proposal) -> None:
    """Tell each standing supporter where it went; whether they support that too is theirs to say."""
    people = db.scalars(
        select(Support.person_id).where(Support.proposal_id == proposal.id, Support.withdrawn_at.is_(None))
    )
    for person_id in people.all():
        post(
            db,
            person_id,
            "proposal_merged",
            commune_id=proposal.commune_id,
            once=f"proposal_merged:{proposal.id}:{into.id}:{person_id}",
            number=proposal.number,
            into=into.number,
        )

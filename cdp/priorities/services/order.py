"""The order is set by people: a place other than the count's, or none, with the reason the public reads."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.priorities import queries
from cdp.priorities.models import RankDecision
from cdp.priorities.policy import POLICY
from cdp.priorities.states import PanelStep
from cdp.proposals.models import Proposal
from cdp.proposals.policy import OFFICE
from cdp.rounds.models import Round
from cdp.store.audit import record

LONGEST_REASON = 4000


def set_place(
    db: Session, actor: Actor, proposal: Proposal, position: int | None, *, reason: str, language: str
) -> RankDecision:
    """Give a proposal a place in the final order (from 1), or none; append-only, the latest stands.

    RuleBroken: "priorities.reason_needed", "priorities.reason_too_long", "priorities.marks_hidden" while its
    marks are not open, "priorities.no_such_place", "priorities.place_is_taken" by another decision. The same
    decision again changes nothing.
    """
    _lock(db, proposal)
    case = queries.case_of(db, proposal, None)
    authorize(POLICY, PanelStep.SET_PLACE, actor, case)
    actor = actor.under_mandate(proposal.commune_id, *OFFICE)
    written = reason.strip()
    if not written:
        raise RuleBroken("priorities.reason_needed")
    if len(written) > LONGEST_REASON:
        raise RuleBroken("priorities.reason_too_long", longest=LONGEST_REASON)
    last = _last(db, proposal)
    if last is not None and (last.position, last.reason) == (position, written):
        return last
    _check(queries.ranking(db, case.card, today()), proposal, position)
    made = RankDecision(
        commune_id=proposal.commune_id,
        round_id=proposal.round_id,
        proposal_id=proposal.id,
        position=position,
        reason=written,
        reason_language=language,
        decided_by_id=actor.known(),
        capacity=str(actor.capacity),
        decided_at=now(),
    )
    db.add(made)
    db.flush()
    record(db, actor, "priorities.set_place", proposal, position=position)
    return made


def _check(ranking: queries.Ranking, proposal: Proposal, position: int | None) -> None:
    if proposal.id not in {row.id for row in ranking.rows}:
        raise RuleBroken("priorities.marks_hidden")
    if position is None:
        return
    if not 1 <= position <= len(ranking.rows):
        raise RuleBroken("priorities.no_such_place", last=len(ranking.rows))
    others = {row.decided.position for row in ranking.rows if row.decided is not None and row.id != proposal.id}
    if position in others:
        raise RuleBroken("priorities.place_is_taken", position=position)


def _last(db: Session, proposal: Proposal) -> RankDecision | None:
    return db.scalar(
        select(RankDecision).where(RankDecision.proposal_id == proposal.id).order_by(RankDecision.id.desc()).limit(1)
    )


def _lock(db: Session, proposal: Proposal) -> None:
    """One decision about the order of a round after the other."""
    db.flush()
    db.execute(select(Round.id).where(Round.id == proposal.round_id).with_for_update())
    db.refresh(proposal, ["state", "group_id", "author_id"])

"""Wishes about one's own data: asked in one's space, answered by the office within ten full days (law 09-08 art. 8)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now, today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.models import DataRequest
from cdp.people.policy import OFFICE_POLICY
from cdp.people.rules import due_on
from cdp.people.states import DataRequestKind, OfficeStep, Role
from cdp.store.audit import record


def ask(db: Session, actor: Actor, commune_id: int, *, kind: DataRequestKind, text: str) -> DataRequest:
    """Ask for a correction (saying which) or for erasure; the same open wish is not asked twice."""
    person_id = actor.known()
    commune = db.get(Commune, commune_id)
    if commune is None or commune.opened_on is None:
        raise NotFound
    if kind is DataRequestKind.CORRECT and not text.strip():
        raise RuleBroken("people.say_what_to_correct")
    waiting: DataRequest | None = db.scalar(
        select(DataRequest).where(
            DataRequest.person_id == person_id,
            DataRequest.commune_id == commune_id,
            DataRequest.kind == kind,
            DataRequest.text == text.strip(),
            DataRequest.answered_at.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    request = DataRequest(
        commune_id=commune_id,
        person_id=person_id,
        kind=kind,
        text=text.strip(),
        asked_at=now(),
        due_on=due_on(today()),
    )
    db.add(request)
    db.flush()
    record(db, actor, "people.ask_about_data", request, kind=kind.value)
    return request


def answer(db: Session, actor: Actor, request: DataRequest, *, text: str) -> None:
    """The office says what it did, or why it may not; the answer is kept with the wish."""
    authorize(OFFICE_POLICY, OfficeStep.ANSWER_REQUEST, actor, request)
    actor = actor.under_mandate(int(request.commune_id or 0), Role.OFFICER, Role.PRESIDENT)
    if request.answered_at is not None:
        raise RuleBroken("people.answered_before")
    if not text.strip():
        raise RuleBroken("people.say_the_answer")
    request.answer = text.strip()
    request.answered_at = now()
    request.answered_by_id = actor.known()
    record(db, actor, "people.answer_about_data", request, kind=request.kind.value)
    db.flush()

"""Wishes about one's data carried out across all stages: answered, or the person is emptied (law 09-08 art. 8)."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from cdp.funding.services import forgetting as funding
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.meetings import forgetting as meetings
from cdp.notices import services as notices
from cdp.notices.services import post
from cdp.papers import forgetting as papers
from cdp.people.actor import Actor
from cdp.people.models import DataRequest, Person
from cdp.people.policy import OFFICE_POLICY
from cdp.people.services import data_requests
from cdp.people.services import forgetting as people
from cdp.people.states import DataRequestKind, OfficeStep, Role
from cdp.priorities.services import forgetting as priorities
from cdp.proposals.services import forgetting as proposals
from cdp.store.audit import record
from cdp.teams import services as teams

Forget = Callable[[Session, Actor, Person], None]

FORGET: tuple[Forget, ...] = (
    funding.forget,
    priorities.forget,
    teams.forget,
    proposals.forget,
    meetings.forget,
    papers.forget,
    notices.forget,
    people.forget,
)
"""Every stage that keeps something of persons, the last of the process first, the person itself at the end.

Each says in its docstring what goes and what stays. The other stages (rounds, review, programme, delivery) know who
acted by a number alone: their acts stay as they are, and the number leads to a person without a name.
"""


def answer(db: Session, actor: Actor, request: DataRequest, *, text: str) -> None:
    """Answer a wish; the person finds the answer in their space and by letter."""
    data_requests.answer(db, actor, request, text=text)
    post(db, request.person_id, "data_answered", commune_id=request.commune_id, once=f"data_answered:{request.id}")


def erase(db: Session, actor: Actor, request: DataRequest) -> None:
    """Empty a person who asked for it: what they did stays, under "a person"; what names them is gone.

    RuleBroken: "people.not_an_erasure", "people.answered_before", "people.erase_after_mandate".
    """
    authorize(OFFICE_POLICY, OfficeStep.ANSWER_REQUEST, actor, request)
    actor = actor.under_mandate(int(request.commune_id or 0), Role.OFFICER, Role.PRESIDENT)
    if request.kind is not DataRequestKind.ERASE:
        raise RuleBroken("people.not_an_erasure")
    if request.answered_at is not None:
        raise RuleBroken("people.answered_before")
    person = db.get(Person, request.person_id)
    if person is None:
        raise NotFound
    for forget in FORGET:
        forget(db, actor, person)
    record(db, actor, "people.erase", request)
    db.flush()

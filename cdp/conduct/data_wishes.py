"""Wishes about one's data carried out across all stages: answered, or the person is emptied (law 09-08 art. 8)."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.funding.models import Pledge
from cdp.kernel.clock import now, today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.notices.models import Mail, Notice
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.models import Belonging, DataRequest, GroupMember, Mandate, Passkey, Person, SignInCard
from cdp.people.policy import OFFICE_POLICY
from cdp.people.services import data_requests
from cdp.people.states import DataRequestKind, OfficeStep, Role, ShownAs
from cdp.proposals.models import Attachment, Proposal
from cdp.proposals.states import ProposalState
from cdp.store.audit import record
from cdp.store.files import StoredFile
from cdp.teams.models import Invitation, Membership, RoomMessage
from cdp.teams.states import Ending


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
    if _has_mandate(db, person.id):
        raise RuleBroken("people.erase_after_mandate")
    _take_out(db, person.id)
    _drop_drafts(db, person.id)
    _end_memberships(db, person.id)
    _empty(person)
    request.text = ""
    request.answered_at = now()
    request.answered_by_id = actor.known()
    record(db, actor, "people.erase", request)
    db.flush()


def _has_mandate(db: Session, person_id: int) -> bool:
    held = select(Mandate.id).where(
        Mandate.person_id == person_id, Mandate.until.is_(None) | (Mandate.until >= today())
    )
    return db.scalar(held.limit(1)) is not None


def _take_out(db: Session, person_id: int) -> None:
    """Rows that only name or reach the person."""
    for table in (Passkey, SignInCard, Mail, Notice, Belonging):
        db.execute(delete(table).where(table.person_id == person_id))


def _drop_drafts(db: Session, person_id: int) -> None:
    """What was never handed in, with its files; a group's draft stays with the group."""
    drafts = list(
        db.scalars(
            select(Proposal.id).where(
                Proposal.author_id == person_id,
                Proposal.state == ProposalState.DRAFT,
                Proposal.group_id.is_(None),
            )
        )
    )
    if not drafts:
        return
    files = list(db.scalars(select(Attachment.file_id).where(Attachment.proposal_id.in_(drafts))))
    db.execute(delete(Attachment).where(Attachment.proposal_id.in_(drafts)))
    db.execute(delete(StoredFile).where(StoredFile.id.in_(files), StoredFile.id.not_in(select(Attachment.file_id))))
    db.execute(delete(Proposal).where(Proposal.id.in_(drafts)))


def _end_memberships(db: Session, person_id: int) -> None:
    """What lasts ends today; what was done or promised stays, without a name."""
    yesterday = today() - timedelta(days=1)
    db.execute(update(GroupMember).where(GroupMember.person_id == person_id).values(may_act=False))
    db.execute(
        update(GroupMember)
        .where(GroupMember.person_id == person_id, GroupMember.until.is_(None) | (GroupMember.until > yesterday))
        .values(until=yesterday)
    )
    db.execute(
        update(Membership)
        .where(Membership.person_id == person_id, Membership.until >= today(), Membership.ended_on.is_(None))
        .values(ended_on=today(), ending=Ending.ERASED)
    )
    unnamed = {"shown_as": ShownAs.ANONYMOUS, "city": ""}
    db.execute(update(Membership).where(Membership.person_id == person_id).values(**unnamed))
    db.execute(update(Pledge).where(Pledge.person_id == person_id).values(shown_as=ShownAs.ANONYMOUS))
    db.execute(update(RoomMessage).where(RoomMessage.person_id == person_id).values(shown_name=""))
    db.execute(update(Invitation).where(Invitation.taken_by_id == person_id).values(name="", words=""))


def _empty(person: Person) -> None:
    """Take name, addresses and secrets out; nobody can sign in as this person any more."""
    person.name = person.name_ar = person.city = person.phone = ""
    person.email = person.password = person.tf_primary_method = person.tf_totp_secret = None
    person.us_totp_secrets = person.fs_webauthn_user_handle = person.idempotency_key = None
    person.confirmed_at = person.signed_in_at = person.entered_by_id = person.consent_noted_at = None
    person.mf_recovery_codes = []
    person.fs_uniquifier = secrets.token_hex(16)
    person.shown_as = ShownAs.ANONYMOUS
    person.active = person.wants_news = False
    person.erased_at = now()

"""Emptying a person who asked for it (law 09-08 art. 8): each stage forgets its own, this one the person itself.

What stays everywhere is the record of what was done, under the number of a person who no longer has a name.
"""

import secrets
from datetime import timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.people.actor import Actor
from cdp.people.models import Belonging, DataRequest, GroupMember, Mandate, Passkey, Person, SignInCard
from cdp.people.states import DataRequestKind, Role, ShownAs


def commissioned(db: Session, actor: Actor, person: Person) -> Actor:
    """The actor under the mandate by which they may empty this person: an open wish for erasure stands before them.

    Each stage's ``forget`` begins with it. Refused without such a wish at a commune whose officer or president acts;
    RuleBroken("people.erase_after_mandate") while the person holds a mandate or is to hold one.
    """
    wishes = select(DataRequest.commune_id).where(
        DataRequest.person_id == person.id,
        DataRequest.kind == DataRequestKind.ERASE,
        DataRequest.answered_at.is_(None),
    )
    for commune_id in db.scalars(wishes.order_by(DataRequest.id)):
        if commune_id is not None and actor.holds(commune_id, Role.OFFICER, Role.PRESIDENT):
            if _has_mandate(db, person.id):
                raise RuleBroken("people.erase_after_mandate")
            return actor.under_mandate(commune_id, Role.OFFICER, Role.PRESIDENT)
    raise Refused("errors.not_allowed", step="forget")


def communes_asked(person: Person) -> Select[int | None]:
    """Numbers of the communes that were asked to erase the person.

    Where a stage knows names as free words alone, a name is taken for the person's own in these communes only.
    """
    return select(DataRequest.commune_id).where(
        DataRequest.person_id == person.id, DataRequest.kind == DataRequestKind.ERASE
    )


def names_of(person: Person) -> tuple[str, ...]:
    """The person's names as others may have written them down: in Latin and in Arabic letters."""
    return tuple(name for name in (person.name, person.name_ar) if name)


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Empty a person; last of all stages, for the open wishes by which the others act are closed here.

    Goes: name, addresses, telephone, city, secrets, passkeys, sign-in cards, ties to places, the words of wishes.
    Stays: the number, memberships of groups with their days, past mandates with their days, who answered which wish.
    """
    actor = commissioned(db, actor, person)
    for table in (Passkey, SignInCard, Belonging):
        db.execute(delete(table).where(table.person_id == person.id))
    _leave_groups(db, person.id)
    _close_wishes(db, actor, person.id)
    _empty(person)
    db.flush()


def _has_mandate(db: Session, person_id: int) -> bool:
    held = select(Mandate.id).where(
        Mandate.person_id == person_id, Mandate.until.is_(None) | (Mandate.until >= today())
    )
    return db.scalar(held.limit(1)) is not None


def _leave_groups(db: Session, person_id: int) -> None:
    """No group speaks through this person any more; the others of the group go on."""
    yesterday = today() - timedelta(days=1)
    of_person = GroupMember.person_id == person_id
    db.execute(update(GroupMember).where(of_person).values(may_act=False))
    db.execute(
        update(GroupMember)
        .where(of_person, GroupMember.until.is_(None) | (GroupMember.until > yesterday))
        .values(until=yesterday)
    )


def _close_wishes(db: Session, actor: Actor, person_id: int) -> None:
    """All wishes lose their words; those still open are fulfilled, for nothing is left to correct or erase."""
    for request in db.scalars(select(DataRequest).where(DataRequest.person_id == person_id)):
        request.text = request.answer = ""
        if request.answered_at is None:
            request.answered_at, request.answered_by_id = now(), actor.known()


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

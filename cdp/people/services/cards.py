"""Sign-in cards: printed by a facilitator for a person without e-mail; the code is shown once, its hash is kept."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.reference import digest, is_code, new_code, tidy_code
from cdp.people.actor import Actor
from cdp.people.models import Mandate, Person, SignInCard
from cdp.people.policy import OFFICE_POLICY
from cdp.people.queries import office
from cdp.people.services.desk import Desk
from cdp.people.states import OfficeStep, Role
from cdp.store.audit import record

LENGTH = 15
"""Characters of a code: fourteen at random of 31 signs (69 bits) and one that checks them."""


def print_card(db: Session, actor: Actor, commune_id: int, person_id: int) -> str:
    """A new card for a person of this commune; gives its code, once. The card before it is revoked.

    RuleBroken: "people.card_only_without_email", "people.no_card_for_mandate" (a card is one factor only).
    """
    authorize(OFFICE_POLICY, OfficeStep.PRINT_CARD, actor, Desk(commune_id))
    actor = actor.under_mandate(commune_id, Role.FACILITATOR, Role.OFFICER)
    person = office.person_here(db, commune_id, person_id, day=today())
    if person.email is not None:
        raise RuleBroken("people.card_only_without_email")
    held = select(Mandate.id).where(
        Mandate.person_id == person_id, Mandate.until.is_(None) | (Mandate.until >= today())
    )
    if db.scalar(held.limit(1)) is not None:
        raise RuleBroken("people.no_card_for_mandate")
    for old in _standing(db, person_id):
        old.revoked_at = now()
    code = new_code(LENGTH)
    card = SignInCard(
        commune_id=commune_id,
        person_id=person_id,
        code_hash=digest(code),
        printed_by_id=actor.known(),
        printed_at=now(),
    )
    db.add(card)
    db.flush()
    record(db, actor, "people.print_card", card)
    return code


def _standing(db: Session, person_id: int) -> list[SignInCard]:
    return list(
        db.scalars(select(SignInCard).where(SignInCard.person_id == person_id, SignInCard.revoked_at.is_(None)))
    )


def revoke(db: Session, actor: Actor, commune_id: int, person_id: int) -> None:
    """A lost card no longer opens anything."""
    authorize(OFFICE_POLICY, OfficeStep.REVOKE_CARD, actor, Desk(commune_id))
    actor = actor.under_mandate(commune_id, Role.FACILITATOR, Role.OFFICER)
    office.person_here(db, commune_id, person_id, day=today())
    cards = _standing(db, person_id)
    if not cards:
        raise NotFound("people.no_card")
    for card in cards:
        card.revoked_at = now()
        record(db, actor, "people.revoke_card", card)
    db.flush()


def open_with(db: Session, code: str) -> Person | None:
    """Whom a code signs in, noting the day; None for a wrong or revoked one. Asked by nobody yet known."""
    tidy = tidy_code(code)
    if not is_code(tidy):
        return None
    card = db.scalar(select(SignInCard).where(SignInCard.code_hash == digest(tidy), SignInCard.revoked_at.is_(None)))
    person = db.get(Person, card.person_id) if card else None
    if card is None or person is None or not person.active or person.erased_at is not None:
        return None
    card.last_used_at = now()
    db.flush()
    return person

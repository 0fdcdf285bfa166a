"""Mandates: given and ended by the office, each with its days; a commune is never left without an officer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import CLOCK, Actor
from cdp.people.models import Mandate, Person
from cdp.people.policy import OFFICE_POLICY
from cdp.people.services.desk import Desk
from cdp.people.states import CapacityKind, OfficeStep, Role
from cdp.store.audit import record


@dataclass(frozen=True)
class Term:
    """A role from a day, perhaps until a day (both inside)."""

    role: Role
    since: date
    until: date | None = None
    reason: str = ""


def give(db: Session, actor: Actor, commune_id: int, *, person_id: int, term: Term) -> Mandate:
    """Give a mandate; the officer or president gives it, to somebody else.

    RuleBroken: "people.not_to_oneself", "people.days_in_order", "people.mandate_holds".
    The first mandate of a fresh installation is given by the clock, from the terminal.
    """
    if actor.capacity.kind is not CapacityKind.CLOCK:
        authorize(OFFICE_POLICY, OfficeStep.GIVE_MANDATE, actor, Desk(commune_id))
        actor = actor.under_mandate(commune_id, Role.PRESIDENT, Role.OFFICER)
        if person_id == actor.person_id:
            raise RuleBroken("people.not_to_oneself")
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound
    if term.until is not None and term.until < term.since:
        raise RuleBroken("people.days_in_order")
    _nothing_beside(db, commune_id, person_id, term)
    mandate = Mandate(
        commune_id=commune_id,
        person_id=person_id,
        role=term.role,
        since=term.since,
        until=term.until,
        given_by_id=actor.person_id,
        reason=term.reason.strip(),
    )
    db.add(mandate)
    db.flush()
    record(db, actor, "people.give_mandate", mandate, role=term.role.value, to=person_id)
    return mandate


def _nothing_beside(db: Session, commune_id: int, person_id: int, term: Term) -> None:
    beside = select(Mandate.id).where(
        Mandate.commune_id == commune_id,
        Mandate.person_id == person_id,
        Mandate.role == term.role,
        Mandate.until.is_(None) | (Mandate.until >= term.since),
    )
    if term.until is not None:
        beside = beside.where(Mandate.since <= term.until)
    if db.scalar(beside.limit(1)) is not None:
        raise RuleBroken("people.mandate_holds", role=term.role)


def end(db: Session, actor: Actor, mandate: Mandate, *, last_day: date) -> None:
    """End a mandate on a day (inside); RuleBroken("people.last_officer") when nobody would be left at the desk."""
    authorize(OFFICE_POLICY, OfficeStep.END_MANDATE, actor, mandate)
    actor = actor.under_mandate(mandate.commune_id, Role.PRESIDENT, Role.OFFICER)
    if mandate.until is not None and mandate.until < today():
        raise RuleBroken("people.mandate_over")
    if last_day < mandate.since or (mandate.until is not None and last_day > mandate.until):
        raise RuleBroken("people.days_in_order")
    if mandate.role is Role.OFFICER and not _another_officer(db, mandate, last_day):
        raise RuleBroken("people.last_officer")
    mandate.until = last_day
    record(db, actor, "people.end_mandate", mandate, role=mandate.role.value, last_day=last_day.isoformat())
    db.flush()


def _another_officer(db: Session, mandate: Mandate, last_day: date) -> bool:
    """Whether somebody else holds the desk on the day after."""
    others = select(Mandate.id).where(
        Mandate.commune_id == mandate.commune_id,
        Mandate.role == Role.OFFICER,
        Mandate.id != mandate.id,
        Mandate.person_id != mandate.person_id,
        Mandate.since <= last_day,
        Mandate.until.is_(None) | (Mandate.until > last_day),
    )
    return db.scalar(others.limit(1)) is not None


def give_first(db: Session, commune_id: int, *, person_id: int, role: Role) -> Mandate:
    """From the terminal: whoever runs the machine names the first of an office; a mandate that holds is kept."""
    held: Mandate | None = db.scalar(
        select(Mandate).where(
            Mandate.commune_id == commune_id,
            Mandate.person_id == person_id,
            Mandate.role == role,
            Mandate.until.is_(None) | (Mandate.until >= today()),
        )
    )
    return held or give(db, CLOCK, commune_id, person_id=person_id, term=Term(role, today()))

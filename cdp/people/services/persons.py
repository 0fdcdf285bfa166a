"""Persons: entered by a facilitator, invited from the terminal, and what each says of themselves."""

import secrets
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import CLOCK, Actor
from cdp.people.models import Belonging, Person
from cdp.people.policy import OFFICE_POLICY
from cdp.people.rules import PersonDraft, Profile, name_problem
from cdp.people.services.desk import Desk
from cdp.people.states import OfficeStep, Role, ShownAs, Tie
from cdp.store.audit import record


def enter(db: Session, actor: Actor, commune_id: int, draft: PersonDraft, *, key: str) -> Person:
    """A facilitator enters a person without e-mail who has agreed to it; the same form twice is one person."""
    authorize(OFFICE_POLICY, OfficeStep.ENTER_PERSON, actor, Desk(commune_id))
    actor = actor.under_mandate(commune_id, Role.FACILITATOR, Role.OFFICER)
    found: Person | None = db.scalar(select(Person).where(Person.idempotency_key == key))
    if found is not None:
        if found.name != " ".join(draft.name.split()) or found.entered_by_id != actor.person_id:
            raise Conflict("errors.sent_before")
        return found
    if problem := name_problem(draft.name):
        raise RuleBroken(problem)
    place_of(db, commune_id, draft.locality_id)
    person = Person(
        name=" ".join(draft.name.split()),
        fs_uniquifier=secrets.token_hex(16),
        language=draft.language,
        shown_as=draft.shown_as,
        create_datetime=now(),
        entered_by_id=actor.person_id,
        consent_noted_at=now(),
        idempotency_key=key,
    )
    db.add(person)
    db.flush()
    db.add(
        Belonging(
            commune_id=commune_id, person_id=person.id, locality_id=draft.locality_id, tie=draft.tie, since=today()
        )
    )
    record(db, actor, "people.enter_person", Located(person.id, commune_id), consent="said aloud")
    db.flush()
    return person


class Located:
    """A person as an act of a commune's office is written down: with the commune it belongs to."""

    __tablename__ = "person"

    def __init__(self, person_id: int, commune_id: int) -> None:
        self.id = person_id
        self.commune_id = commune_id


def place_of(db: Session, commune_id: int, locality_id: int | None) -> Locality | None:
    """A douar of that commune, or None for none; NotFound for one of another commune."""
    if locality_id is None:
        return None
    place = db.get(Locality, locality_id)
    if place is None or place.commune_id != commune_id:
        raise NotFound
    return place


def invite(db: Session, *, email: str, name: str, language: str) -> Person:
    """From the terminal: the account of whoever opens an office; the operator answers for the address."""
    address = email.strip().lower()
    person: Person | None = db.scalar(select(Person).where(Person.email == address))
    if person is None:
        person = Person(
            email=address,
            name=name.strip() or address.split("@")[0],
            fs_uniquifier=secrets.token_hex(16),
            language=language,
            confirmed_at=now(),
            create_datetime=now(),
        )
        db.add(person)
        db.flush()
        record(db, CLOCK, "people.invite", person)
    return person


def describe(db: Session, actor: Actor, profile: Profile) -> Person:
    """A person changes what they say of themselves; the name shown in public is agreed to here, with its day."""
    person = db.get(Person, actor.known())
    if person is None:
        raise NotFound
    if problem := name_problem(profile.name):
        raise RuleBroken(problem)
    if person.shown_as is not profile.shown_as:
        record(db, actor, "people.choose_shown_name", person, shown_as=profile.shown_as.value)
    person.name = " ".join(profile.name.split())
    person.name_ar = " ".join(profile.name_ar.split())
    person.shown_as = ShownAs(profile.shown_as)
    person.language = profile.language
    person.city = profile.city.strip()
    person.wants_news = profile.wants_news
    record(db, actor, "people.describe", person)
    db.flush()
    return person


def tie(db: Session, actor: Actor, commune_id: int, *, kind: Tie, locality_id: int | None, since: date) -> Belonging:
    """A person says they belong to a place since a day; ties are plural, each for its own time."""
    person_id = actor.known()
    if db.get(Commune, commune_id) is None:
        raise NotFound
    place_of(db, commune_id, locality_id)
    if since > today():
        raise RuleBroken("people.since_in_future")
    held = db.scalar(
        select(Belonging).where(
            Belonging.person_id == person_id,
            Belonging.commune_id == commune_id,
            Belonging.tie == kind,
            Belonging.locality_id.is_(None) if locality_id is None else Belonging.locality_id == locality_id,
            Belonging.until.is_(None) | (Belonging.until >= today()),
        )
    )
    if held is not None:
        return held
    made = Belonging(commune_id=commune_id, person_id=person_id, locality_id=locality_id, tie=kind, since=since)
    db.add(made)
    db.flush()
    record(db, actor, "people.tie", made, tie=kind.value)
    return made


def untie(db: Session, actor: Actor, belonging_id: int) -> None:
    """A person says a tie is over; it stays in the record with its days."""
    held = db.get(Belonging, belonging_id)
    if held is None or held.person_id != actor.known():
        raise NotFound
    if held.until is None or held.until >= today():
        held.until = max(held.since, today() - timedelta(days=1))
        record(db, actor, "people.untie", held, tie=held.tie.value)
        db.flush()

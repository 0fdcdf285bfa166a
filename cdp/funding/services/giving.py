"""Hours, skills, labour and goods: agreed for a day, said to be given, verified by a second person; never cash."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Appointment, Pledge
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.rules.units import IN_KIND
from cdp.funding.services import treasury
from cdp.funding.services.ledger import lock
from cdp.funding.services.promises import still_promised
from cdp.funding.services.treasury import Payment
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record

FARTHEST = timedelta(days=730)


@dataclass(frozen=True)
class Agreed:
    """When, how much (minutes or pieces) and where something is to be given."""

    day: date
    amount_minor: int
    place: str = ""


def agree(db: Session, actor: Actor, pledge: Pledge, agreed: Agreed, *, key: str) -> Appointment:
    """Agree on a day for what was promised in kind; by its giver or the office, never more than is still promised."""
    _giver_or_office(actor, pledge)
    lock(db, pledge.commune_id)
    known = db.scalar(select(Appointment).where(Appointment.idempotency_key == key))
    if known is not None:
        if (known.pledge_id, known.day, known.amount_minor) == (pledge.id, agreed.day, agreed.amount_minor):
            return known
        raise Conflict("errors.sent_before")
    if problem := _problem(db, pledge, agreed):
        raise RuleBroken(problem)
    made = Appointment(
        commune_id=pledge.commune_id,
        pledge_id=pledge.id,
        day=agreed.day,
        amount_minor=agreed.amount_minor,
        place=agreed.place.strip()[:120],
        made_by_id=actor.known(),
        made_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.agree", made, pledge=pledge.id)
    if actor.person_id != pledge.person_id:
        values = {"number": pledge.project.number, "day": agreed.day.isoformat()}
        post(db, pledge.person_id, "giving_agreed", commune_id=pledge.commune_id, once=f"agreed:{made.id}", **values)
    return made


def _problem(db: Session, pledge: Pledge, agreed: Agreed) -> str | None:
    doubts = {
        "funding.money_is_not_delivered": pledge.unit not in IN_KIND,
        "funding.amount_not_positive": agreed.amount_minor <= 0,
        "funding.day_of_giving": not today() <= agreed.day <= today() + FARTHEST,
        "funding.not_enough_pledged": agreed.amount_minor > still_promised(db, pledge) - _agreed(db, pledge),
    }
    return next((key for key, holds in doubts.items() if holds), None)


def _agreed(db: Session, pledge: Pledge) -> int:
    """What is agreed and neither verified nor missed, in minutes or pieces."""
    waiting = (Appointment.verified_at.is_(None), Appointment.missed_at.is_(None))
    asked = select(func.coalesce(func.sum(Appointment.amount_minor), 0))
    return int(db.scalar(asked.where(Appointment.pledge_id == pledge.id, *waiting)) or 0)


def say_given(db: Session, actor: Actor, appointment: Appointment) -> None:
    """Say that it was given, on or after its day; by its giver or the office."""
    pledge = queries.find_pledge(db, appointment.commune_id, appointment.pledge_id)
    _giver_or_office(actor, pledge)
    if appointment.missed_at is not None:
        raise RuleBroken("funding.giving_was_missed")
    if today() < appointment.day:
        raise RuleBroken("funding.giving_is_to_come")
    if appointment.given_on is None:
        appointment.given_on, appointment.given_by_id = today(), actor.known()
        db.flush()
        record(db, actor, "funding.say_given", appointment)


def miss(db: Session, actor: Actor, appointment: Appointment) -> None:
    """Nothing came of the day; what was promised is open again. By its giver or the office."""
    pledge = queries.find_pledge(db, appointment.commune_id, appointment.pledge_id)
    _giver_or_office(actor, pledge)
    if appointment.given_on is not None:
        raise RuleBroken("funding.giving_was_given")
    if appointment.missed_at is None:
        appointment.missed_at = now()
        db.flush()
        record(db, actor, "funding.miss", appointment)


def verify(db: Session, actor: Actor, appointment: Appointment, evidence: str) -> None:
    """Verify with one's own eyes what somebody else said was given: only then it is in the books. Twice is once.

    RuleBroken("funding.second_person_is_the_first") for who promised it and for who said it was given.
    """
    pledge = queries.find_pledge(db, appointment.commune_id, appointment.pledge_id)
    authorize(MONEY, MoneyStep.VERIFY, actor, pledge.project)
    if appointment.verified_at is not None:
        return
    if appointment.given_on is None:
        raise RuleBroken("funding.giving_not_said")
    if actor.known() in {pledge.person_id, appointment.given_by_id}:
        raise RuleBroken("funding.second_person_is_the_first")
    line = queries.find_line(db, pledge.commune_id, pledge.line_id)
    seen = Payment(appointment.amount_minor, appointment.given_on, evidence, unit=pledge.unit)
    treasury.deliver_hours(db, actor, line, pledge, payment=seen, key=f"appointment:{appointment.id}")
    appointment.verified_at, appointment.verified_by_id = now(), actor.known()
    db.flush()


def _giver_or_office(actor: Actor, pledge: Pledge) -> None:
    """The giver of a promise, or the commune's treasurer or officer; Refused else."""
    if actor.known() == pledge.person_id:
        return
    if not actor.holds(pledge.commune_id, Role.TREASURER, Role.OFFICER):
        raise Refused("errors.not_allowed", step="agree")

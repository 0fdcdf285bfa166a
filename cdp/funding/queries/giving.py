"""Reads of appointments: when what was promised in kind is given, and whether a second person has seen it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import Appointment, Pledge
from cdp.funding.states import GivingStatus
from cdp.kernel.errors import NotFound


@dataclass(frozen=True)
class Giving:
    """An appointment as its giver and the office read it."""

    id: int
    pledge_id: int
    day: date
    amount_minor: int
    unit: str
    place: str
    given_by_id: int | None
    status: GivingStatus


def find(db: Session, commune_id: int, appointment_id: int) -> Appointment:
    """An appointment in this commune; NotFound else."""
    asked = select(Appointment).where(Appointment.id == appointment_id, Appointment.commune_id == commune_id)
    found = db.scalar(asked.options(joinedload(Appointment.pledge)))
    if found is None:
        raise NotFound
    return found


def of_promises(db: Session, pledge_ids: Iterable[int]) -> dict[int, list[Giving]]:
    """Promise -> its appointments by day."""
    numbers = list(pledge_ids)
    if not numbers:
        return {}
    rows = db.execute(
        select(Appointment, Pledge.unit)
        .join(Pledge, Pledge.id == Appointment.pledge_id)
        .where(Appointment.pledge_id.in_(numbers))
        .order_by(Appointment.day, Appointment.id)
    )
    found: defaultdict[int, list[Giving]] = defaultdict(list)
    for a, unit in rows:
        found[a.pledge_id].append(
            Giving(a.id, a.pledge_id, a.day, a.amount_minor, unit, a.place, a.given_by_id, status_of(a))
        )
    return dict(found)


def status_of(appointment: Appointment) -> GivingStatus:
    """Where an appointment stands, from its days."""
    if appointment.verified_at is not None:
        return GivingStatus.VERIFIED
    if appointment.missed_at is not None:
        return GivingStatus.MISSED
    return GivingStatus.GIVEN if appointment.given_on is not None else GivingStatus.AGREED

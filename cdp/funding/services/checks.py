"""Keeping what a check of the books found: one row a commune and day, never changed."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import BooksCheck
from cdp.funding.queries.proof import Proof
from cdp.kernel.clock import now
from cdp.people.actor import CLOCK
from cdp.store.audit import record


def keep(db: Session, commune_id: int, day: date, proof: Proof) -> BooksCheck | None:
    """Publish a day's check with the seal of the last entry; None when the day has one already."""
    if is_checked(db, commune_id, day):
        return None
    made = BooksCheck(
        commune_id=commune_id,
        day=day,
        checked_at=now(),
        entries=proof.entries,
        hash=proof.hash,
        found=proof.found,
        broken=[[each.name, each.seq, each.why] for each in proof.broken],
        asked=list(proof.asked),
    )
    db.add(made)
    db.flush()
    record(db, CLOCK, "funding.check", made, found=proof.found)
    return made


def is_checked(db: Session, commune_id: int, day: date) -> bool:
    """Whether a day's check is there."""
    known = select(BooksCheck.id).where(BooksCheck.commune_id == commune_id, BooksCheck.day == day)
    return db.scalar(known) is not None

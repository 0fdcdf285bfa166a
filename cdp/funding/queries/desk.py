"""Small reads of the treasurer's desk."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import LedgerEntry
from cdp.kernel.errors import NotFound
from cdp.programme.models import Project


@dataclass(frozen=True)
class Seal:
    """How many entries the books hold, and the seal of the last one."""

    entries: int
    hash: str


def seal(db: Session, commune_id: int) -> Seal:
    """The seal of a commune's books: the last entry's, which depends on all before it."""
    row = db.execute(
        select(LedgerEntry.sequence, LedgerEntry.hash)
        .where(LedgerEntry.commune_id == commune_id)
        .order_by(LedgerEntry.sequence.desc())
        .limit(1)
    ).first()
    return Seal(row[0], row[1]) if row else Seal(0, "")


def project_of(db: Session, entry: LedgerEntry) -> Project:
    """The project an entry is about, with its proposal; NotFound for an entry of no project."""
    found = db.scalar(select(Project).where(Project.id == entry.project_id).options(joinedload(Project.proposal)))
    if found is None:
        raise NotFound
    return found

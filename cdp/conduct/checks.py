"""Whether plans and the kept counts hold: what is wrong is named, nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cdp.programme.models import PlanVersion
from cdp.programme.queries import document
from cdp.programme.rules.drafting import data_hash
from cdp.proposals.queries.counts import miscounted
from cdp.store.files import StoredFile, path_of


def counts(db: Session) -> Iterator[str]:
    """Kept counts of supports and of the boards that are not the true ones."""
    for message in miscounted(db):
        said = ", ".join(f"{name} {value}" for name, value in message.values.items())
        yield f"{message.key}: {said}"


def plans(db: Session) -> Iterator[str]:
    """Versions of plans that are not what was laid before the council: their data no longer give their hash."""
    for version in db.scalars(select(PlanVersion).where(PlanVersion.frozen_at.is_not(None)).order_by(PlanVersion.id)):
        if data_hash(document(db, version)) != version.data_hash:
            yield f"plan of round {version.round_id}, version {version.number}: its data are not those of its hash"


def orphans(db: Session, files: Path) -> Iterator[str]:
    """Rows that point at nothing, and files whose bytes are gone."""
    if db.get_bind().dialect.name == "sqlite":
        for table, row, parent, _key in db.execute(text("PRAGMA foreign_key_check")):
            yield f"{table} {row} points at a row of {parent} that is not there"
    for number, sha256 in db.execute(select(StoredFile.id, StoredFile.sha256)):
        if not path_of(files, sha256).exists():
            yield f"stored_file {number}: no bytes under {sha256}"

"""Whether the books and the kept counts hold: what is wrong is named, nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cdp.funding.models import Entry
from cdp.funding.rules.chain import GENESIS
from cdp.proposals.queries.counts import miscounted
from cdp.store.files import StoredFile, path_of


def counts(db: Session) -> Iterator[str]:
    """Kept counts of supports and of the boards that are not the true ones."""
    for message in miscounted(db):
        said = ", ".join(f"{name} {value}" for name, value in message.values.items())
        yield f"{message.key}: {said}"


def chain(db: Session) -> Iterator[str]:
    """Breaks in the chain of each commune's ledger: a number left out, another past than the books'."""
    commune_id, expected, previous = 0, 1, GENESIS
    rows = select(Entry.commune_id, Entry.sequence, Entry.previous_hash, Entry.hash)
    for of, sequence, before, seal in db.execute(rows.order_by(Entry.commune_id, Entry.sequence)):
        if of != commune_id:
            commune_id, expected, previous = of, 1, GENESIS
        if sequence != expected:
            yield f"ledger of commune {of}: entry {sequence} stands where {expected} is due"
        if before != previous:
            yield f"ledger of commune {of}: entry {sequence} does not follow the one before"
        expected, previous = sequence + 1, seal


def orphans(db: Session, files: Path) -> Iterator[str]:
    """Rows that point at nothing, and files whose bytes are gone."""
    if db.get_bind().dialect.name == "sqlite":
        for table, row, parent, _key in db.execute(text("PRAGMA foreign_key_check")):
            yield f"{table} {row} points at a row of {parent} that is not there"
    for number, sha256 in db.execute(select(StoredFile.id, StoredFile.sha256)):
        if not path_of(files, sha256).exists():
            yield f"stored_file {number}: no bytes under {sha256}"

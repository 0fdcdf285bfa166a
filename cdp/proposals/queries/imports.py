"""What a file of proposals would come to, before anything is written: the dry run."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes import queries as communes
from cdp.kernel.errors import Message, NotFound
from cdp.people.models import Person
from cdp.proposals.models import ImportBatch, Proposal
from cdp.proposals.rules.folding import fold
from cdp.proposals.rules.imports import Reading, Row, Vocabulary, read
from cdp.rounds.queries import RoundCard


class Outcome(StrEnum):
    """What becomes of a row."""

    GOOD = "good"
    BAD = "bad"
    KNOWN = "known"
    IMPORTED = "imported"


@dataclass(frozen=True)
class RowReport:
    """One row by its line: what becomes of it, why not, the number it has, and its cells."""

    line: int
    outcome: Outcome
    title: str
    reasons: tuple[Message, ...] = ()
    number: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All rows of a file, none left out."""

    heads: tuple[str, ...]
    rows: tuple[RowReport, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows came to that."""
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows came to what."""
        return {outcome: self.count(outcome) for outcome in Outcome}


def import_key(round_id: int, row: Row) -> str:
    """By which a row is known again in any later file of the same round."""
    return f"import:{round_id}:{row.fingerprint}"


def preview(db: Session, card: RoundCard, data: bytes) -> Report:
    """What would become of each row of a file; writes nothing. Raises ``rules.tables.Unreadable``."""
    reading = read(data, vocabulary(db, card))
    return Report(reading.heads, tuple(reports(card.id, reading, imported(db, card.id, reading))))


def vocabulary(db: Session, card: RoundCard) -> Vocabulary:
    """Names that rows may use: fields of action by key or name, douars by code or name."""
    sectors = {fold(s.key): s.key for s in card.charter.sectors}
    sectors |= {fold(name): s.key for s in card.charter.sectors for name in s.name.values()}
    places: dict[str, int] = {}
    for place in communes.places(db, card.commune_id):
        places |= {fold(name): place.id for name in (*place.name.values(), place.code)}
    return Vocabulary(sectors, places, card.charter.proposers)


def imported(db: Session, round_id: int, reading: Reading) -> dict[str, str]:
    """Keys of rows that are there already, with the numbers of their proposals."""
    keys = [import_key(round_id, row) for row in reading.rows]
    known: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        rows = db.execute(
            select(Proposal.idempotency_key, Proposal.number).where(
                Proposal.idempotency_key.in_(keys[start : start + 500])
            )
        )
        known |= {str(key): str(number) for key, number in rows}
    return known


def reports(round_id: int, reading: Reading, known: dict[str, str]) -> list[RowReport]:
    """Each row with what becomes of it; a row that stands twice in the file counts once."""
    seen: dict[str, int] = {}
    found = []
    for row in reading.rows:
        title = next(iter(row.draft.title.values()), "")[:120]
        key = import_key(round_id, row)
        outcome, reasons, number = Outcome.GOOD, row.problems, known.get(key)
        if number is not None:
            outcome, reasons = Outcome.KNOWN, ()
        elif reasons:
            outcome = Outcome.BAD
        elif key in seen:
            outcome, reasons = Outcome.BAD, (Message("proposals.import_twice", {"line": seen[key]}),)
        seen.setdefault(key, row.line)
        found.append(RowReport(row.line, outcome, title, reasons, number, row.cells))
    return found


def person_by_email(db: Session, email: str) -> int:
    """Number of the person with that address; NotFound("proposals.nobody_of_that_address")."""
    found = db.scalar(select(Person.id).where(Person.email == email.strip().lower(), Person.erased_at.is_(None)))
    if found is None:
        raise NotFound("proposals.nobody_of_that_address", email=email)
    return found


def batch_of(db: Session, round_id: int, sha256: str) -> int | None:
    """Number of the batch a file was read in as, or None."""
    return db.scalar(select(ImportBatch.id).where(ImportBatch.round_id == round_id, ImportBatch.sha256 == sha256))

"""What the office of a ballot reads: the roll, the batches of codes, the batches of paper and their two readings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.page import Page
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.priorities.models import BatchFile, CodeBatch, PaperBatch, PaperEntry, RollEntry, VotingCode
from cdp.priorities.policy import MEETING
from cdp.priorities.rules.paper import Line, differences, read_line
from cdp.priorities.states import RollSource, VoteChannel
from cdp.proposals.rules.folding import fold
from cdp.store.files import StoredFile

PAGE = 25


@dataclass(frozen=True)
class RollRow:
    """Somebody on the roll, for who stands at the door."""

    id: int
    name: str
    source: RollSource
    place: Words | None
    taken: VoteChannel | None
    struck_because: str


def roll(db: Session, ballot_id: int, *, words: str = "", page: int = 1) -> Page[RollRow]:
    """The roll by name, those whose name holds the words (folded); one statement."""
    statement = (
        select(RollEntry.id, RollEntry.name, RollEntry.source, Locality.name, RollEntry.taken, RollEntry.struck_because)
        .outerjoin(Locality, Locality.id == RollEntry.locality_id)
        .where(RollEntry.ballot_id == ballot_id)
        .order_by(RollEntry.sort_key, RollEntry.id)
    )
    for word in fold(words).split():
        statement = statement.where(RollEntry.sort_key.contains(word, autoescape=True))
    rows = [RollRow(*row) for row in db.execute(statement.limit(PAGE + 1).offset(PAGE * (page - 1)))]
    return Page(rows[:PAGE], page, more=len(rows) > PAGE)


@dataclass(frozen=True)
class RollFigures:
    """How many are on the roll, and how many of them have voted by each way."""

    enrolled: int
    taken: dict[VoteChannel, int]


def roll_figures(db: Session, ballot_id: int) -> RollFigures:
    """The figures of the roll (one statement)."""
    rows = db.execute(
        select(RollEntry.taken, func.count())
        .where(RollEntry.ballot_id == ballot_id, RollEntry.struck_because == "")
        .group_by(RollEntry.taken)
    ).all()
    taken = {channel: number for channel, number in rows if channel is not None}
    return RollFigures(sum(number for _, number in rows), taken)


def own_entry(db: Session, ballot_id: int, person_id: int | None) -> tuple[int, VoteChannel | None] | None:
    """Somebody's own place on the roll and by which way they voted; None for who is not on it."""
    if person_id is None:
        return None
    row = db.execute(
        select(RollEntry.id, RollEntry.taken).where(
            RollEntry.ballot_id == ballot_id, RollEntry.person_id == person_id, RollEntry.struck_because == ""
        )
    ).one_or_none()
    return None if row is None else (row.id, row.taken)


def entry_name(db: Session, ballot_id: int, entry_id: int) -> str | None:
    """The name of who may still vote at the station; None for who may not."""
    return db.scalar(
        select(RollEntry.name).where(
            RollEntry.id == entry_id,
            RollEntry.ballot_id == ballot_id,
            RollEntry.taken.is_(None),
            RollEntry.struck_because == "",
        )
    )


@dataclass(frozen=True)
class CodeBatchRow:
    """A batch of codes: how many were printed, have voted, are void."""

    id: int
    label: str
    place: Words | None
    size: int
    is_test: bool
    void_because: str
    used: int
    void: int


def code_batches(db: Session, ballot_id: int) -> list[CodeBatchRow]:
    """The batches of codes of a ballot (one statement)."""
    used = func.sum(case((VotingCode.is_used, 1), else_=0))
    void = func.sum(case((VotingCode.is_void, 1), else_=0))
    columns = (CodeBatch.id, CodeBatch.label, Locality.name, CodeBatch.size, CodeBatch.is_test, CodeBatch.void_because)
    rows = db.execute(
        select(*columns, used, void)
        .outerjoin(Locality, Locality.id == CodeBatch.locality_id)
        .join(VotingCode, VotingCode.batch_id == CodeBatch.id)
        .where(CodeBatch.ballot_id == ballot_id)
        .group_by(*columns)
        .order_by(CodeBatch.id)
    )
    return [CodeBatchRow(*row) for row in rows]


@dataclass(frozen=True)
class BatchRow:
    """A batch of paper with its control totals and how far its reading is."""

    id: int
    label: str
    place: Words | None
    issued: int
    in_box: int
    present: tuple[int, int, int]
    readings: int
    is_settled: bool
    refused: int


def paper_batches(db: Session, ballot_id: int) -> list[BatchRow]:
    """The batches of paper of a ballot (one statement)."""
    readings = select(func.count()).where(PaperEntry.batch_id == PaperBatch.id).scalar_subquery()
    rows = db.execute(
        select(PaperBatch, Locality.name, readings)
        .outerjoin(Locality, Locality.id == PaperBatch.locality_id)
        .where(PaperBatch.ballot_id == ballot_id)
        .order_by(PaperBatch.id)
    )
    return [_row(batch, place, number) for batch, place, number in rows]


def _row(batch: PaperBatch, place: Words | None, readings: int) -> BatchRow:
    present = (batch.women, batch.men, batch.youth)
    refused = sum("flaw" in line for line in batch.lines or ())
    is_settled = batch.settled_at is not None
    return BatchRow(batch.id, batch.label, place, batch.issued, batch.in_box, present, readings, is_settled, refused)


@dataclass(frozen=True)
class Reading:
    """Who read a batch, and when."""

    by_id: int
    at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class BatchSheet:
    """A batch with its readings, where they differ, what counts, and its evidence (sha256, name)."""

    row: BatchRow
    readings: tuple[Reading, ...]
    differing: tuple[int, ...]
    lines: tuple[Line, ...]
    files: tuple[tuple[str, str], ...]

    def read_by(self, person_id: int | None) -> bool:
        """Whether somebody has read it."""
        return any(reading.by_id == person_id for reading in self.readings)


def batch_sheet(db: Session, ballot_id: int, batch_id: int) -> BatchSheet | None:
    """All about one batch (three statements); None for one of another ballot."""
    found = db.execute(
        select(PaperBatch, Locality.name)
        .outerjoin(Locality, Locality.id == PaperBatch.locality_id)
        .where(PaperBatch.id == batch_id, PaperBatch.ballot_id == ballot_id)
    ).one_or_none()
    if found is None:
        return None
    batch, place = found
    entries = db.scalars(select(PaperEntry).where(PaperEntry.batch_id == batch_id).order_by(PaperEntry.turn)).all()
    readings = tuple(Reading(e.entered_by_id, e.entered_at, tuple(map(read_line, e.lines))) for e in entries)
    differing = differences(readings[0].lines, readings[1].lines) if len(readings) == 2 else ()
    files = db.execute(
        select(StoredFile.sha256, StoredFile.name)
        .join(BatchFile, BatchFile.file_id == StoredFile.id)
        .where(BatchFile.batch_id == batch_id)
        .order_by(BatchFile.id)
    )
    lines = tuple(read_line(kept) for kept in batch.lines or ())
    row = _row(batch, place, len(readings))
    return BatchSheet(row, readings, differing, lines, tuple((sha256, name) for sha256, name in files))


def is_evidence_shown(db: Session, actor: Actor, commune_id: int, sha256: str) -> bool:
    """Whether a scanned sheet is shown: to the commune's office alone."""
    if not actor.holds(commune_id, *MEETING):
        return False
    return (
        db.scalar(
            select(BatchFile.id)
            .join(StoredFile, StoredFile.id == BatchFile.file_id)
            .where(BatchFile.commune_id == commune_id, StoredFile.sha256 == sha256)
            .limit(1)
        )
        is not None
    )

"""Paper in the same count: batches with control totals, two entries by two people, differences settled, evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.clock import now
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot, BatchFile, PaperBatch, PaperEntry
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules.ballots import Sheet
from cdp.priorities.rules.paper import Line, differences, read_hands, read_line, read_lines, settled
from cdp.priorities.services.ballots import enter
from cdp.priorities.states import BallotKind, BallotStep
from cdp.store.audit import record
from cdp.store.files import Content, StoredFile, keep

LARGEST_BATCH = 5000
MOST_FILES = 40


@dataclass(frozen=True)
class Totals:
    """What was counted on the spot: sheets handed out and found in the box; of a village count, who was there."""

    issued: int = 0
    in_box: int = 0
    women: int = 0
    men: int = 0
    youth: int = 0


def open_batch(
    db: Session, actor: Actor, ballot: Ballot, totals: Totals, *, label: str, locality_id: int | None = None, key: str
) -> PaperBatch:
    """Begin a batch with its control totals, before anybody reads a sheet; RuleBroken("priorities.batch_totals").

    The same form again leads to the first batch.
    """
    actor = enter(db, actor, ballot, BallotStep.ENTER_PAPER)
    same = db.scalar(select(PaperBatch).where(PaperBatch.idempotency_key == key, PaperBatch.ballot_id == ballot.id))
    if same is not None:
        return same
    people = totals.women + totals.men + totals.youth
    if ballot.kind is BallotKind.HANDS:
        totals = Totals(people, 0, totals.women, totals.men, totals.youth)
    numbers = (totals.issued, totals.in_box, totals.women, totals.men, totals.youth)
    wrong = min(numbers) < 0 or totals.in_box > totals.issued or totals.issued > LARGEST_BATCH or not totals.issued
    if wrong or not label.strip():
        raise RuleBroken("priorities.batch_totals", most=LARGEST_BATCH)
    if locality_id is not None:
        place = (Locality.id == locality_id, Locality.commune_id == ballot.commune_id)
        if db.scalar(select(Locality.id).where(*place)) is None:
            raise NotFound
    batch = PaperBatch(
        commune_id=ballot.commune_id,
        ballot_id=ballot.id,
        label=label.strip()[:80],
        locality_id=locality_id,
        issued=totals.issued,
        in_box=totals.in_box,
        women=totals.women,
        men=totals.men,
        youth=totals.youth,
        made_by_id=actor.known(),
        made_at=now(),
        idempotency_key=key,
    )
    db.add(batch)
    db.flush()
    record(db, actor, "priorities.open_batch", batch, issued=totals.issued, in_box=totals.in_box)
    return batch


def enter_lines(db: Session, actor: Actor, ballot: Ballot, batch_id: int, text: str) -> bool:
    """Keep one person's reading; gives whether the batch is settled by it (both readings agree).

    RuleBroken: "priorities.paper_line_unclear" with the line, "priorities.paper_lines_do_not_match" the control
    total, "priorities.paper_read_before" (one person, one reading), "priorities.paper_read_twice" (two are enough).
    """
    actor = enter(db, actor, ballot, BallotStep.ENTER_PAPER)
    batch = find(db, ballot, batch_id)
    entries = _entries(db, batch)
    if batch.settled_at is not None or len(entries) == 2:
        raise RuleBroken("priorities.paper_read_twice")
    if any(entry.entered_by_id == actor.known() for entry in entries):
        raise RuleBroken("priorities.paper_read_before")
    lines = read(queries.card_of(db, ballot).sheet, batch, text)
    entry = PaperEntry(
        commune_id=ballot.commune_id,
        batch_id=batch.id,
        turn=len(entries) + 1,
        lines=[line.plain() for line in lines],
        entered_by_id=actor.known(),
        entered_at=now(),
    )
    try:
        with db.begin_nested():
            db.add(entry)
    except IntegrityError as error:
        raise RuleBroken("priorities.paper_read_twice") from error
    record(db, actor, "priorities.enter_lines", batch, turn=entry.turn, lines=len(lines))
    if entries and not differences(lines_of(entries[0]), lines):
        _settle(db, actor, batch, lines)
        return True
    return False


def read(sheet: Sheet, batch: PaperBatch, text: str) -> tuple[Line, ...]:
    """The lines somebody typed, held against the control totals of the batch."""
    if sheet.kind is BallotKind.HANDS:
        return read_hands(sheet, text, (batch.women, batch.men, batch.youth))
    lines = read_lines(sheet, text)
    if len(lines) != batch.in_box:
        raise RuleBroken("priorities.paper_lines_do_not_match", expected=batch.in_box, found=len(lines))
    return lines


def settle(db: Session, actor: Actor, ballot: Ballot, batch_id: int, decided: Mapping[int, int]) -> None:
    """Settle the differences of a batch: for each differing line, which reading (1 or 2) the sheet itself shows.

    RuleBroken("priorities.paper_difference_open") while a line is not decided.
    """
    actor = enter(db, actor, ballot, BallotStep.SETTLE)
    batch = find(db, ballot, batch_id)
    entries = _entries(db, batch)
    if batch.settled_at is not None:
        return
    if len(entries) < 2:
        raise RuleBroken("priorities.paper_one_reading")
    first, second = (lines_of(entry) for entry in entries)
    chosen = {
        place: (first, second)[turn - 1][place - 1] for place, turn in decided.items() if turn in (1, 2) and place >= 1
    }
    _settle(db, actor, batch, settled(first, second, chosen), decided=len(chosen))


def _settle(db: Session, actor: Actor, batch: PaperBatch, lines: tuple[Line, ...], decided: int = 0) -> None:
    batch.lines = [line.plain() for line in lines]
    batch.settled_at, batch.settled_by_id = now(), actor.known()
    db.flush()
    refused = sum(line.flaw is not None for line in lines)
    record(db, actor, "priorities.settle_batch", batch, decided=decided, refused=refused)


def keep_evidence(
    db: Session, actor: Actor, ballot: Ballot, batch_id: int, *, folder: Path, name: str, content: Content
) -> None:
    """Add a scanned sheet or the minutes of a place; the same bytes twice change nothing."""
    actor = enter(db, actor, ballot, BallotStep.ENTER_PAPER)
    batch = find(db, ballot, batch_id)
    kept = db.scalars(
        select(StoredFile.sha256)
        .join(BatchFile, BatchFile.file_id == StoredFile.id)
        .where(BatchFile.batch_id == batch.id)
    ).all()
    if len(kept) >= MOST_FILES:
        raise RuleBroken("priorities.too_many_files", most=MOST_FILES)
    stored = keep(db, folder, ballot.commune_id, name, content)
    if stored.sha256 in kept:
        db.delete(stored)
        db.flush()
        return
    db.add(
        BatchFile(
            commune_id=ballot.commune_id,
            batch_id=batch.id,
            file_id=stored.id,
            added_by_id=actor.known(),
            added_at=now(),
        )
    )
    db.flush()
    record(db, actor, "priorities.keep_evidence", batch, sha256=stored.sha256)


def find(db: Session, ballot: Ballot, batch_id: int) -> PaperBatch:
    """A batch of this ballot; NotFound for one of another."""
    batch = db.scalar(select(PaperBatch).where(PaperBatch.id == batch_id, PaperBatch.ballot_id == ballot.id))
    if batch is None:
        raise NotFound
    return batch


def lines_of(entry: PaperEntry) -> tuple[Line, ...]:
    """The lines of a reading."""
    return tuple(read_line(kept) for kept in entry.lines)


def _entries(db: Session, batch: PaperBatch) -> list[PaperEntry]:
    return list(db.scalars(select(PaperEntry).where(PaperEntry.batch_id == batch.id).order_by(PaperEntry.turn)))

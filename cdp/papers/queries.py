"""The reads of the path: the calendar of a commune, the days of a round, the signed papers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.papers.models import LegalRule, OfficialPaper, PaperScan, StepDay
from cdp.papers.rules import LegalStep, read_rule
from cdp.papers.states import PaperKind
from cdp.people.actor import Actor
from cdp.store.files import StoredFile


def calendar_of(db: Session, commune_id: int, reference: Iterable[LegalStep]) -> tuple[LegalStep, ...]:
    """The reference calendar with what the commune reads otherwise (one statement)."""
    own = {row.key: row for row in db.scalars(select(LegalRule).where(LegalRule.commune_id == commune_id))}
    return tuple(_own(step, own[step.key]) if step.key in own else step for step in reference)


def _own(step: LegalStep, row: LegalRule) -> LegalStep:
    return replace(
        step,
        article=row.article,
        rule=read_rule(row.rule),
        is_checked=row.is_checked,
        checked_by=row.checked_by,
        checked_on=row.checked_on,
        note=row.note,
        is_own=True,
    )


def noted_days(db: Session, round_id: int, *, until: datetime | None = None) -> dict[str, date]:
    """The real day of each step's first time as the office noted it (by a moment)."""
    return {key: day for (key, number), day in noted(db, round_id, until=until).items() if number == 1}


def noted(db: Session, round_id: int, *, until: datetime | None = None) -> dict[tuple[str, int], date]:
    """The real day of each step and time as the office noted it (by a moment); the newest note holds."""
    notes = select(StepDay.key, StepDay.occurrence, StepDay.happened_on).where(StepDay.round_id == round_id)
    rows = db.execute((notes if until is None else notes.where(StepDay.noted_at <= until)).order_by(StepDay.id))
    found = {(key, number): day for key, number, day in rows}
    return {which: day for which, day in found.items() if day is not None}


@dataclass(frozen=True)
class ScanRow:
    """A signed paper that came back; nothing is claimed about its signature."""

    kind: PaperKind
    step_key: str
    number: int
    sha256: str
    name: str
    dated: date
    kept_at: datetime


def scans(db: Session, round_id: int) -> tuple[ScanRow, ...]:
    """The signed papers of a round (one statement)."""
    rows = db.execute(
        select(
            OfficialPaper.kind,
            OfficialPaper.step_key,
            OfficialPaper.occurrence,
            StoredFile.sha256,
            StoredFile.name,
            OfficialPaper.dated,
            PaperScan.kept_at,
        )
        .join(PaperScan, PaperScan.paper_id == OfficialPaper.id)
        .join(StoredFile, StoredFile.id == PaperScan.file_id)
        .where(OfficialPaper.round_id == round_id)
        .order_by(OfficialPaper.dated, PaperScan.id)
    )
    return tuple(ScanRow(*row) for row in rows)


def is_scan_shown(db: Session, _actor: Actor, commune_id: int, sha256: str) -> bool:
    """Signed papers of the path are public (law 31-13 art. 10)."""
    found = (
        select(PaperScan.id)
        .join(StoredFile, StoredFile.id == PaperScan.file_id)
        .where(PaperScan.commune_id == commune_id, StoredFile.sha256 == sha256)
        .limit(1)
    )
    return db.scalar(found) is not None

"""The reads of meetings and of the diagnosis, in frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.meetings.models import AttendanceCount, IndicatorValue, Meeting, Saying
from cdp.meetings.rules import Figure
from cdp.meetings.states import Indicator, MeetingKind, PresentBy, SayingKind


@dataclass(frozen=True)
class SayingRow:
    """What a meeting said; ``place`` None: of the whole commune."""

    kind: SayingKind
    text: Words
    sector: str
    place: Words | None
    meeting_id: int
    locality_id: int | None = None


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with its attendance in classes (facet -> class -> people) and what it said."""

    id: int
    kind: MeetingKind
    title: Words
    held_on: date
    begins_at: str
    place: Words
    locality: Words | None
    agenda: Words
    chaired_by: str
    minutes: Words
    present: int | None
    counts: Mapping[PresentBy, Mapping[str, int]] = field(default_factory=dict)
    sayings: tuple[SayingRow, ...] = ()


def meetings(db: Session, round_id: int) -> tuple[MeetingRow, ...]:
    """The meetings of a round in the order of their days (three statements)."""
    counts: dict[int, dict[PresentBy, dict[str, int]]] = {}
    for meeting_id, facet, value, count in db.execute(
        select(AttendanceCount.meeting_id, AttendanceCount.facet, AttendanceCount.value, AttendanceCount.count)
        .join(Meeting, Meeting.id == AttendanceCount.meeting_id)
        .where(Meeting.round_id == round_id)
        .order_by(AttendanceCount.id)
    ):
        counts.setdefault(meeting_id, {}).setdefault(facet, {})[value] = count
    said: dict[int, tuple[SayingRow, ...]] = {}
    for saying, place in db.execute(
        select(Saying, Locality.name)
        .join(Meeting, Meeting.id == Saying.meeting_id)
        .outerjoin(Locality, Locality.id == Saying.locality_id)
        .where(Meeting.round_id == round_id)
        .order_by(Saying.meeting_id, Saying.position, Saying.id)
    ):
        row = SayingRow(saying.kind, saying.text, saying.sector, place, saying.meeting_id, saying.locality_id)
        said[saying.meeting_id] = (*said.get(saying.meeting_id, ()), row)
    found = db.execute(
        select(Meeting, Locality.name)
        .outerjoin(Locality, Locality.id == Meeting.locality_id)
        .where(Meeting.round_id == round_id)
        .order_by(Meeting.held_on, Meeting.id)
    )
    return tuple(_row(m, place, counts.get(m.id, {}), said.get(m.id, ())) for m, place in found)


def _row(
    meeting: Meeting, place: Words | None, counts: Mapping[PresentBy, Mapping[str, int]], said: tuple[SayingRow, ...]
) -> MeetingRow:
    return MeetingRow(
        id=meeting.id,
        kind=meeting.kind,
        title=meeting.title,
        held_on=meeting.held_on,
        begins_at=meeting.begins_at,
        place=meeting.place,
        locality=place,
        agenda=meeting.agenda,
        chaired_by=meeting.chaired_by,
        minutes=meeting.minutes,
        present=meeting.present,
        counts=counts,
        sayings=said,
    )


def find(db: Session, round_id: int, meeting_id: int) -> Meeting:
    """A meeting of a round; NotFound else."""
    found = db.scalar(select(Meeting).where(Meeting.round_id == round_id, Meeting.id == meeting_id))
    if found is None:
        raise NotFound("meetings.unknown")
    return found


def entered_figures(db: Session, round_id: int) -> dict[Indicator, Figure]:
    """The figures the commune entered for a round; the newest of each holds."""
    rows = db.execute(
        select(IndicatorValue.key, IndicatorValue.value_milli, IndicatorValue.source, IndicatorValue.year)
        .where(IndicatorValue.round_id == round_id)
        .order_by(IndicatorValue.id)
    )
    return {Indicator(key): Figure(Indicator(key), value, source, year) for key, value, source, year in rows}

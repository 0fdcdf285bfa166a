"""The writes of meetings and of the diagnosis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.words import Words
from cdp.meetings.models import AttendanceCount, IndicatorValue, Meeting, Saying
from cdp.meetings.policy import KEEPERS, POLICY
from cdp.meetings.rules import Figure, attendance_problems
from cdp.meetings.states import Indicator, MeetingKind, MeetingStep, PresentBy, SayingKind
from cdp.people.actor import Actor
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record


@dataclass(frozen=True)
class Call:
    """A meeting as it is called."""

    kind: MeetingKind
    title: Words
    held_on: date
    begins_at: str = ""
    place: Words = field(default_factory=Words)
    locality_id: int | None = None
    agenda: Words = field(default_factory=Words)
    chaired_by: str = ""


@dataclass(frozen=True)
class Said:
    """Something a meeting said."""

    kind: SayingKind
    text: Words
    sector: str = ""
    locality_id: int | None = None


@dataclass(frozen=True)
class Account:
    """What is written up of a meeting: how many came, in classes, what was said, the minutes."""

    present: int
    counts: Mapping[tuple[PresentBy, str], int]
    sayings: tuple[Said, ...] = ()
    minutes: Words = field(default_factory=Words)


def call(db: Session, actor: Actor, card: RoundCard, given: Call, *, key: str) -> Meeting:
    """Call a meeting; the same form sent twice calls one. RuleBroken without a title or with a foreign douar."""
    authorize(POLICY, MeetingStep.CALL, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    earlier = db.scalar(select(Meeting).where(Meeting.idempotency_key == key))
    if earlier is not None:
        if (earlier.round_id, earlier.kind, earlier.held_on) != (card.id, given.kind, given.held_on):
            raise Conflict("errors.sent_before")
        return earlier
    if not given.title:
        raise RuleBroken("meetings.title_missing")
    _own_places(db, card, [given.locality_id])
    made = Meeting(
        commune_id=card.commune_id,
        round_id=card.id,
        kind=given.kind,
        title=given.title,
        held_on=given.held_on,
        begins_at=given.begins_at,
        place=given.place,
        locality_id=given.locality_id,
        agenda=given.agenda,
        chaired_by=given.chaired_by,
        called_by_id=actor.known(),
        called_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "meetings.call", made, kind=given.kind.value)
    return made


def change(db: Session, actor: Actor, card: RoundCard, meeting: Meeting, given: Call) -> None:
    """Put another call in the place of the one that was made: title, day, place, agenda; the day before stays in
    the record.

    RuleBroken without a title, with a foreign douar, "meetings.not_held_yet" for a day to come of a meeting that is
    written up.
    """
    authorize(POLICY, MeetingStep.CHANGE, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    if meeting.round_id != card.id:
        raise NotFound("meetings.unknown")
    if not given.title:
        raise RuleBroken("meetings.title_missing")
    if meeting.written_up_at is not None and given.held_on > today():
        raise RuleBroken("meetings.not_held_yet")
    _own_places(db, card, [given.locality_id])
    before = meeting.held_on
    for name in ("kind", "title", "held_on", "begins_at", "place", "locality_id", "agenda", "chaired_by"):
        setattr(meeting, name, getattr(given, name))
    db.flush()
    record(db, actor, "meetings.change", meeting, on=given.held_on.isoformat(), before=before.isoformat())


def call_off(db: Session, actor: Actor, card: RoundCard, meeting: Meeting) -> None:
    """Take back a meeting that was not written up. RuleBroken "meetings.written_up"."""
    authorize(POLICY, MeetingStep.CALL_OFF, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    if meeting.round_id != card.id:
        raise NotFound("meetings.unknown")
    if meeting.written_up_at is not None:
        raise RuleBroken("meetings.written_up")
    record(db, actor, "meetings.call_off", meeting, kind=meeting.kind.value, on=meeting.held_on.isoformat())
    db.delete(meeting)
    db.flush()


def write_up(db: Session, actor: Actor, card: RoundCard, meeting: Meeting, account: Account) -> None:
    """Write a meeting up, once. RuleBroken before its day, twice, or when the classes do not agree."""
    authorize(POLICY, MeetingStep.WRITE_UP, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    if meeting.round_id != card.id or meeting.held_on > today():
        raise RuleBroken("meetings.not_held_yet")
    if meeting.written_up_at is not None:
        raise RuleBroken("meetings.written_up")
    _keep(db, card, meeting, account)
    record(db, actor, "meetings.write_up", meeting, present=account.present)


def correct(db: Session, actor: Actor, card: RoundCard, meeting: Meeting, account: Account) -> None:
    """Put another account in the place of the one written up; how many were counted before stays in the record.

    Versions of the plan that were frozen keep what was said by then. RuleBroken "meetings.not_written_up".
    """
    authorize(POLICY, MeetingStep.CORRECT, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    if meeting.round_id != card.id or meeting.written_up_at is None:
        raise RuleBroken("meetings.not_written_up")
    before = meeting.present
    for table in (AttendanceCount, Saying):
        db.execute(delete(table).where(table.meeting_id == meeting.id))
    _keep(db, card, meeting, account)
    record(db, actor, "meetings.correct", meeting, present=account.present, before=before)


def _keep(db: Session, card: RoundCard, meeting: Meeting, account: Account) -> None:
    codes = db.scalars(select(Locality.code).where(Locality.commune_id == card.commune_id)).all()
    if problems := attendance_problems(account.present, account.counts, codes):
        raise RuleBroken(problems[0])
    _own_places(db, card, [each.locality_id for each in account.sayings])
    base = {"commune_id": card.commune_id, "meeting_id": meeting.id}
    for (facet, value), count in account.counts.items():
        db.add(AttendanceCount(**base, facet=facet, value=value, count=count))
    for position, each in enumerate(account.sayings):
        row = {"kind": each.kind, "text": each.text, "sector": each.sector, "locality_id": each.locality_id}
        db.add(Saying(**base, **row, position=position))
    meeting.present, meeting.minutes, meeting.written_up_at = account.present, account.minutes, now()
    db.flush()


def take_back_figure(db: Session, actor: Actor, card: RoundCard, indicator: Indicator) -> None:
    """Take back the newest figure of an indicator: the one before holds again, or the census. NotFound without one."""
    authorize(POLICY, MeetingStep.TAKE_BACK, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    of_key = (IndicatorValue.round_id == card.id, IndicatorValue.key == indicator.value)
    row = db.scalar(select(IndicatorValue).where(*of_key).order_by(IndicatorValue.id.desc()).limit(1))
    if row is None:
        raise NotFound("meetings.no_figure")
    record(db, actor, "meetings.take_back", row, key=row.key, value=row.value_milli, year=row.year)
    db.delete(row)
    db.flush()


def enter_figure(db: Session, actor: Actor, card: RoundCard, figure: Figure) -> IndicatorValue:
    """Enter a figure of the diagnosis with its source and year. RuleBroken without a source or out of bounds."""
    authorize(POLICY, MeetingStep.ENTER_INDICATOR, actor, card)
    actor = actor.under_mandate(card.commune_id, *KEEPERS)
    if not figure.source.strip():
        raise RuleBroken("meetings.source_missing")
    if figure.value_milli < 0 or not 1956 <= figure.year <= today().year:
        raise RuleBroken("meetings.figure_out_of_bounds")
    row = IndicatorValue(
        commune_id=card.commune_id,
        round_id=card.id,
        key=figure.indicator.value,
        value_milli=figure.value_milli,
        source=figure.source.strip(),
        year=figure.year,
        entered_by_id=actor.known(),
        entered_at=now(),
    )
    db.add(row)
    db.flush()
    record(db, actor, "meetings.enter_indicator", row, key=figure.indicator.value)
    return row


def _own_places(db: Session, card: RoundCard, wanted: list[int | None]) -> None:
    ids = {each for each in wanted if each is not None}
    own = set(db.scalars(select(Locality.id).where(Locality.commune_id == card.commune_id, Locality.id.in_(ids))))
    if ids - own:
        raise RuleBroken("meetings.unknown_place")

"""The legal path of a round as anyone reads it: each step, when it is due, when it happened, its papers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cdp.conduct.worklist import Task
from cdp.kernel.clock import day_of
from cdp.kernel.errors import Message
from cdp.meetings import queries as meetings
from cdp.papers import queries as papers
from cdp.papers.queries import ScanRow
from cdp.papers.reference import calendar
from cdp.papers.rules import LegalStep, Noted, occasions, standing
from cdp.papers.states import StepStanding
from cdp.programme import queries as programme
from cdp.programme.states import ActKind
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase

BEGINS = {"mandate_begins": Phase.INFORMATION}
ENDS = {
    "opening_meeting": Phase.INFORMATION,
    "diagnosis": Phase.DIAGNOSIS,
    "consultations": Phase.PRIORITIES,
    "priorities": Phase.PRIORITIES,
    "programming": Phase.PROGRAMMING,
    "council_session": Phase.COUNCIL,
    "publication": Phase.VISA,
}
"""Steps planned by the timetable of the round: for the first or the last day of a phase."""

ACTS = {
    ActKind.SUBMIT: ("programming",),
    ActKind.ADOPT: ("council_session", "adopted_in_first_year"),
    ActKind.VISA: ("visa",),
    ActKind.PUBLISH: ("publication",),
}
"""Steps that happened with an act on the plan."""


@dataclass(frozen=True)
class PathRow:
    """A step of a round's path; of what comes every year, one of its times."""

    step: LegalStep
    due: date | None
    happened: date | None
    standing: StepStanding
    scans: tuple[ScanRow, ...]
    number: int = 1
    times: int = 1
    year: int | None = None


def calendar_of(db: Session, commune_id: int) -> tuple[LegalStep, ...]:
    """The commune's calendar: the reference with its own readings."""
    return papers.calendar_of(db, commune_id, calendar())


def path(db: Session, card: RoundCard, day: date) -> tuple[PathRow, ...]:
    """The steps of a round in the order of the calendar (a fixed number of statements)."""
    kept: dict[tuple[str, int], tuple[ScanRow, ...]] = {}
    for scan in papers.scans(db, card.id):
        which = (scan.step_key, scan.number)
        kept[which] = (*kept.get(which, ()), scan)
    steps, end = calendar_of(db, card.commune_id), date(card.last_year, 12, 31)
    return tuple(
        PathRow(
            step=each.step,
            due=each.due,
            happened=each.happened,
            standing=standing(each.due, each.happened, day, each.step.rule.kind),
            scans=kept.get((each.step.key, each.number), ()),
            number=each.number,
            times=each.times,
            year=each.year,
        )
        for each in occasions(steps, happened(db, card), planned(card), until=end)
    )


def at(rows: tuple[PathRow, ...], number: int) -> tuple[PathRow, ...]:
    """The path with that one time alone of what comes every year."""
    return tuple(row for row in rows if row.times == 1 or row.number == number)


def planned(card: RoundCard) -> dict[str, date]:
    """Days of the timetable."""
    windows = {window.phase: window for window in card.windows}
    found = {key: windows[phase].starts_on for key, phase in BEGINS.items() if phase in windows}
    ends = {key: windows[phase].ends_on for key, phase in ENDS.items() if phase in windows}
    return found | {key: day for key, day in ends.items() if day is not None}


def happened(db: Session, card: RoundCard) -> Noted:
    """Real days: of meetings that were written up, of acts on the plan; what the office noted goes before them."""
    found = programme.days_of(meetings.meetings(db, card.id))
    for version in programme.versions(db, card.id):
        if version.updates:
            if visa := version.act(ActKind.VISA):
                found.setdefault("update", visa.on)
            continue
        for act in version.acts:
            for key in ACTS.get(act.kind, ()):
                found.setdefault(key, act.on)
        if version.frozen_at is not None:
            found.setdefault("programming", day_of(version.frozen_at))
    return {(key, 1): day for key, day in found.items()} | papers.noted(db, card.id)


def late_tasks(db: Session, card: RoundCard, day: date) -> tuple[Task, ...]:
    """The step of the path that is late since longest, with how many are, for the desk of who keeps it."""
    late = sorted((row.due, row.step.key, row.number, row) for row in path(db, card, day) if row.due and is_late(row))
    if not late:
        return ()
    due, key, number, row = late[0]
    return (
        Task(
            Message("desk.path_late", {"step": row.step.title}),
            "path.step",
            {"year": card.first_year, "key": key} | ({"time": number} if number > 1 else {}),
            due,
            Message("desk.path_late_detail", {"article": row.step.article, "number": len(late)}),
        ),
    )


def is_late(row: PathRow) -> bool:
    """Whether its day has passed and nobody noted it."""
    return row.standing is StepStanding.OVERDUE

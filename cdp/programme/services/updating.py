"""An update of the plan: the visaed version copied as a draft, from the day the commune's calendar allows."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.papers import queries as papers
from cdp.papers.reference import calendar
from cdp.papers.rules import due_days
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import PlanLine, PlanVersion, Project, YearAmount
from cdp.programme.policy import authorize_step
from cdp.programme.queries import VersionRow
from cdp.programme.states import ActKind, LineVerdict, Pin, PlanStep, ProjectState
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.store.audit import record

BEGUN = frozenset({ProjectState.STUDY, ProjectState.TENDER, ProjectState.WORKS, ProjectState.DONE})
"""Projects that stay in the years they began in."""

STEP = "update"
"""The step of the legal calendar whose rule says from when."""


def first_day(db: Session, commune_id: int, version: VersionRow) -> date | None:
    """From which day on a visaed version may be updated, as this commune reads the law; None: from any."""
    visa = version.act(ActKind.VISA)
    steps = papers.calendar_of(db, commune_id, calendar())
    return due_days(steps, {"visa": visa.on} if visa else {}, {}).get(STEP)


def open_update(db: Session, actor: Actor, round_: Round, *, reason: str, begun: str) -> PlanVersion:
    """Copy the visaed version as a draft that brings it up to date, with the reason anyone will read.

    ``begun`` is what is said of projects whose works have begun: they keep their year. The same reason twice opens
    one. RuleBroken "programme.reason_missing", "programme.nothing_to_update", "programme.update_too_early",
    "programme.version_stands" while another version is on its way.
    """
    card = rounds.card(db, round_)
    authorize_step(PlanStep.UPDATE, actor, queries.plan_case(db, card, today()))
    actor = actor.under_mandate(round_.commune_id, Role.OFFICER)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("programme.reason_missing")
    known = queries.versions(db, round_.id)
    old = queries.in_force(known)
    if old is None or not old.is_visaed:
        raise RuleBroken("programme.nothing_to_update")
    if known[0].number != old.number:
        return _opened(db, round_, known[0], reason)
    first = first_day(db, round_.commune_id, old)
    if first is not None and today() < first:
        raise RuleBroken("programme.update_too_early", first=first)
    made = _copied(db, actor, queries.find_version(db, round_.id, old.number), reason=reason)
    _keep_what_began(db, made, begun)
    record(db, actor, "programme.open_update", made, number=made.number, updates=old.number)
    return made


def _opened(db: Session, round_: Round, newest: VersionRow, reason: str) -> PlanVersion:
    """The update that is open already for the same reason."""
    if newest.frozen_at is not None or newest.note != reason:
        raise RuleBroken("programme.version_stands", state=newest.state)
    return queries.find_version(db, round_.id, newest.number)


def _copied(db: Session, actor: Actor, old: PlanVersion, *, reason: str) -> PlanVersion:
    made = PlanVersion(
        commune_id=old.commune_id,
        round_id=old.round_id,
        number=old.number + 1,
        charter_version=old.charter_version,
        made_by_id=actor.known(),
        made_at=now(),
        updates=old.number,
        note=reason,
        instance=old.instance,
        value=old.value,
        bound=old.bound,
    )
    db.add(made)
    db.flush()
    lines = db.scalars(select(PlanLine).where(PlanLine.version_id == old.id).order_by(PlanLine.id)).all()
    copies = {line.id: PlanLine(**_values(line), version_id=made.id) for line in lines}
    db.add_all(copies.values())
    db.flush()
    amounts = db.scalars(select(YearAmount).where(YearAmount.line_id.in_(copies)).order_by(YearAmount.id)).all()
    db.add_all(YearAmount(**_values(each), line_id=copies[each.line_id].id) for each in amounts)
    db.flush()
    return made


DECIDED = "programme.left_out.decided"
"""Why a line is out that people left out."""

OWN = frozenset({"id", "version_id", "line_id", "frozen_at"})


def _values(row: PlanLine | YearAmount) -> Mapping[str, object]:
    return {name: getattr(row, name) for name in row.__mapper__.columns.keys() if name not in OWN}  # noqa: SIM118


def _keep_what_began(db: Session, made: PlanVersion, begun: str) -> None:
    """Works that began keep their year, what was dropped stays out: decisions, which the office may undo."""
    rows = db.execute(
        select(PlanLine, Project)
        .join(Project, Project.proposal_id == PlanLine.proposal_id)
        .where(PlanLine.version_id == made.id)
    )
    for line, project in rows:
        if project.state in BEGUN and line.start_year is not None:
            line.pin, line.pin_year, line.pin_reason = Pin.MOVED, line.start_year, begun
        elif project.state is ProjectState.DROPPED:
            _leave_out(db, line, project.dropped_reason)
    db.flush()


def _leave_out(db: Session, line: PlanLine, reason: str) -> None:
    db.execute(delete(YearAmount).where(YearAmount.line_id == line.id))
    line.verdict, line.start_year = LineVerdict.OUT, None
    line.pin, line.pin_year, line.pin_reason = Pin.EXCLUDED, None, reason
    line.reason, line.reason_values = DECIDED, {"values": {"reason": reason}, "remedies": []}

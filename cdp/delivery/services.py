"""Writes of delivery: planning the works, reporting them with a dated photo, saying why they are late."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.delivery import queries
from cdp.delivery.models import Milestone
from cdp.delivery.policy import WORKS, Works, WorksStep, asked_for_it, is_officer
from cdp.delivery.rules import LONGEST_NOTE, Planned, Report, planned_problem, report_problem
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.kernel.words import Words
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.store.audit import record
from cdp.store.files import Content, StoredFile, keep

MOST_MILESTONES = 40


@dataclass(frozen=True)
class Picture:
    """A photo that was examined (``cdp.store.files.examine``), its name, and the folder the files lie in."""

    content: Content
    name: str
    folder: Path


def plan(db: Session, actor: Actor, project: Project, planned: Planned) -> Milestone:
    """Add a step of the works after the others; the same title and day a second time give the first one."""
    actor = _officer(db, actor, project, WorksStep.PLAN)
    if problem := planned_problem(planned):
        raise RuleBroken(problem)
    present = list(db.scalars(select(Milestone).where(Milestone.project_id == project.id)))
    for each in present:
        if (each.title, each.planned_on, each.kind) == (planned.title, planned.planned_on, planned.kind):
            return each
    if len(present) >= MOST_MILESTONES:
        raise RuleBroken("delivery.too_many", most=MOST_MILESTONES)
    made = Milestone(
        commune_id=project.commune_id,
        project_id=project.id,
        position=queries.next_position(db, project.id),
        kind=planned.kind,
        title=planned.title,
        planned_on=planned.planned_on,
    )
    db.add(made)
    record(db, actor, "delivery.plan", made, project=project.id)
    return made


def change(db: Session, actor: Actor, project: Project, milestone: Milestone, *, planned: Planned) -> None:
    """Change what is planned and not yet done."""
    actor = _officer(db, actor, project, WorksStep.PLAN)
    _not_done(milestone)
    if problem := planned_problem(planned):
        raise RuleBroken(problem)
    milestone.title, milestone.planned_on, milestone.kind = planned.title, planned.planned_on, planned.kind
    record(db, actor, "delivery.change", milestone, project=project.id)


def move(db: Session, actor: Actor, project: Project, milestone: Milestone, *, position: int) -> None:
    """Put a step at another place (from 1) among the steps of its project."""
    actor = _officer(db, actor, project, WorksStep.PLAN)
    rows = select(Milestone).where(Milestone.project_id == project.id).order_by(Milestone.position, Milestone.id)
    others = [each for each in db.scalars(rows) if each.id != milestone.id]
    others.insert(min(max(position, 1), len(others) + 1) - 1, milestone)
    for place, each in enumerate(others, 1):
        each.position = place
    record(db, actor, "delivery.move", milestone, project=project.id, position=milestone.position)


def expect(db: Session, actor: Actor, project: Project, milestone: Milestone, *, day: date, reason: Words) -> None:
    """Say for which day a step is expected now; a later day than planned needs its reason. People are told."""
    actor = _officer(db, actor, project, WorksStep.EXPECT)
    _not_done(milestone)
    is_delay = milestone.planned_on is not None and day > milestone.planned_on
    if is_delay and not reason:
        raise RuleBroken("errors.reason_missing")
    if max((len(text) for text in reason.values()), default=0) > LONGEST_NOTE:
        raise RuleBroken("delivery.text_too_long")
    if (milestone.expected_on, milestone.delay_reason) == (day, reason):
        return
    milestone.expected_on, milestone.delay_reason = day, reason
    record(db, actor, "delivery.expect", milestone, project=project.id, day=day.isoformat())
    if is_delay:
        _tell(db, actor, project, kind="works_delayed", once=f"{milestone.id}:{day}", day=day)


def report(
    db: Session,
    actor: Actor,
    project: Project,
    milestone: Milestone,
    *,
    report: Report,
    picture: Picture | None = None,
) -> None:
    """Report a step done: its day, what was measured, a dated photo. The same report twice counts once."""
    works = queries.works(db, project)
    authorize(WORKS, WorksStep.REPORT, actor, works)
    actor = _capacity(actor, works)
    if problem := report_problem(report, today()):
        raise RuleBroken(problem)
    if picture is not None and not picture.content.kind.startswith("image/"):
        raise RuleBroken("delivery.photo_is_no_picture")
    if picture is not None and report.photo_taken_on is None:
        raise RuleBroken("delivery.photo_needs_its_day")
    if picture is None:
        report = replace(report, photo_taken_on=None)
    if milestone.done_on is not None:
        if _reported(milestone) == replace(report, quantity_unit=report.quantity_unit.strip()):
            return
        raise Conflict("delivery.reported_already", day=milestone.done_on)
    photo = _kept(db, project, picture)
    milestone.done_on = report.done_on
    milestone.quantity_milli = report.quantity_milli
    milestone.quantity_unit = report.quantity_unit.strip()
    milestone.note = report.note
    milestone.photo_id = photo.id if photo else None
    milestone.photo_taken_on = report.photo_taken_on
    milestone.reported_by_id = actor.known()
    milestone.reported_capacity = str(actor.capacity)
    milestone.reported_at = now()
    record(db, actor, "delivery.report", milestone, project=project.id, done_on=report.done_on.isoformat())
    once = f"{milestone.id}:{milestone.reported_at.isoformat()}"
    _tell(db, actor, project, kind="works_reported", once=once, day=report.done_on)
    _spread(db, actor, project)


def undo(db: Session, actor: Actor, project: Project, milestone: Milestone, *, reason: Words) -> None:
    """Take a report back, with a reason that stays readable; that it was reported stays in the history."""
    actor = _officer(db, actor, project, WorksStep.UNDO)
    if milestone.done_on is None:
        raise RuleBroken("delivery.not_reported")
    if not reason:
        raise RuleBroken("errors.reason_missing")
    if max(len(text) for text in reason.values()) > LONGEST_NOTE:
        raise RuleBroken("delivery.text_too_long")
    record(db, actor, "delivery.undo", milestone, project=project.id, done_on=milestone.done_on.isoformat())
    if milestone.reported_by_id not in {None, actor.person_id}:
        post(
            db,
            milestone.reported_by_id,
            "works_undone",
            commune_id=project.commune_id,
            number=project.number,
        )
    milestone.done_on = milestone.quantity_milli = milestone.photo_id = milestone.photo_taken_on = None
    milestone.quantity_unit, milestone.note = "", Words()
    milestone.reported_by_id, milestone.reported_capacity, milestone.reported_at = None, "", None
    milestone.undone_because = reason


def _officer(db: Session, actor: Actor, project: Project, step: WorksStep) -> Actor:
    authorize(WORKS, step, actor, queries.works(db, project))
    return actor.under_mandate(project.commune_id, Role.OFFICER, Role.PRESIDENT)


def _capacity(actor: Actor, works: Works) -> Actor:
    """As the officer, else for the group that asks, else as a member of the day, else as its author."""
    if is_officer(actor, works):
        return actor.under_mandate(works.commune_id, Role.OFFICER, Role.PRESIDENT)
    if works.group_id is not None and asked_for_it(actor, works):
        return actor.for_group(works.group_id)
    if works.proposal_id in actor.memberships:
        return actor.as_member(works.proposal_id)
    return actor


def _not_done(milestone: Milestone) -> None:
    if milestone.done_on is not None:
        raise RuleBroken("delivery.done_already")


def _reported(milestone: Milestone) -> Report:
    """What was reported, as it was written."""
    return Report(
        done_on=milestone.done_on or date.min,
        quantity_milli=milestone.quantity_milli,
        quantity_unit=milestone.quantity_unit,
        note=milestone.note,
        photo_taken_on=milestone.photo_taken_on,
    )


def _kept(db: Session, project: Project, picture: Picture | None) -> StoredFile | None:
    if picture is None:
        return None
    return keep(db, picture.folder, project.commune_id, picture.name, picture.content)


def _spread(db: Session, actor: Actor, project: Project) -> None:
    """News to those who asked for it and are not told anyway: one letter a person, project and day, however much."""
    told = {actor.person_id, *queries.listeners(db, project, today())}
    for person_id in queries.wanting_news(db, project):
        if person_id not in told:
            post(
                db,
                person_id,
                "project_news",
                commune_id=project.commune_id,
                once=f"news:{project.id}:{today()}:{person_id}",
                number=project.number,
            )


def _tell(db: Session, actor: Actor, project: Project, *, kind: str, once: str, day: date) -> None:
    """Tell the author, the members of the day and those who promised; not who reported it."""
    for person_id in queries.listeners(db, project, today()):
        if person_id == actor.person_id:
            continue
        if kind == "works_reported":
            post(
                db,
                person_id,
                "works_reported",
                commune_id=project.commune_id,
                once=f"reported:{once}:{person_id}",
                number=project.number,
                day=day.isoformat(),
            )
        else:
            post(
                db,
                person_id,
                "works_delayed",
                commune_id=project.commune_id,
                once=f"delayed:{once}:{person_id}",
                number=project.number,
                day=day.isoformat(),
            )

"""Reads of delivery: what was done when, measured and photographed; what is still to come."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased, contains_eager

from cdp.delivery.models import Milestone
from cdp.delivery.policy import WORKS, Works, WorksStep, works_of
from cdp.delivery.states import MilestoneKind
from cdp.funding.models import Agreement, FundingLine, LedgerEntry, Pledge
from cdp.funding.queries import carried
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.states import CapacityKind
from cdp.programme.models import PlanLine, Project
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal, ProposalPlace, Support
from cdp.store.audit import Event
from cdp.store.files import StoredFile
from cdp.store.ready import Ready
from cdp.teams.models import Membership
from cdp.teams.queries import holds_on


@dataclass(frozen=True)
class Photo:
    """A photo of the works and the day it was taken."""

    sha256: str
    width: int
    height: int
    taken_on: date | None


@dataclass(frozen=True)
class Stage:
    """A milestone on the timeline; ``quantity_milli`` counts thousandths of its unit."""

    id: int
    position: int
    kind: MilestoneKind
    title: Words
    planned_on: date | None
    expected_on: date | None
    delay_reason: Words
    done_on: date | None
    quantity_milli: int | None
    quantity_unit: str
    note: Words
    undone_because: Words
    reported_capacity: str
    photo: Photo | None

    @property
    def due_on(self) -> date | None:
        """The day it is expected now: the one said last."""
        return self.expected_on or self.planned_on

    def is_late(self, day: date) -> bool:
        """Not done, and its day has passed or was put off."""
        if self.done_on is not None or self.due_on is None:
            return False
        put_off = self.planned_on is not None and self.due_on > self.planned_on
        return self.due_on < day or put_off


@dataclass(frozen=True)
class Finished:
    """A finished project on the page of a commune: the last step of its works (no words where none was reported)."""

    number: str
    project_title: Words
    title: Words
    done_on: date
    photo: Photo | None


_timeline = Ready(
    lambda: (
        select(
            Milestone.id,
            Milestone.position,
            Milestone.kind,
            Milestone.title,
            Milestone.planned_on,
            Milestone.expected_on,
            Milestone.delay_reason,
            Milestone.done_on,
            Milestone.quantity_milli,
            Milestone.quantity_unit,
            Milestone.note,
            Milestone.undone_because,
            Milestone.reported_capacity,
            StoredFile.sha256,
            StoredFile.width,
            StoredFile.height,
            Milestone.photo_taken_on,
        )
        .outerjoin(StoredFile, StoredFile.id == Milestone.photo_id)
        .where(Milestone.project_id == bindparam("project_id"))
        .order_by(Milestone.position, Milestone.id)
    )
)


def timeline(db: Session, project_id: int) -> list[Stage]:
    """The works of a project in their order, in one statement."""
    return [Stage(*(*row[:13], _photo(*row[13:]))) for row in _timeline.rows(db, project_id=project_id)]


_latest = Ready(
    lambda: (
        select(
            Project.number,
            Proposal.title,
            Milestone.title,
            Project.state_since,
            StoredFile.sha256,
            StoredFile.width,
            StoredFile.height,
            Milestone.photo_taken_on,
        )
        .join(Proposal, Proposal.id == Project.proposal_id)
        .outerjoin(Milestone, Milestone.id == _last_done())
        .outerjoin(StoredFile, StoredFile.id == Milestone.photo_id)
        .where(Project.commune_id == bindparam("commune_id"), Project.state == ProjectState.DONE)
        .order_by(Project.state_since.desc(), Project.id.desc())
        .limit(bindparam("limit"))
    )
)


def _last_done() -> Any:
    """Number of the step of a project's works that was reported done last."""
    step = aliased(Milestone)
    done = select(step.id).where(step.project_id == Project.id, step.done_on.is_not(None))
    return done.order_by(step.done_on.desc(), step.id.desc()).limit(1).correlate(Project).scalar_subquery()


def latest_finished(db: Session, commune_id: int, *, limit: int = 6) -> list[Finished]:
    """The projects that were finished last, the newest first, each with its last step and photo, in one statement."""
    rows = _latest.rows(db, commune_id=commune_id, limit=limit)
    return [Finished(row[0], row[1], row[2] or Words(), row[3], _photo(*row[4:])) for row in rows]


def find_milestone(db: Session, project_id: int, milestone_id: int) -> Milestone:
    """A milestone of this project; NotFound else."""
    found = db.scalar(select(Milestone).where(Milestone.id == milestone_id, Milestone.project_id == project_id))
    if found is None:
        raise NotFound
    return found


def works(db: Session, project: Project) -> Works:
    """What rights ask about the works of a project."""
    return works_of(project, db.get_one(Proposal, project.proposal_id))


def may(db: Session, actor: Actor, project: Project) -> frozenset[WorksStep]:
    """What this actor may do about the works today."""
    thing = works(db, project)
    return frozenset(step for step, rule in WORKS.items() if rule(actor, thing))


def listeners(db: Session, project: Project, day: date) -> list[int]:
    """Who is told of the works: the author, the members of the day, who promised something."""
    author = select(Proposal.author_id).where(Proposal.id == project.proposal_id)
    members = select(Membership.person_id).where(Membership.proposal_id == project.proposal_id, *holds_on(day))
    givers = select(Pledge.person_id).where(Pledge.project_id == project.id)
    return sorted(db.scalars(author.union(members, givers)))


NEWS_AT_MOST = 300
"""How many people one milestone writes news to: a letter each, with the act; the page tells all others."""


def wanting_news(db: Session, project: Project) -> list[int]:
    """Who opted in to news and supports the project, was ever in its team, or promised something to it.

    At most :data:`NEWS_AT_MOST`, those of the team and the givers before those who support it.
    """
    members = select(Membership.person_id, literal(0).label("far")).where(Membership.proposal_id == project.proposal_id)
    givers = select(Pledge.person_id, literal(0)).where(Pledge.project_id == project.id)
    supporters = select(Support.person_id, literal(1)).where(
        Support.proposal_id == project.proposal_id, Support.withdrawn_at.is_(None)
    )
    near = members.union(givers, supporters).subquery()
    found = (
        select(near.c.person_id)
        .join(Person, Person.id == near.c.person_id)
        .where(Person.wants_news, Person.active)
        .group_by(near.c.person_id)
        .order_by(func.min(near.c.far), near.c.person_id)
    )
    return list(db.scalars(found.limit(NEWS_AT_MOST)))


def next_position(db: Session, project_id: int) -> int:
    """The place after the last milestone of a project."""
    last = db.scalar(select(func.max(Milestone.position)).where(Milestone.project_id == project_id))
    return (last or 0) + 1


def is_photo_shown(db: Session, _actor: Actor, commune_id: int, sha256: str) -> bool:
    """Whether a file is the photo of works of this commune, which everybody may see."""
    shown = (
        select(Milestone.id)
        .join(StoredFile, StoredFile.id == Milestone.photo_id)
        .where(StoredFile.commune_id == commune_id, StoredFile.sha256 == sha256, Milestone.commune_id == commune_id)
    )
    return db.scalar(shown.limit(1)) is not None


def _photo(sha256: str | None, width: int | None, height: int | None, taken_on: date | None) -> Photo | None:
    return None if sha256 is None else Photo(sha256, width or 1, height or 1, taken_on)


@dataclass(frozen=True)
class Head:
    """What the page of a project begins with: what, where, who asked, which place in the ranking."""

    project: Project
    proposal: Proposal
    place_ids: tuple[int, ...]
    rank: int | None


@cache
def _heads() -> Select[Any]:
    """The statement of a project's head, made once: what it is asked for comes later."""
    rank = (
        select(PlanLine.rank)
        .where(PlanLine.proposal_id == Project.proposal_id, PlanLine.version_id == carried())
        .correlate(Project)
        .scalar_subquery()
    )
    about = contains_eager(Project.proposal)
    return (
        select(Project, rank, ProposalPlace.locality_id)
        .join(Project.proposal)
        .outerjoin(ProposalPlace, ProposalPlace.proposal_id == Proposal.id)
        .where(Project.commune_id == bindparam("commune_id"), Project.number == bindparam("number"))
        .options(about.joinedload(Proposal.group), about.joinedload(Proposal.author))
    )


def head(db: Session, commune_id: int, number: str) -> Head:
    """A project of this commune by its number, with its proposal, group, places and rank; NotFound else."""
    rows = db.execute(_heads(), {"commune_id": commune_id, "number": number}).all()
    if not rows:
        raise NotFound
    project = rows[0][0]
    return Head(project, project.proposal, tuple(row[2] for row in rows if row[2] is not None), rows[0][1])


@dataclass(frozen=True)
class Act:
    """An act of the audit on a project: when, what, on which kind of thing, in which capacity."""

    at: datetime
    act: str
    capacity: CapacityKind


TOLD = (
    "proposals.submit",
    "proposals.admit",
    "proposals.programme",
    "delivery.plan",
    "delivery.expect",
    "delivery.report",
    "delivery.undo",
    "funding.sign",
    "funding.receive",
    "funding.spend",
    "funding.deliver",
    "funding.reverse",
    "funding.pledge",
    "funding.withdraw",
)
"""Acts of other stages than the plan's that the history of a project tells."""


def history(db: Session, project: Project, *, most: int = 60) -> list[Act]:
    """What happened to a project, the latest first: its own acts, works, agreements, entries, promises."""
    columns = (Event.id, Event.at, Event.act, Event.capacity)
    here = Event.commune_id == project.commune_id
    own = [
        select(*columns).where(here, Event.thing == thing, Event.thing_id == number)
        for thing, number in (("project", project.id), ("proposal", project.proposal_id))
    ]
    parts = [
        select(*columns)
        .join(thing, thing.id == Event.thing_id)
        .where(here, Event.thing == thing.__tablename__, thing.project_id == project.id)
        for thing in (Milestone, LedgerEntry, Pledge)
    ]
    papers = (
        select(*columns)
        .join(Agreement, Agreement.id == Event.thing_id)
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .where(here, Event.thing == "agreement", FundingLine.project_id == project.id)
    )
    every = union_all(*own, *parts, papers).subquery()
    told = every.c.act.in_(TOLD) | every.c.act.like("programme.%")
    rows = db.execute(
        select(every.c.at, every.c.act, every.c.capacity).where(told).order_by(every.c.id.desc()).limit(most)
    )
    return [Act(at, act, CapacityKind(capacity.split(":")[0])) for at, act, capacity in rows]

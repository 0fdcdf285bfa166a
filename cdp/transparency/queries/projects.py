"""Projects as the public sees them: the list with money and works, one with its people and papers."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cdp.delivery import queries as delivery
from cdp.delivery.models import Milestone
from cdp.delivery.queries import Stage
from cdp.funding import queries as funding
from cdp.funding.queries.dossier import dossier, with_unnamed
from cdp.funding.rules.sheet import uncounted
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.programme.models import Project
from cdp.programme.queries import ProjectFilters, partner_names
from cdp.programme.rules.partners import Names
from cdp.proposals.models import Proposal
from cdp.rounds.models import Round
from cdp.store.files import StoredFile
from cdp.teams import queries as teams
from cdp.transparency import rules
from cdp.transparency.queries.places import places
from cdp.transparency.sheets import (
    AgreementSheet,
    MemberSheet,
    MilestoneSheet,
    MoneySheet,
    NeedSheet,
    ProjectFile,
    ProjectSheet,
)

AT_ONCE = 200
"""Projects that are loaded together when all of a commune are asked for."""


def page(
    db: Session, commune_id: int, filters: ProjectFilters, *, number: int = 1, size: int = SIZE
) -> Page[ProjectSheet]:
    """A page of the projects, those of the newest plan first (seven statements however many there are)."""
    rows = db.execute(
        _asked(commune_id, filters)
        .order_by(Project.round_id.desc(), Project.start_year, Project.id)
        .limit(size + 1)
        .offset(size * (number - 1))
    ).all()
    return Page(_sheets(db, rows[:size]), number, more=len(rows) > size)


def every(db: Session, commune_id: int) -> Iterator[ProjectSheet]:
    """All projects of a commune, a few hundred at a time."""
    number, more = 1, True
    while more:
        found = page(db, commune_id, ProjectFilters(), number=number, size=AT_ONCE)
        yield from found.rows
        number, more = number + 1, found.more


def _asked(commune_id: int, filters: ProjectFilters) -> Select[Any]:
    columns: tuple[Any, ...] = (Project, Proposal.title, Proposal.sector, Round.first_year)
    statement = (
        select(*columns)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .join(Round, Round.id == Project.round_id)
        .where(Project.commune_id == commune_id)
    )
    if filters.state is not None:
        statement = statement.where(Project.state == filters.state)
    if filters.sector is not None:
        statement = statement.where(Proposal.sector == filters.sector)
    return statement


def _sheets(db: Session, rows: Sequence[Any]) -> list[ProjectSheet]:
    if not rows:
        return []
    projects = [row[0] for row in rows]
    money = funding.money_sheets(db, [(p.id, Money(p.cost_minor)) for p in projects], today())
    money |= {number: uncounted(money[number]) for number in with_unnamed(db, list(money))}
    names = partner_names(db, projects[0].commune_id)
    where = places(db, [project.proposal_id for project in projects])
    works = _works(db, [project.id for project in projects])
    return [
        ProjectSheet(
            **_head(project, title, sector, year=year),
            places=where.get(project.proposal_id, ()),
            **_money_and_works(money[project.id], works.get(project.id, ()), names),
        )
        for project, title, sector, year in rows
    ]


def _head(project: Project, title: Any, sector: str, *, year: int) -> dict[str, Any]:
    return {
        "number": project.number,
        "round": year,
        "title": title,
        "sector": sector,
        "state": project.state,
        "state_since": project.state_since,
        "start_year": project.start_year,
        "price_year": project.price_year,
    }


def _money_and_works(money: MoneySheet, works: Sequence[MilestoneSheet], names: Names) -> dict[str, Any]:
    done = [step for step in works if step.done_on is not None]
    shown = rules.shown_givers(money)
    return {
        "money": replace(shown, rows=tuple(replace(row, name=names[row.party]) for row in shown.rows)),
        "hours": rules.hours(money.hours_promised, money.hours_done),
        "milestones_planned": len(works),
        "milestones_done": len(done),
        "last_done": max(done, key=lambda step: (step.done_on, works.index(step)), default=None),
    }


def _works(db: Session, project_ids: list[int]) -> dict[int, tuple[MilestoneSheet, ...]]:
    """Project -> its steps of works in their order, in one statement."""
    found: dict[int, tuple[MilestoneSheet, ...]] = {}
    names = [field.name for field in fields(MilestoneSheet) if field.name != "photo_sha256"]
    columns = [getattr(Milestone, name) for name in names]
    rows = db.execute(
        select(Milestone.project_id, StoredFile.sha256, *columns)
        .outerjoin(StoredFile, StoredFile.id == Milestone.photo_id)
        .where(Milestone.project_id.in_(project_ids))
        .order_by(Milestone.position, Milestone.id)
    )
    for project_id, sha256, *values in rows:
        step = MilestoneSheet(photo_sha256=sha256, **dict(zip(names, values, strict=True)))
        found[project_id] = (*found.get(project_id, ()), step)
    return found


def one(db: Session, commune_id: int, number: str) -> ProjectFile:
    """Everything about one project that everybody may read; NotFound else."""
    row = db.execute(_asked(commune_id, ProjectFilters()).where(Project.number == number)).one_or_none()
    if row is None:
        raise NotFound("proposals.unknown", number=number)
    project, title, sector, year = row
    proposal, now = db.get_one(Proposal, project.proposal_id), today()
    money, names = dossier(db, project, now), partner_names(db, commune_id)
    works = tuple(_step(stage) for stage in delivery.timeline(db, project.id))
    team = teams.team(db, proposal.id, now)
    return ProjectFile(
        **_head(project, title, sector, year=year),
        places=places(db, [proposal.id]).get(proposal.id, ()),
        **_money_and_works(money.sheet, works, names),
        need=proposal.need,
        supports=proposal.support_count,
        milestones=works,
        team=tuple(
            rules.shown_member(MemberSheet(m.name, m.city, m.offer, m.text, m.until)) for m in team if not m.is_over
        ),
        former_members=sum(member.is_over for member in team),
        needs=tuple(
            NeedSheet(need.offer, need.text, need.quantity, need.until, need.is_found)
            for need in teams.needs(db, proposal.id)
        ),
        agreements=tuple(
            AgreementSheet(p.source, p.party, p.reference, p.signed_on, p.amount, names[p.party]) for p in money.papers
        ),
        givers=tuple(dict.fromkeys(giver.name for giver in money.givers.named)),
        givers_unnamed=money.givers.unnamed,
    )


def _step(stage: Stage) -> MilestoneSheet:
    return MilestoneSheet(
        kind=stage.kind,
        title=stage.title,
        planned_on=stage.planned_on,
        expected_on=stage.expected_on,
        delay_reason=stage.delay_reason,
        done_on=stage.done_on,
        quantity_milli=stage.quantity_milli,
        quantity_unit=stage.quantity_unit,
        note=stage.note,
        photo_sha256=stage.photo.sha256 if stage.photo else None,
        photo_taken_on=stage.photo.taken_on if stage.photo else None,
    )

"""Projects: what the adopted plan carries, and the steps of their life."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import PlanLine, PlanVersion, Project
from cdp.programme.policy import PROJECT_POLICY
from cdp.programme.states import PROJECT_LIFE, LineVerdict, ProjectState, ProjectStep
from cdp.proposals.models import Proposal
from cdp.proposals.services import move
from cdp.proposals.states import ProposalState, Step
from cdp.store.audit import record


def carry_out(db: Session, actor: Actor, version: PlanVersion) -> None:
    """Make projects of an adopted version's lines; proposals left out are not kept. Called by the adoption."""
    prices = queries.price_years(db, version.id)
    rows = db.execute(
        select(PlanLine, Proposal)
        .join(Proposal, Proposal.id == PlanLine.proposal_id)
        .where(PlanLine.version_id == version.id)
        .order_by(PlanLine.rank)
    ).all()
    known = {
        project.proposal_id: project
        for project in db.scalars(select(Project).where(Project.round_id == version.round_id))
    }
    for line, proposal in rows:
        project = known.get(proposal.id)
        if line.verdict is LineVerdict.IN:
            _carry(db, actor, line, proposal, project=project, price_year=prices[proposal.id])
        elif project is not None:
            _let_fall(db, actor, project, version)
        elif proposal.state is ProposalState.ADMITTED:
            move(db, actor, proposal, Step.LEAVE_OUT)
            _tell(db, proposal, "plan_left_out")
    db.flush()


def _carry(
    db: Session, actor: Actor, line: PlanLine, proposal: Proposal, *, project: Project | None, price_year: int
) -> None:
    if project is not None:
        project.start_year, project.cost_minor, project.price_year = line.start_year or 0, line.cost_minor, price_year
        if project.state is ProjectState.DROPPED:
            project.state, project.state_since, project.dropped_reason = ProjectState.PROGRAMMED, today(), ""
            record(db, actor, "programme.resume", project)
        return
    project = Project(
        commune_id=proposal.commune_id,
        round_id=proposal.round_id,
        proposal_id=proposal.id,
        number=proposal.number or "",
        start_year=line.start_year or 0,
        cost_minor=line.cost_minor,
        price_year=price_year,
        state_since=today(),
    )
    db.add(project)
    move(db, actor, proposal, Step.PROGRAMME)
    record(db, actor, "programme.project", project, start=line.start_year)
    _tell(db, proposal, "plan_programmed", year=line.start_year or 0)


def _let_fall(db: Session, actor: Actor, project: Project, version: PlanVersion) -> None:
    """A project of an earlier version that the adopted one no longer carries."""
    if project.state in {ProjectState.DONE, ProjectState.DROPPED}:
        return
    project.state, project.state_since = ProjectState.DROPPED, today()
    project.dropped_reason = f"V{version.number}"
    record(db, actor, "programme.drop", project, version=version.number)


def step(db: Session, actor: Actor, project: Project, what: ProjectStep) -> None:
    """Take a step in a project's life (not DROP: see :func:`drop`); its people are told."""
    _step(db, actor, project, what, reason="")


def drop(db: Session, actor: Actor, project: Project, *, reason: str) -> None:
    """Drop a project, with the reason anyone reads. RuleBroken "programme.reason_missing"."""
    _step(db, actor, project, ProjectStep.DROP, reason=reason.strip())


def _step(db: Session, actor: Actor, project: Project, what: ProjectStep, *, reason: str) -> None:
    authorize(PROJECT_POLICY, what, actor, project)
    actor = actor.under_mandate(project.commune_id, Role.OFFICER)
    db.flush()
    db.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    db.refresh(project, ["state", "state_since", "dropped_reason"])
    state = PROJECT_LIFE.next(project.state, what)
    if what is ProjectStep.DROP and not reason:
        raise RuleBroken("programme.reason_missing")
    project.dropped_reason = reason
    project.state, project.state_since = state, today()
    record(db, actor, f"programme.{what.value}", project)
    proposal = db.get_one(Proposal, project.proposal_id)
    _tell(db, proposal, f"project_{what.value}")
    db.flush()


def _tell(db: Session, proposal: Proposal, kind: str, **values: Any) -> None:
    """Tell the author, who acts for the group, and the members of the day."""
    for person_id in queries.concerned(db, proposal, today()):
        post(db, person_id, kind, commune_id=proposal.commune_id, number=proposal.number, **values)

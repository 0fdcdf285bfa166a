"""Who may do what with the works of a project: one line a step."""

from dataclasses import dataclass
from enum import StrEnum

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal


class WorksStep(StrEnum):
    """What is done about the works of a project."""

    PLAN = "plan"
    EXPECT = "expect"
    REPORT = "report"
    UNDO = "undo"


@dataclass(frozen=True)
class Works:
    """The works of a project, as far as rights ask: whose commune, in which state, who asked for it."""

    commune_id: int
    state: ProjectState
    proposal_id: int
    author_id: int
    group_id: int | None


def works_of(project: Project, proposal: Proposal) -> Works:
    """What rights ask about a project and the proposal it came from."""
    return Works(project.commune_id, project.state, project.proposal_id, proposal.author_id, proposal.group_id)


@predicate
def goes_on(_actor: Actor, works: Works) -> bool:
    """A project that was not dropped."""
    return works.state is not ProjectState.DROPPED


@predicate
def is_officer(actor: Actor, works: Works) -> bool:
    """Officer or president of the project's commune today."""
    return actor.holds(works.commune_id, Role.OFFICER, Role.PRESIDENT)


@predicate
def asked_for_it(actor: Actor, works: Works) -> bool:
    """Who may act for the group that asks; its author where no group asks."""
    if works.group_id is not None:
        return works.group_id in actor.groups
    return actor.person_id is not None and actor.person_id == works.author_id


@predicate
def is_member_today(actor: Actor, works: Works) -> bool:
    """A member between the first and the last day of the membership."""
    return works.proposal_id in actor.memberships


WORKS: Policy[WorksStep] = {
    WorksStep.PLAN: goes_on & is_officer,
    WorksStep.EXPECT: goes_on & is_officer,
    WorksStep.REPORT: goes_on & (is_officer | asked_for_it | is_member_today),
    WorksStep.UNDO: is_officer,
}

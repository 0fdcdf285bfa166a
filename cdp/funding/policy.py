"""Who may do what with a project's money. Nobody holds any: promises, agreements and receipts are recorded."""

from enum import StrEnum

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.states import ProjectState


class MoneyStep(StrEnum):
    """What is done about a project's money."""

    PLEDGE = "pledge"
    ENTER = "enter"
    REVERSE = "reverse"
    VERIFY = "verify"


@predicate
def is_open(_actor: Actor, project: Project) -> bool:
    """Promises are taken until the works are done or dropped."""
    return project.state not in {ProjectState.DONE, ProjectState.DROPPED}


@predicate
def is_member_today(actor: Actor, project: Project) -> bool:
    """A member between the first and the last day of the membership."""
    return project.proposal_id in actor.memberships


@predicate
def speaks_for_a_group(actor: Actor, _project: Project) -> bool:
    """Somebody who may act for a group; which one is asked by the service."""
    return bool(actor.groups)


@predicate
def is_treasurer(actor: Actor, project: Project) -> bool:
    """The commune's treasurer."""
    return actor.holds(project.commune_id, Role.TREASURER)


@predicate
def is_office(actor: Actor, project: Project) -> bool:
    """The commune's treasurer or officer."""
    return actor.holds(project.commune_id, Role.TREASURER, Role.OFFICER)


MONEY: Policy[MoneyStep] = {
    MoneyStep.PLEDGE: is_open & (is_member_today | speaks_for_a_group),
    MoneyStep.ENTER: is_treasurer,
    MoneyStep.REVERSE: is_treasurer,
    MoneyStep.VERIFY: is_office,
}

"""Who may do what with a project's money. Nobody holds any: promises, agreements and receipts are recorded.

Whose promise a project takes, until its works are done or dropped:

- a member of its team, between the first and the last day of the membership, in their own name;
- who speaks today for a standing group of the project's own commune, in the group's name;
- who speaks today for a standing diaspora association entered in another commune, in its name, while they are
  in this project's team: the association joins a project through the person it sends, for that person's days.

No other group of another commune promises here, however many people may act for it.
"""

from enum import StrEnum

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import GroupKind, Role
from cdp.programme.models import Project
from cdp.programme.states import ProjectState


class MoneyStep(StrEnum):
    """What is done about a project's money."""

    PLEDGE = "pledge"
    ENTER = "enter"
    REVERSE = "reverse"
    VERIFY = "verify"
    ENTER_PAPER = "enter_paper"
    RULE = "rule"


@predicate
def is_open(_actor: Actor, project: Project) -> bool:
    """Promises are taken until the works are done or dropped."""
    return project.state not in {ProjectState.DONE, ProjectState.DROPPED}


@predicate
def is_member_today(actor: Actor, project: Project) -> bool:
    """A member between the first and the last day of the membership."""
    return project.proposal_id in actor.memberships


@predicate
def speaks_for_a_group(actor: Actor, project: Project) -> bool:
    """Somebody in whose groups' names this project takes promises; which one is asked by the service."""
    return bool(names_for(actor, project))


@predicate
def is_treasurer(actor: Actor, project: Project) -> bool:
    """The commune's treasurer."""
    return actor.holds(project.commune_id, Role.TREASURER)


@predicate
def is_office(actor: Actor, project: Project) -> bool:
    """The commune's treasurer or officer."""
    return actor.holds(project.commune_id, Role.TREASURER, Role.OFFICER)


@predicate
def keeps_paper(actor: Actor, project: Project) -> bool:
    """Who enters paper for others: the commune's officer or facilitator."""
    return actor.holds(project.commune_id, Role.OFFICER, Role.FACILITATOR)


def names_for(actor: Actor, project: Project) -> frozenset[int]:
    """Groups in whose name this actor may promise to the project: its commune's, and an association sent to its team.

    The association is one of the diaspora (``GroupKind.DIASPORA_ASSOCIATION``) and its speaker a member today.
    """
    is_in_team = project.proposal_id in actor.memberships
    return frozenset(
        voice.group_id
        for voice in actor.voices
        if voice.commune_id == project.commune_id or (is_in_team and voice.kind is GroupKind.DIASPORA_ASSOCIATION)
    )


MONEY: Policy[MoneyStep] = {
    MoneyStep.PLEDGE: is_open & (is_member_today | speaks_for_a_group),
    MoneyStep.ENTER: is_treasurer,
    MoneyStep.REVERSE: is_treasurer,
    MoneyStep.VERIFY: is_office,
    MoneyStep.ENTER_PAPER: is_open & keeps_paper,
    MoneyStep.RULE: is_open & is_office,
}

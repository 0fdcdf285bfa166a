"""Who may do what in a team: one line a step."""

from enum import StrEnum

from cdp.kernel.clock import today
from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.teams.models import Membership


class TeamStep(StrEnum):
    """What is done about a team."""

    INVITE = "invite"
    ASK = "ask"
    ENTER_ROOM = "enter_room"
    HIDE = "hide"


class MemberStep(StrEnum):
    """What is done about a membership."""

    PROLONG = "prolong"
    LEAVE = "leave"
    LET_GO = "let_go"


JOINABLE = (ProposalState.ADMITTED, ProposalState.PROGRAMMED)


@predicate
def is_joinable(_actor: Actor, proposal: Proposal) -> bool:
    """A team stands behind what was admitted or programmed."""
    return proposal.state in JOINABLE


@predicate
def is_office(actor: Actor, thing: Proposal | Membership) -> bool:
    """The commune's office."""
    return actor.holds(thing.commune_id, Role.OFFICER, Role.FACILITATOR, Role.PRESIDENT)


@predicate
def asked_for_it(actor: Actor, proposal: Proposal) -> bool:
    """Its author, or who speaks for the group that asks."""
    return actor.person_id is not None and (actor.person_id == proposal.author_id or proposal.group_id in actor.groups)


@predicate
def is_member_today(actor: Actor, proposal: Proposal) -> bool:
    """A member between the first and the last day of the membership."""
    return proposal.id in actor.memberships


@predicate
def is_treasurer(actor: Actor, proposal: Proposal) -> bool:
    """The commune's treasurer."""
    return actor.holds(proposal.commune_id, Role.TREASURER)


@predicate
def is_own(actor: Actor, membership: Membership) -> bool:
    """One's own membership."""
    return actor.person_id is not None and actor.person_id == membership.person_id


@predicate
def still_holds(_actor: Actor, membership: Membership) -> bool:
    """A membership whose last day has not passed."""
    return today() <= (membership.ended_on or membership.until)


TEAM: Policy[TeamStep] = {
    TeamStep.INVITE: is_joinable & (is_office | asked_for_it),
    TeamStep.ASK: is_joinable & (is_office | asked_for_it),
    TeamStep.ENTER_ROOM: is_joinable & (is_member_today | is_office | asked_for_it | is_treasurer),
    TeamStep.HIDE: is_office,
}

MEMBER: Policy[MemberStep] = {
    MemberStep.PROLONG: is_own & still_holds,
    MemberStep.LEAVE: is_own & still_holds,
    MemberStep.LET_GO: is_office & ~is_own & still_holds,
}

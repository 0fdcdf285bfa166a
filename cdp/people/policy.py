"""Who may do what with groups, and what an office may do with people."""

from typing import Any

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import GroupStep, OfficeStep, Role


@predicate
def is_known(actor: Actor, _thing: Any) -> bool:
    """Somebody who is signed in."""
    return actor.person_id is not None


@predicate
def acts_for_group(actor: Actor, group: Any) -> bool:
    """A member who may act for the group today."""
    return group.id in actor.groups


@predicate
def entered_it(actor: Actor, group: Any) -> bool:
    """The member who entered the group."""
    return actor.person_id is not None and actor.person_id == group.entered_by_id


@predicate
def is_officer(actor: Actor, thing: Any) -> bool:
    """Officer or president of the thing's commune today."""
    return actor.holds(thing.commune_id, Role.OFFICER, Role.PRESIDENT)


@predicate
def meets_people(actor: Actor, thing: Any) -> bool:
    """Facilitator or officer of the thing's commune today."""
    return actor.holds(thing.commune_id, Role.FACILITATOR, Role.OFFICER)


GROUP_POLICY: Policy[GroupStep] = {
    GroupStep.SECOND: is_known & ~acts_for_group,
    GroupStep.INVITE: acts_for_group,
    GroupStep.NAME_ACTING: acts_for_group,
    GroupStep.CHECK: is_officer & ~acts_for_group & ~entered_it,
    GroupStep.CLOSE: acts_for_group | is_officer,
}

OFFICE_POLICY: Policy[OfficeStep] = {
    OfficeStep.GIVE_MANDATE: is_officer,
    OfficeStep.END_MANDATE: is_officer,
    OfficeStep.ENTER_PERSON: meets_people,
    OfficeStep.ENTER_GROUP: meets_people,
    OfficeStep.PRINT_CARD: meets_people,
    OfficeStep.REVOKE_CARD: meets_people,
    OfficeStep.ANSWER_REQUEST: is_officer,
}

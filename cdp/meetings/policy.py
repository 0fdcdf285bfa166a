"""Who may do what with meetings and the diagnosis: the office and the facilitators of the round's own commune."""

from cdp.kernel.predicate import Policy, predicate
from cdp.meetings.states import MeetingStep
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.rounds.queries import RoundCard

KEEPERS = (Role.OFFICER, Role.PRESIDENT, Role.FACILITATOR)


@predicate
def holds_meetings(actor: Actor, card: RoundCard) -> bool:
    """Officer, president or facilitator of the round's own commune."""
    return actor.holds(card.commune_id, *KEEPERS)


POLICY: Policy[MeetingStep] = dict.fromkeys(MeetingStep, holds_meetings)

"""Who may do what with a round: the commune's officer and its president."""

from typing import Protocol

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.rounds.states import RoundStep

KEEPERS = (Role.OFFICER, Role.PRESIDENT)
"""Mandates that keep a round."""


class OfCommune(Protocol):
    """A round, kept or about to be."""

    @property
    def commune_id(self) -> int:
        """Number of its commune."""


@predicate
def is_keeper(actor: Actor, round_: OfCommune) -> bool:
    """Whether an officer or the president of the round's own commune asks."""
    return actor.holds(round_.commune_id, *KEEPERS)


POLICY: Policy[RoundStep] = {
    RoundStep.OPEN: is_keeper,
    RoundStep.PLAN: is_keeper,
    RoundStep.CHANGE_CHARTER: is_keeper,
    RoundStep.DECIDE: is_keeper,
}

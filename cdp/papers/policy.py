"""Who may do what on the path: the office of the round's own commune."""

from cdp.kernel.predicate import Policy, predicate
from cdp.papers.states import PathStep
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.rounds.queries import RoundCard

OFFICE = (Role.OFFICER, Role.PRESIDENT)


@predicate
def keeps_the_path(actor: Actor, card: RoundCard) -> bool:
    """Officer or president of the round's own commune."""
    return actor.holds(card.commune_id, *OFFICE)


POLICY: Policy[PathStep] = dict.fromkeys(PathStep, keeps_the_path)

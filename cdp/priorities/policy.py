"""Who marks, and who sets the order: mandates, days, and no hand in one's own matter."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.priorities.states import InterestKind, PanelStep
from cdp.proposals.models import Proposal
from cdp.proposals.policy import IS_PARTY, is_office
from cdp.proposals.states import ProposalState
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import PHASES, Phase


@dataclass(frozen=True)
class PanelCase:
    """A proposal before one member on a day of its round; ``interest`` is what shuts this member out."""

    proposal: Proposal
    card: RoundCard
    day: date
    interest: InterestKind | None = None

    @property
    def state(self) -> ProposalState:
        """Where the proposal stands."""
        return self.proposal.state


@predicate
def is_on_panel(actor: Actor, case: PanelCase) -> bool:
    """Holds today a mandate of panel member in the proposal's own commune."""
    return actor.holds(case.proposal.commune_id, Role.PANEL)


@predicate
def has_no_interest(_actor: Actor, case: PanelCase) -> bool:
    """Neither declared an interest nor asks for it, alone or in a group."""
    return case.interest is None


@predicate
def round_marks(_actor: Actor, case: PanelCase) -> bool:
    """The day lies in the phase of priorities, from its first to its last day."""
    return case.card.is_in(case.day, Phase.PRIORITIES)


@predicate
def is_admitted(_actor: Actor, case: PanelCase) -> bool:
    """Found admissible: nothing else is marked or has a place."""
    return case.state is ProposalState.ADMITTED


@predicate
def order_is_set(_actor: Actor, case: PanelCase) -> bool:
    """The day lies in the phases of priorities or programming."""
    return case.card.is_in(case.day, Phase.PRIORITIES, Phase.PROGRAMMING)


def marking_is_over(card: RoundCard, day: date) -> bool:
    """Whether the phase of priorities lies behind: from then on all marks are open."""
    phase = card.phase_on(day)
    if phase is not None:
        return PHASES.index(phase) > PHASES.index(Phase.PRIORITIES)
    ends = [w.ends_on for w in card.windows if w.phase is Phase.PRIORITIES]
    return any(end is not None and end < day for end in ends)


MARKS = is_on_panel & has_no_interest & round_marks & is_admitted

POLICY: Policy[PanelStep] = {
    PanelStep.DECLARE: is_on_panel & round_marks & is_admitted,
    PanelStep.MARK: MARKS,
    PanelStep.HAND_IN: MARKS,
    PanelStep.TAKE_BACK: MARKS,
    PanelStep.SET_PLACE: is_office & ~IS_PARTY & order_is_set & is_admitted,
}

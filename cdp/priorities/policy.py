"""Who marks, who sets the order, who keeps a ballot: mandates, days, and no hand in one's own matter."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import CapacityKind, Role
from cdp.priorities.states import BallotState, BallotStep, InterestKind, PanelStep
from cdp.proposals.models import Proposal
from cdp.proposals.policy import IS_PARTY, OFFICE, is_office
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


MEETING = (Role.OFFICER, Role.PRESIDENT, Role.FACILITATOR)
"""Who meets voters: hands out sheets, stands beside the tablet, reads paper."""


@dataclass(frozen=True)
class BallotCase:
    """A ballot on a day of its round."""

    commune_id: int
    state: BallotState
    opens_on: date
    closes_on: date
    card: RoundCard
    day: date


@predicate
def keeps_ballots(actor: Actor, case: BallotCase) -> bool:
    """Officer or president of the ballot's own commune today."""
    return actor.holds(case.commune_id, *OFFICE)


@predicate
def meets_voters(actor: Actor, case: BallotCase) -> bool:
    """Officer, president or facilitator of the ballot's own commune today."""
    return actor.holds(case.commune_id, *MEETING)


@predicate
def is_clock(actor: Actor, _case: BallotCase) -> bool:
    """The worker, not a person."""
    return actor.capacity.kind is CapacityKind.CLOCK


@predicate
def round_ranks(_actor: Actor, case: BallotCase) -> bool:
    """The day lies in the phase of priorities."""
    return case.card.is_in(case.day, Phase.PRIORITIES)


@predicate
def voting_is_not_over(_actor: Actor, case: BallotCase) -> bool:
    """The last day of voting has not passed."""
    return case.day <= case.closes_on


@predicate
def days_of_voting_are_over(_actor: Actor, case: BallotCase) -> bool:
    """The last day of voting has passed: nobody closes a ballot earlier than was published."""
    return case.day > case.closes_on


BALLOT_POLICY: Policy[BallotStep] = {
    BallotStep.EDIT: keeps_ballots,
    BallotStep.KEEP_ROLL: keeps_ballots,
    BallotStep.PRINT_CODES: keeps_ballots & voting_is_not_over,
    BallotStep.OPEN: keeps_ballots & round_ranks & voting_is_not_over,
    BallotStep.TICK: meets_voters & voting_is_not_over,
    BallotStep.ENTER_PAPER: meets_voters,
    BallotStep.SETTLE: keeps_ballots,
    BallotStep.CLOSE: (keeps_ballots | is_clock) & days_of_voting_are_over,
    BallotStep.COUNT: keeps_ballots,
    BallotStep.PUBLISH: keeps_ballots,
}

"""Who may do what with a proposal: small questions, and one line a step."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.proposals.models import Proposal
from cdp.proposals.states import Channel, ProposalState, Step
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase

OFFICE = (Role.OFFICER, Role.PRESIDENT)
WRITERS_FOR_OTHERS = (Role.FACILITATOR, Role.OFFICER)


@dataclass(frozen=True)
class Case:
    """A proposal on a day of its round: all that a right depends on."""

    proposal: Proposal
    card: RoundCard
    day: date
    revision: int | None = None
    """Of the commune, where it was read with the proposal: by it a worker knows what it may keep."""

    @property
    def state(self) -> ProposalState:
        """Where the proposal stands."""
        return self.proposal.state


@dataclass(frozen=True)
class Opening:
    """A round on a day, before there is a proposal."""

    card: RoundCard
    day: date


@predicate
def is_author(actor: Actor, case: Case) -> bool:
    """Who asks; never who only wrote it down for another."""
    proposal = case.proposal
    return actor.person_id is not None and actor.person_id == proposal.author_id != proposal.entered_by_id


@predicate
def acts_for_group(actor: Actor, case: Case) -> bool:
    """Who may speak today for the group that asks."""
    return case.proposal.group_id is not None and case.proposal.group_id in actor.groups


@predicate
def is_of_a_person(_actor: Actor, case: Case) -> bool:
    """Asked by a person for themselves, not for a group."""
    return case.proposal.group_id is None


@predicate
def wrote_for_another(actor: Actor, case: Case) -> bool:
    """A facilitator or officer of this commune, for what was entered on behalf of somebody."""
    entered = case.proposal.channel is not Channel.SCREEN
    return entered and actor.holds(case.proposal.commune_id, *WRITERS_FOR_OTHERS)


@predicate
def is_office(actor: Actor, case: Case) -> bool:
    """Holds today a mandate of officer or president in the proposal's own commune."""
    return actor.holds(case.proposal.commune_id, *OFFICE)


@predicate
def belongs_here(actor: Actor, case: Case) -> bool:
    """Has any tie to the proposal's commune today."""
    return actor.person_id is not None and any(of == case.proposal.commune_id for of, _tie in actor.ties)


@predicate
def was_submitted(_actor: Actor, case: Case) -> bool:
    """Open to the public."""
    return case.proposal.submitted_at is not None


@predicate
def round_takes_proposals(_actor: Actor, case: Case | Opening) -> bool:
    """The day lies in the phase of proposals, from its first to its last day."""
    return case.card.is_in(case.day, Phase.PROPOSALS)


@predicate
def may_be_corrected(_actor: Actor, case: Case) -> bool:
    """Returned, and the day given for correcting has not passed while the review goes on."""
    until = case.proposal.correct_until
    returned = case.proposal.state is ProposalState.RETURNED
    return returned and until is not None and case.day <= until and case.card.is_in(case.day, Phase.REVIEW)


@predicate
def round_reviews(_actor: Actor, case: Case) -> bool:
    """Proposals are looked at: while they come in, and in the phase of review."""
    return case.card.is_in(case.day, Phase.PROPOSALS, Phase.REVIEW)


@predicate
def round_programmes(_actor: Actor, case: Case) -> bool:
    """The plan is made, adopted or carried out."""
    return case.card.is_in(case.day, Phase.PROGRAMMING, Phase.COUNCIL, Phase.VISA, Phase.DELIVERY)


@predicate
def is_known(actor: Actor, _case: object) -> bool:
    """Signed in."""
    return actor.person_id is not None


@predicate
def writes_for_others(actor: Actor, opening: Opening) -> bool:
    """Holds today a mandate to enter proposals for people of this commune."""
    return actor.holds(opening.card.commune_id, *WRITERS_FOR_OTHERS)


@predicate
def brings_files(actor: Actor, opening: Opening) -> bool:
    """Officer or president of this commune."""
    return actor.holds(opening.card.commune_id, *OFFICE)


IS_OWN = (is_author & is_of_a_person) | acts_for_group | wrote_for_another
IS_PARTY = is_author | acts_for_group

MAY_SEE = was_submitted | is_author | acts_for_group | wrote_for_another
MAY_START = is_known & round_takes_proposals
MAY_START_FOR_ANOTHER = writes_for_others & round_takes_proposals
MAY_IMPORT = brings_files & round_takes_proposals
MAY_TAKE_BACK = is_known & round_reviews

JUDGES = is_office & ~IS_PARTY & round_reviews

POLICY: Policy[Step] = {
    Step.EDIT: IS_OWN & (round_takes_proposals | may_be_corrected),
    Step.SUBMIT: IS_OWN & (round_takes_proposals | may_be_corrected),
    Step.WITHDRAW: IS_OWN,
    Step.SUPPORT: belongs_here & ~IS_PARTY & round_reviews,
    Step.RETURN: JUDGES,
    Step.ADMIT: JUDGES,
    Step.REFUSE: JUDGES,
    Step.MERGE: JUDGES,
    Step.REOPEN: JUDGES,
    Step.PROGRAMME: is_office & round_programmes,
    Step.LEAVE_OUT: is_office & round_programmes,
}

"""Who may do what with the plan of a round, and with its projects: one line a step."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.predicate import Policy, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.states import PlanStep, ProjectStep
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase

OFFICE = (Role.OFFICER, Role.PRESIDENT)


@dataclass(frozen=True)
class PlanCase:
    """The plan of a round on a day: all that a right depends on."""

    card: RoundCard
    day: date
    is_sent_back: bool = False
    """The governor refused a visa and no version has one yet: asked for in the delivery's phase alone."""
    is_updating: bool = False
    """An update of the plan is open: it has no visa yet. Asked for in the delivery's phase alone."""

    @property
    def is_reopened(self) -> bool:
        """Whether another version is made though works should be under way."""
        return self.is_sent_back or self.is_updating


@predicate
def is_officer(actor: Actor, case: PlanCase) -> bool:
    """Officer of the round's own commune."""
    return actor.holds(case.card.commune_id, Role.OFFICER)


@predicate
def records_acts(actor: Actor, case: PlanCase) -> bool:
    """Officer or president of the round's own commune."""
    return actor.holds(case.card.commune_id, *OFFICE)


@predicate
def finds_partners(_actor: Actor, case: PlanCase) -> bool:
    """Costs are known and the plan is not yet carried out, or not visaed when it should be."""
    return case.is_reopened or case.card.is_in(
        case.day, Phase.REVIEW, Phase.PRIORITIES, Phase.PROGRAMMING, Phase.COUNCIL, Phase.VISA
    )


@predicate
def is_before_the_council(_actor: Actor, case: PlanCase) -> bool:
    """The council's phase, or that of the visa for a vote written down late; later after a refused visa."""
    return case.is_reopened or case.card.is_in(case.day, Phase.COUNCIL, Phase.VISA)


@predicate
def is_after_the_council(_actor: Actor, case: PlanCase) -> bool:
    """From the council's phase on: a visa may come late, months after the vote."""
    return case.card.is_in(case.day, Phase.COUNCIL, Phase.VISA, Phase.DELIVERY)


@predicate
def is_redrafted(_actor: Actor, case: PlanCase) -> bool:
    """The plan is made, or made again after the council or the governor sent it back, however late."""
    return case.is_reopened or case.card.is_in(case.day, Phase.PROGRAMMING, Phase.COUNCIL, Phase.VISA)


@predicate
def is_carried_out(_actor: Actor, case: PlanCase) -> bool:
    """The plan is carried out; from which day it may be updated is a rule of the legal calendar."""
    return case.card.is_in(case.day, Phase.DELIVERY)


@predicate
def keeps_project(actor: Actor, project: Project) -> bool:
    """Officer of the project's own commune."""
    return actor.holds(project.commune_id, Role.OFFICER)


POLICY: Policy[PlanStep] = {
    PlanStep.SHARE: is_officer & finds_partners,
    PlanStep.UPDATE: is_officer & is_carried_out,
    PlanStep.DRAFT: is_officer & is_redrafted,
    PlanStep.DECIDE: is_officer & is_redrafted,
    PlanStep.IMAGINE: is_officer,
    PlanStep.SUBMIT: is_officer & is_redrafted,
    PlanStep.VOTE: records_acts & is_before_the_council,
    PlanStep.VISA: records_acts & is_after_the_council,
    PlanStep.PUBLISH: records_acts & is_after_the_council,
}

PROJECT_POLICY: Policy[ProjectStep] = dict.fromkeys(ProjectStep, keeps_project)

MAY_READ_DRAFT = records_acts
"""Who sees a version before it is submitted."""

"""Who may do what with the plan of a round, and with its projects: one line a step."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.errors import Refused
from cdp.kernel.predicate import Policy, authorize, predicate
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.states import PlanStep, ProjectStep
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase

OFFICE = (Role.OFFICER, Role.PRESIDENT)

_MAKING = (Phase.PROGRAMMING, Phase.COUNCIL, Phase.VISA)
_AFTER = (Phase.COUNCIL, Phase.VISA, Phase.DELIVERY)

PHASES = {
    PlanStep.SHARE: (Phase.REVIEW, Phase.PRIORITIES, *_MAKING),
    PlanStep.DRAFT: _MAKING,
    PlanStep.DECIDE: _MAKING,
    PlanStep.SUBMIT: _MAKING,
    PlanStep.VOTE: (Phase.COUNCIL, Phase.VISA),
    PlanStep.VISA: _AFTER,
    PlanStep.PUBLISH: _AFTER,
    PlanStep.UPDATE: (Phase.DELIVERY,),
}
"""The phases of a round in which a step is taken, unless the plan was opened again; a step not named: in any."""


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
    return case.is_reopened or case.card.is_in(case.day, *PHASES[PlanStep.SHARE])


@predicate
def is_before_the_council(_actor: Actor, case: PlanCase) -> bool:
    """The council's phase, or that of the visa for a vote written down late; later after a refused visa."""
    return case.is_reopened or case.card.is_in(case.day, *PHASES[PlanStep.VOTE])


@predicate
def is_after_the_council(_actor: Actor, case: PlanCase) -> bool:
    """From the council's phase on: a visa may come late, months after the vote."""
    return case.card.is_in(case.day, *PHASES[PlanStep.VISA])


@predicate
def is_redrafted(_actor: Actor, case: PlanCase) -> bool:
    """The plan is made, or made again after the council or the governor sent it back, however late."""
    return case.is_reopened or case.card.is_in(case.day, *PHASES[PlanStep.DRAFT])


@predicate
def is_carried_out(_actor: Actor, case: PlanCase) -> bool:
    """The plan is carried out; from which day it may be updated is a rule of the legal calendar."""
    return case.card.is_in(case.day, *PHASES[PlanStep.UPDATE])


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


def _may_in_its_days(step: PlanStep, actor: Actor, case: PlanCase) -> bool:
    who = records_acts if step in {PlanStep.VOTE, PlanStep.VISA, PlanStep.PUBLISH} else is_officer
    return who(actor, case)


def authorize_step(step: PlanStep, actor: Actor, case: PlanCase) -> None:
    """Refused as by ``kernel.predicate.authorize``; who holds the office is told which days it is for.

    "programme.not_these_days" with the first and last day of the phases of the step, "programme.not_before".
    """
    windows = [window for window in case.card.windows if window.phase in PHASES.get(step, ())]
    if windows and _may_in_its_days(step, actor, case) and not POLICY[step](actor, case):
        first, last = windows[0].starts_on, windows[-1].ends_on
        if last is None:
            raise Refused("programme.not_before", step=step, first=first)
        raise Refused("programme.not_these_days", step=step, first=first, last=last)
    authorize(POLICY, step, actor, case)

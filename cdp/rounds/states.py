"""Phases of a round and what may be decided about them."""

from enum import StrEnum


class Phase(StrEnum):
    """The steps of a round, in their order."""

    INFORMATION = "information"
    DIAGNOSIS = "diagnosis"
    PROPOSALS = "proposals"
    REVIEW = "review"
    PRIORITIES = "priorities"
    PROGRAMMING = "programming"
    COUNCIL = "council"
    VISA = "visa"
    DELIVERY = "delivery"


PHASES = tuple(Phase)


class Paper(StrEnum):
    """What a phase leaves behind on paper."""

    MINUTES_OF_OPENING = "minutes_of_opening"
    DIAGNOSIS_REPORT = "diagnosis_report"
    REGISTER_OF_PROPOSALS = "register_of_proposals"
    REASONED_ANSWERS = "reasoned_answers"
    RANKED_LIST = "ranked_list"
    DRAFT_PLAN = "draft_plan"
    DELIBERATION = "deliberation"
    VISA_LETTER = "visa_letter"
    YEARLY_REPORT = "yearly_report"


PAPERS: dict[Phase, Paper] = dict(zip(Phase, Paper, strict=True))
"""The paper of each phase (decree 2-16-301 art. 4-14; the register and the answers are this tool's)."""


class RoundStep(StrEnum):
    """What is done with a round."""

    OPEN = "open"
    PLAN = "plan"
    CHANGE_CHARTER = "change_charter"
    DECIDE = "decide"


class DecisionKind(StrEnum):
    """A recorded decision about the end of a phase."""

    CLOSE_EARLY = "close_early"
    EXTEND = "extend"


class ProposerKind(StrEnum):
    """Who asks, as it was when they asked."""

    WOMENS_GROUP = "womens_group"
    YOUTH_GROUP = "youth_group"
    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"
    INFORMAL = "informal"
    DIASPORA = "diaspora"
    RESIDENT = "resident"
    COMMUNE = "commune"


class Source(StrEnum):
    """Where money comes from."""

    OWN = "own"
    LOAN = "loan"
    INDH = "indh"
    PROVINCE = "province"
    REGION = "region"
    MINISTRY = "ministry"
    AGENCY = "agency"
    NGO = "ngo"
    COOPERATION = "cooperation"
    ASSOCIATION = "association"
    BENEFICIARIES = "beneficiaries"
    DIASPORA = "diaspora"


class Sureness(StrEnum):
    """How sure an amount is."""

    EXPECTED = "expected"
    PROMISED = "promised"
    SIGNED = "signed"


class CharterSection(StrEnum):
    """Parts of a charter, frozen one by one as soon as something depends on them."""

    PROPOSERS = "proposers"
    SECTORS = "sectors"
    CHECKLIST = "checklist"
    CRITERIA = "criteria"
    ENVELOPES = "envelopes"
    SUPPORTS = "supports"

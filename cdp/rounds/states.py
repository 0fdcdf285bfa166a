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

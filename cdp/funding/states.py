"""Units of a promise, and operations of the ledger."""

from enum import StrEnum


class ConditionKind(StrEnum):
    """On what a promise waits, in one plain sentence; NONE waits for nothing."""

    NONE = "none"
    COMMUNE_SIGNS = "commune_signs"
    OTHERS_JOIN = "others_join"


class TermKind(StrEnum):
    """More on what a promise may wait: each names numbers, a place or a group."""

    VILLAGE_JOINS = "village_joins"
    TOTAL_REACHED = "total_reached"
    CLUB_GIVES = "club_gives"


class PledgeStatus(StrEnum):
    """What became of a promise: worked out from the books and the day, never stored."""

    PROMISED = "promised"
    WAITING = "waiting"
    CALLED = "called"
    OVERDUE = "overdue"
    PART_RECEIVED = "part_received"
    FULFILLED = "fulfilled"
    OVER_FUNDED = "over_funded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    RELEASED = "released"
    DEFAULTED = "defaulted"


class GivingStatus(StrEnum):
    """Where an appointment for hours or goods stands: worked out from its days."""

    AGREED = "agreed"
    GIVEN = "given"
    VERIFIED = "verified"
    MISSED = "missed"


class PayeeKind(StrEnum):
    """Who owns an account that givers may be told."""

    PUBLIC_ACCOUNTANT = "public_accountant"
    ASSOCIATION = "association"
    FOREIGN_ASSOCIATION = "foreign_association"


class LegalBasis(StrEnum):
    """On what an account may be named: nothing is shown without it (laws 18-18 and 15-18)."""

    DELIBERATION = "deliberation"
    CONVENTION = "convention"
    AUTHORISATION = "authorisation"
    STATUTES = "statutes"


BASES: dict[PayeeKind, frozenset[LegalBasis]] = {
    PayeeKind.PUBLIC_ACCOUNTANT: frozenset({LegalBasis.DELIBERATION, LegalBasis.CONVENTION}),
    PayeeKind.ASSOCIATION: frozenset({LegalBasis.AUTHORISATION, LegalBasis.CONVENTION}),
    PayeeKind.FOREIGN_ASSOCIATION: frozenset({LegalBasis.STATUTES, LegalBasis.CONVENTION}),
}
"""Which basis serves for whom."""


class Channel(StrEnum):
    """How a giver may pay; each leads to the account or its holder, never through this tool."""

    TRANSFER = "transfer"
    TRANSFER_FROM_ABROAD = "transfer_from_abroad"
    CASH_AT_TREASURY = "cash_at_treasury"
    CHEQUE = "cheque"
    CONSULATE = "consulate"


class OverFunding(StrEnum):
    """What becomes of promises beyond a project's need: chosen before the first one, and shown."""

    STOP = "stop"
    RESERVE = "reserve"
    ACCEPT = "accept"


class ExpenseState(StrEnum):
    """Where a spending stands: worked out from its steps and the books."""

    ENGAGED = "engaged"
    SERVICE_DONE = "service_done"
    MANDATED = "mandated"
    PAID = "paid"


class PartnerAct(StrEnum):
    """What happened to an agreement after it was signed."""

    VISA = "visa"
    DEFAULT = "default"
    RESUMED = "resumed"


class RuleKind(StrEnum):
    """A rule of a project that is dated data: who brings which share, or what a sponsor adds to gifts."""

    SHARE = "share"
    MATCH = "match"

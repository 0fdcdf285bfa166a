"""Units of a promise, and operations of the ledger."""

from enum import StrEnum


class ConditionKind(StrEnum):
    """On what a promise waits, in one plain sentence; NONE waits for nothing."""

    NONE = "none"
    COMMUNE_SIGNS = "commune_signs"
    OTHERS_JOIN = "others_join"


class Operation(StrEnum):
    """A move between stage accounts; from where to where stands in the rules of the ledger."""

    PLEDGE = "pledge"
    LAPSE = "lapse"
    COMMIT = "commit"
    SIGN = "sign"
    DECOMMIT = "decommit"
    RECEIVE = "receive"
    GIFT = "gift"
    SPEND = "spend"
    PAY_DIRECT = "pay_direct"
    DELIVER = "deliver"
    REFUND = "refund"
    REVERSE = "reverse"


HOURS = "H"
"""The unit of hours in the ledger; currencies are their ISO 4217 code."""


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

"""Units of a promise, and operations of the ledger."""

from enum import StrEnum


class ConditionKind(StrEnum):
    """On what a promise waits, in one plain sentence; NONE waits for nothing."""

    NONE = "none"
    COMMUNE_SIGNS = "commune_signs"
    OTHERS_JOIN = "others_join"


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

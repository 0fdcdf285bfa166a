"""What a member brings, and how a membership ended."""

from enum import StrEnum


class Offer(StrEnum):
    """What a member brings to a project, and what a project needs."""

    SKILL = "skill"
    HOURS = "hours"
    VISIT = "visit"
    SUM = "sum"
    GOODS = "goods"


class Ending(StrEnum):
    """How a membership ended before its last day; one that reaches it simply ends, nothing is stored."""

    LEFT = "left"
    LET_GO = "let_go"
    ERASED = "erased"

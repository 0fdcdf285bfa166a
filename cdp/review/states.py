"""Verdicts of the review."""

from enum import StrEnum


class Answer(StrEnum):
    """What a reviewer found about a point of the checklist."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a review concludes."""

    ADMIT = "admit"
    REFUSE = "refuse"
    RETURN = "return"
    MERGE = "merge"
    REOPEN = "reopen"


class CostKind(StrEnum):
    """What a cost line pays for; running costs come every year and are never part of the total."""

    STUDY = "study"
    WORKS = "works"
    EQUIPMENT = "equipment"
    RUNNING = "running"

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


class ReviewStep(StrEnum):
    """What the office does with a file; the conclusions have the names of their verdicts."""

    FIND = "find"
    ESTIMATE = "estimate"
    ADMIT = "admit"
    REFUSE = "refuse"
    RETURN = "return"
    MERGE = "merge"
    REOPEN = "reopen"


class Waiting(StrEnum):
    """Which files a list shows: those the office has to answer, those their authors correct, those concluded."""

    OFFICE = "office"
    AUTHOR = "author"
    NOBODY = "nobody"

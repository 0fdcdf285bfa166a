"""Kinds of milestones."""

from enum import StrEnum


class MilestoneKind(StrEnum):
    """What a milestone marks."""

    STUDY = "study"
    TENDER = "tender"
    WORKS = "works"
    HANDOVER = "handover"

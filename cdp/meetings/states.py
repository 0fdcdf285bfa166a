"""Kinds of meetings, classes of attendance, what a meeting says."""

from enum import StrEnum


class MeetingKind(StrEnum):
    """Why people meet."""

    OPENING = "opening"
    WORKSHOP = "workshop"
    CONSULTATION = "consultation"
    EQUITY_BODY = "equity_body"
    COMMISSION = "commission"
    SESSION = "session"


class Facet(StrEnum):
    """By what those present are counted; each adds up to no more than were present."""

    SEX = "sex"
    AGE = "age"
    PLACE = "place"
    GROUP = "group"


class SayingKind(StrEnum):
    """What was said: a need, or a field of the table of strengths and weaknesses."""

    NEED = "need"
    STRENGTH = "strength"
    WEAKNESS = "weakness"
    OPPORTUNITY = "opportunity"
    THREAT = "threat"
    OPINION = "opinion"


class MeetingStep(StrEnum):
    """What is done with meetings and the diagnosis."""

    CALL = "call"
    WRITE_UP = "write_up"
    ENTER_INDICATOR = "enter_indicator"


CLASSES = {
    Facet.SEX: ("women", "men"),
    Facet.AGE: ("under_18", "from_18_to_29", "from_30_to_59", "from_60"),
    Facet.GROUP: ("elected", "services", "associations", "womens_groups", "youth_groups", "cooperatives", "residents"),
}
"""The classes of each facet; places are the commune's own douars, by code."""

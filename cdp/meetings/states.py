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


class PresentBy(StrEnum):
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
    VISION = "vision"


class MeetingStep(StrEnum):
    """What is done with meetings and the diagnosis."""

    CALL = "call"
    CALL_OFF = "call_off"
    CHANGE = "change"
    WRITE_UP = "write_up"
    CORRECT = "correct"
    ENTER_INDICATOR = "enter_indicator"
    TAKE_BACK = "take_back"


class PresentSex(StrEnum):
    """Those present, by sex."""

    WOMEN = "women"
    MEN = "men"


class PresentAge(StrEnum):
    """Those present, by age."""

    UNDER_18 = "under_18"
    FROM_18_TO_29 = "from_18_to_29"
    FROM_30_TO_59 = "from_30_to_59"
    FROM_60 = "from_60"


class PresentFrom(StrEnum):
    """Those present, by whom they came for."""

    ELECTED = "elected"
    SERVICES = "services"
    ASSOCIATIONS = "associations"
    WOMENS_GROUPS = "womens_groups"
    YOUTH_GROUPS = "youth_groups"
    COOPERATIVES = "cooperatives"
    RESIDENTS = "residents"


CLASSES: dict[PresentBy, tuple[str, ...]] = {
    PresentBy.SEX: tuple(each.value for each in PresentSex),
    PresentBy.AGE: tuple(each.value for each in PresentAge),
    PresentBy.GROUP: tuple(each.value for each in PresentFrom),
}
"""The classes of each facet; places are the commune's own douars, by code."""


class Indicator(StrEnum):
    """Figures of the diagnosis; those the census gives come from the reference, the others are entered."""

    POPULATION = "population"
    HOUSEHOLDS = "households"
    ILLITERACY = "illiteracy"
    ILLITERACY_WOMEN = "illiteracy_women"
    ILLITERACY_MEN = "illiteracy_men"
    SCHOOLING = "schooling"
    RUNNING_WATER = "running_water"
    ELECTRICITY = "electricity"
    SEWER = "sewer"
    ROAD_DISTANCE = "road_distance"
    UNEMPLOYMENT = "unemployment"
    ROADS_GOOD = "roads_good"


class Unit(StrEnum):
    """What an indicator is counted in."""

    PEOPLE = "people"
    HOUSEHOLDS = "households"
    PERCENT = "percent"
    KM = "km"


UNITS = {
    Indicator.POPULATION: Unit.PEOPLE,
    Indicator.HOUSEHOLDS: Unit.HOUSEHOLDS,
    Indicator.ROAD_DISTANCE: Unit.KM,
}
"""Units of indicators; all others are per cent."""

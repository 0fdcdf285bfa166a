"""Kinds of declared interests, and what is done about marks and the order."""

from enum import StrEnum


class InterestKind(StrEnum):
    """Why a panel member does not mark a proposal; no further detail is asked."""

    AUTHOR = "author"
    FAMILY = "family"
    MEMBER = "member"
    MONEY = "money"
    OTHER = "other"


class PanelStep(StrEnum):
    """What a panel member does with a proposal, and what the office does with the order."""

    DECLARE = "declare"
    MARK = "mark"
    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    SET_PLACE = "set_place"

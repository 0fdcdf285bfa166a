"""Kinds of declared interests."""

from enum import StrEnum


class InterestKind(StrEnum):
    """Why a panel member does not mark a proposal; no further detail is asked."""

    AUTHOR = "author"
    FAMILY = "family"
    MEMBER = "member"
    MONEY = "money"
    OTHER = "other"

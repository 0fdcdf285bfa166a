"""Kinds of places."""

from enum import StrEnum


class CommuneKind(StrEnum):
    """Rural commune or municipality (HCP)."""

    RURAL = "rural"
    URBAN = "urban"


class LocalityKind(StrEnum):
    """Smallest place people name."""

    DOUAR = "douar"
    QUARTER = "quarter"
    CENTRE = "centre"

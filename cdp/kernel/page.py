"""A page of a list: frozen rows and whether there are more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

SIZE = 25
"""Rows a list shows before it pages on."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, its number from 1, and whether another follows; ``total`` where it is known."""

    rows: Sequence[Row]
    number: int = 1
    more: bool = False
    total: int | None = None

    @property
    def previous(self) -> int | None:
        """Number of the page before, if any."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """Number of the page after, if any."""
        return self.number + 1 if self.more else None

"""A document as blocks of plain values: headings, words, facts, tables, charts. PDF and Word are made of the same.

Texts stand already in the document's language; amounts are already written as people write them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cdp.exports.map_labels import Mark

Kind = str
"""Kind of a column: ``text`` or ``number`` (set at the end of its cell, never broken)."""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 to 3. Those of level 1 begin a page."""

    text: str
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph; ``language`` is the one it is really written in ("" for the document's)."""

    text: str
    language: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and what they are."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with its heads; ``total`` marks the last row as a sum."""

    caption: str
    heads: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    last: str = ""


@dataclass(frozen=True)
class Bars:
    """A chart: a bar a row (name, share of the longest 0-1, value as written), in one colour of the house."""

    caption: str
    alt: str
    rows: tuple[tuple[str, float, str], ...]
    tone: str = "atlas"


@dataclass(frozen=True)
class Stack:
    """A chart: a bar a row made of parts (share of the longest 0-1, colour), with its legend."""

    caption: str
    alt: str
    legend: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[tuple[float, str], ...], str], ...]


@dataclass(frozen=True)
class Map:
    """A sketch map: douars as circles with their names where none covers another."""

    caption: str
    alt: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Listing:
    """Short texts, one under the other."""

    rows: tuple[str, ...]


@dataclass(frozen=True)
class Signatures:
    """Places for signatures by hand."""

    rows: tuple[str, ...]


Block = Heading | Text | Facts | Table | Bars | Stack | Map | Listing | Signatures


@dataclass(frozen=True)
class Page:
    """What stands on the cover and around the pages."""

    language: str
    title: str
    subtitle: str
    owner: str
    letterhead: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    foot: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A whole document: ``layout`` is ``book`` (cover, contents) or ``letter`` (letterhead of the commune)."""

    layout: str
    page: Page
    blocks: tuple[Block, ...]

    def plain(self) -> dict[str, Any]:
        """What the typesetter is given; nothing of it becomes markup."""
        return {
            "layout": self.layout,
            "page": asdict(self.page),
            "blocks": [{"kind": type(block).__name__.lower()} | asdict(block) for block in self.blocks],
        }


def longest(values: Iterable[int]) -> int:
    """The largest of some values, at least 1: what bars are measured by."""
    return max([1, *values])


def bars(caption: str, alt: str, rows: Sequence[tuple[str, int, str]], tone: str = "atlas") -> Bars:
    """A chart of values against the largest of them."""
    most = longest(value for _, value, _ in rows)
    return Bars(caption, alt, tuple((name, value / most, shown) for name, value, shown in rows), tone)

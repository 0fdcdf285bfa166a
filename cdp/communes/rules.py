"""Rows of the territory as values: reference communes, douars of a file; how names are sorted and addressed."""

import re
import unicodedata
from dataclasses import dataclass, field

from cdp.communes.states import CommuneKind, LocalityKind
from cdp.kernel.words import Words

DISTANCES = ("km_paved_road", "km_track", "km_primary_school", "km_middle_school", "km_high_school", "km_health_centre")
"""Columns of distances in a file of douars; blank where they were withheld."""

NEEDED = ("douar_code", "name_ar")
"""Columns a file of douars must have; ``code`` may stand for ``douar_code``."""


@dataclass(frozen=True)
class CommuneRow:
    """A commune of the reference: HCP's code, names, and the people counted in 2014 and 2024."""

    code: str
    slug: str
    name: Words
    kind: CommuneKind
    province_code: str
    cercle: Words | None = None
    population_2014: int | None = None
    population_2024: int | None = None


@dataclass(frozen=True)
class LocalityRow:
    """A douar of a file: code, names, fraction, people, distances in km, place on the sketch map."""

    code: str
    name: Words
    fraction: Words
    kind: LocalityKind = LocalityKind.DOUAR
    households: int | None = None
    population: int | None = None
    x: float | None = None
    y: float | None = None
    distances: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BadLine:
    """A line of a file that cannot be taken, and why (a message key)."""

    line: int
    key: str
    value: str = ""


def plain(text: str) -> str:
    """A name without accents and Arabic vowel signs, in small letters: what names are sorted by."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c) and c != "ـ")
    return bare.translate(str.maketrans("أإآى", "اااي"))[:120]


def sort_key(name: Words) -> str:
    """By what a list of names is sorted: the French name, else the Arabic one."""
    return plain(name.get("fr") or name.get("ar") or name.in_("en")[0])


def slug(text: str) -> str:
    """A name as it stands in an address: small Latin letters, digits, dashes."""
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")[:80]


def read_localities(rows: list[dict[str, str]]) -> tuple[list[LocalityRow], list[BadLine]]:
    """The douars of a file (rows by column name) and the lines that cannot be taken, counted from 2.

    A blank number is unknown; one that is no number, a double code or a douar without a name is a bad line.
    """
    good: list[LocalityRow] = []
    bad: list[BadLine] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        code = (row.get("douar_code") or row.get("code") or "").strip()
        problem = _problem(row, code, seen)
        if problem is not None:
            bad.append(BadLine(line, *problem))
            continue
        seen.add(code)
        good.append(_locality(row, code))
    return good, bad


def _problem(row: dict[str, str], code: str, seen: set[str]) -> tuple[str, str] | None:
    if not code:
        return "communes.code_missing", ""
    if code in seen:
        return "communes.code_twice", code
    if not any((row.get(f"name_{language}") or "").strip() for language in ("ar", "fr")):
        return "communes.name_missing", code
    for column in ("households_2024", "population_2024", "x", "y", *DISTANCES):
        text = (row.get(column) or "").strip()
        if text and not re.fullmatch(r"\d{1,7}(\.\d{1,3})?", text):
            return "communes.not_a_number", text[:40]
    return None


def _locality(row: dict[str, str], code: str) -> LocalityRow:
    def number(column: str) -> float | None:
        text = (row.get(column) or "").strip()
        return float(text) if text else None

    def whole(column: str) -> int | None:
        value = number(column)
        return None if value is None else int(value)

    kind = (row.get("kind") or "").strip()
    return LocalityRow(
        code=code,
        name=Words({language: row.get(f"name_{language}") or "" for language in ("ar", "fr", "en")}),
        fraction=Words({language: row.get(f"fraction_{language}") or "" for language in ("ar", "fr", "en")}),
        kind=LocalityKind(kind) if kind in set(LocalityKind) else LocalityKind.DOUAR,
        households=whole("households_2024"),
        population=whole("population_2024"),
        x=number("x"),
        y=number("y"),
        distances={column: value for column in DISTANCES if (value := number(column)) is not None},
    )

"""Reading a file of proposals: CSV as offices make it, or XLSX; every row is told good or bad, none is lost."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cdp.kernel.errors import Message
from cdp.kernel.words import Words
from cdp.proposals.rules.drafts import Beneficiaries, Draft, draft_problems
from cdp.proposals.rules.folding import fold, is_arabic
from cdp.proposals.rules.tables import Table, Unreadable, table
from cdp.rounds.states import ProposerKind

MOST_ROWS = 2000

HEADS = {
    "title": ("title", "titre", "intitule", "العنوان", "عنوان"),
    "need": ("need", "besoin", "description", "الحاجة", "الوصف"),
    "sector": ("sector", "secteur", "domaine", "المجال", "القطاع"),
    "places": ("places", "place", "douar", "douars", "lieu", "localite", "الدوار", "الدواوير"),
    "women": ("women", "femmes", "النساء"),
    "men": ("men", "hommes", "الرجال"),
    "youth": ("youth", "jeunes", "الشباب"),
    "households": ("households", "menages", "foyers", "الأسر"),
    "summer_peak": ("summer_peak", "summer", "ete", "الصيف"),
    "upkeep": ("upkeep", "entretien", "الصيانة"),
    "name": ("name", "nom", "demandeur", "الاسم", "صاحب الطلب"),
    "consent": ("consent", "accord", "consentement", "الموافقة"),
    "kind": ("kind", "qualite", "الصفة"),
}
"""Heads of columns that are understood, folded; a text may have one column a language (``titre_ar``)."""

TEXTS = ("title", "need", "upkeep")
NUMBERS = ("women", "men", "youth", "households", "summer_peak")
YES = frozenset(fold(word) for word in ("yes", "y", "oui", "o", "x", "1", "true", "نعم", "موافق"))
LANGUAGE_OF = {"title": "en", "need": "en", "upkeep": "en"}

_KNOWN = {fold(alias): column for column, aliases in HEADS.items() for alias in aliases}


@dataclass(frozen=True)
class Vocabulary:
    """What a row may name: fields of action and douars by folded name or code, and who may propose."""

    sectors: Mapping[str, str]
    places: Mapping[str, int]
    proposers: frozenset[ProposerKind]


@dataclass(frozen=True)
class Row:
    """One row by its line in the file; ``problems`` empty when it is good."""

    line: int
    cells: tuple[str, ...]
    draft: Draft
    name: str
    kind: ProposerKind
    problems: tuple[Message, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same row of any file: its cells without blanks around them."""
        return hashlib.sha256("\x1f".join(cell.strip() for cell in self.cells).encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Reading:
    """All rows of a file in its order, with its heads as they stood."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes, vocabulary: Vocabulary) -> Reading:
    """Read a file; :class:`Unreadable` with a message when it is no table of proposals at all."""
    found = table(data, most=MOST_ROWS)
    columns = columns_of(found.heads)
    missing = [column for column in ("title", "need", "sector") if column not in {name for name, _ in columns}]
    if missing:
        raise Unreadable(Message("proposals.import_column_missing", {"column": ", ".join(missing)}))
    return Reading(found.heads, tuple(_row(found, at, columns, vocabulary) for at in range(len(found.rows))))


def columns_of(heads: tuple[str, ...]) -> list[tuple[str, str]]:
    """For each head the column it means and the language of its text; ("", "") for one that means nothing here."""
    return [_column(head) for head in heads]


def _column(head: str) -> tuple[str, str]:
    plain = " ".join(fold(head).replace("(", " ").replace(")", " ").replace("-", " ").split())
    if plain in _KNOWN:
        language = "ar" if is_arabic(plain) else ("en" if plain in HEADS else "fr")
        return _KNOWN[plain], language
    for sign in ("_", " "):
        stem, _, language = plain.rpartition(sign)
        if stem in _KNOWN and language in {"ar", "fr", "en"}:
            return _KNOWN[stem], language
    return "", ""


def _row(found: Table, at: int, columns: list[tuple[str, str]], vocabulary: Vocabulary) -> Row:
    cells = found.rows[at]
    problems: list[Message] = list(_formulas(found, at))
    if len(cells) > len(columns):
        problems.append(Message("proposals.import_too_many_cells", {"cells": len(cells), "columns": len(columns)}))
    values: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {name: {} for name in TEXTS}
    for (column, language), cell in zip(columns, cells, strict=False):
        if column in texts and cell.strip():
            code = "ar" if is_arabic(cell) and language != "ar" and "ar" not in texts[column] else language
            texts[column][code] = cell
        elif column and cell.strip():
            values[column] = cell.strip()
    draft = _draft(texts, values, vocabulary, problems.append)
    problems += [
        problem.message
        for problem in draft_problems(
            draft, sectors=set(vocabulary.sectors.values()), places=set(vocabulary.places.values())
        )
    ]
    kind = _kind(values, vocabulary, problems.append)
    name = _name(values, problems.append)
    return Row(found.lines[at], cells, draft, name, kind, tuple(dict.fromkeys(_plain(p) for p in problems)))


class _plain(Message):  # noqa: N801
    """A message that can be told from another, to say each once."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key, message.values)

    def __hash__(self) -> int:
        return hash((self.key, str(self.values)))


Tell = Callable[[Message], None]


def _draft(texts: dict[str, dict[str, str]], values: dict[str, str], vocabulary: Vocabulary, tell: Tell) -> Draft:
    people = {name: _number(name, values[name], tell) for name in NUMBERS if name in values}
    return Draft(
        title=Words(texts["title"]),
        need=Words(texts["need"]),
        sector=_sector(values.get("sector", ""), vocabulary, tell),
        places=_places(values.get("places", ""), vocabulary, tell),
        people=Beneficiaries(**people),
        upkeep=Words(texts["upkeep"]),
    )


def _number(column: str, text: str, tell: Tell) -> int | None:
    plain = "".join(fold(text).replace("\u202f", "").replace("\u00a0", "").split())
    whole = plain.removesuffix(".0").removesuffix(",0")
    if not whole.removeprefix("-").isdigit() or len(whole) > 18:
        tell(Message("proposals.import_not_a_number", {"column": column, "text": text[:40]}))
        return None
    return int(whole)


def _sector(text: str, vocabulary: Vocabulary, tell: Tell) -> str:
    key = vocabulary.sectors.get(fold(text).strip(), "")
    if text and not key:
        tell(Message("proposals.import_unknown_sector", {"text": text[:60]}))
    return key


def _places(text: str, vocabulary: Vocabulary, tell: Tell) -> frozenset[int]:
    names = [part.strip() for part in text.replace("|", ";").replace("،", ";").replace(",", ";").split(";")]
    found = set()
    for name in filter(None, names):
        number = vocabulary.places.get(fold(name))
        if number is None:
            tell(Message("proposals.import_unknown_place", {"text": name[:60]}))
        else:
            found.add(number)
    return frozenset(found)


def _kind(values: dict[str, str], vocabulary: Vocabulary, tell: Tell) -> ProposerKind:
    text = values.get("kind", "")
    kind = next((kind for kind in ProposerKind if kind.value == fold(text).strip()), None)
    if text and kind is None:
        tell(Message("proposals.import_unknown_kind", {"text": text[:60]}))
    kind = kind or ProposerKind.RESIDENT
    if kind not in vocabulary.proposers:
        tell(Message("proposals.kind_may_not_propose", {"kind": kind}))
    return kind


def _name(values: dict[str, str], tell: Tell) -> str:
    name = " ".join(values.get("name", "").split())
    if name and fold(values.get("consent", "")).strip() not in YES:
        tell(Message("proposals.import_no_consent"))
    if len(name) > 120:
        tell(Message("proposals.import_name_too_long"))
    return name[:120]


def _formulas(found: Table, at: int) -> list[Message]:
    """Cells that would be worked out by a spreadsheet: refused, because nobody saw what they say."""
    return [
        Message("proposals.import_formula", {"column": found.heads[index] if index < len(found.heads) else index + 1})
        for index, cell in enumerate(found.rows[at])
        if (found.lines[at], index) in found.formulas or is_formula(cell)
    ]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would take a text for a formula (``=``, ``@``, ``+`` or ``-`` before a letter or sign)."""
    text = cell.strip()
    if text[:1] in {"=", "@"}:
        return True
    return text[:1] in {"+", "-"} and len(text) > 1 and not text[1:2].isdigit() and not text[1:2].isspace()

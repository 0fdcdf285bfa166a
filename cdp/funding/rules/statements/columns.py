"""Which column says what: saved column maps, and headers recognised in Arabic, French, English and others."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cdp.funding.rules.statements.headers import COUNTERPART, GUESSES, NAME, WORDS
from cdp.funding.rules.statements.values import Unreadable

ROLES = tuple(WORDS)

BY_WORD = {word: role for role, words in reversed(WORDS.items()) for word in words.split("|")}


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A saved way to read the tables of one bank: header words or column numbers (from 1) for each role.

    ``currency_code`` for tables without a currency column, ``decimal`` ("," or ".") and ``month_first`` where
    the table itself does not tell; ``delimiter`` and ``encoding`` for texts.
    """

    booked: str | int | None = None
    value_date: str | int | None = None
    amount: str | int | None = None
    debit: str | int | None = None
    credit: str | int | None = None
    direction: str | int | None = None
    text: tuple[str | int, ...] = ()
    reference: str | int | None = None
    end_to_end: str | int | None = None
    party: str | int | None = None
    party_account: str | int | None = None
    currency: str | int | None = None
    account: str | int | None = None
    balance: str | int | None = None
    status: str | int | None = None
    currency_code: str | None = None
    account_number: str | None = None
    decimal: str | None = None
    month_first: bool = False
    delimiter: str | None = None
    encoding: str | None = None
    debit_words: tuple[str, ...] = ()


def column_map(saved: Mapping[str, Any]) -> ColumnMap:
    """A column map from what was saved (TOML, JSON, a form); Unreadable for words it does not know."""
    known = {each.name for each in fields(ColumnMap)}
    if unknown := sorted(set(saved) - known):
        raise Unreadable("funding.map_unknown_word", text=", ".join(unknown))
    values = dict(saved)
    for several in ("text", "debit_words"):
        value = values.get(several, ())
        values[several] = (value,) if isinstance(value, str | int) else tuple(value)
    return ColumnMap(**values)


WORD = re.compile(r"[^\W_]+")
LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"})
"""Letters that are not a plain letter with an accent."""
HUMP = re.compile(r"(?<=[a-zé])(?=[A-Z])")
NUMBER = re.compile(r" ?\d+$")
UNITS = re.compile(r" (en )?(mad|dhs?|dirhams?|eur|euros?|usd|gbp|cad|chf|درهم|بالدرهم)$")

Columns = dict[str, tuple[int, ...]]
WORDS_ONLY = {"text", "party", "party_account", "reference", "end_to_end", "currency", "status"}


def header_word(cell: object) -> str:
    """A header as it is compared: small letters, no accents or signs, Arabic forms made one."""
    plain = str(cell or "").casefold()
    if plain.isascii():
        return " ".join(WORD.findall(plain))
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("ـ", "")
    return " ".join(WORD.findall(plain.translate(LETTERS)))


def as_text(cell: object) -> str:
    """A cell as words; a whole number from a spreadsheet keeps no ``.0``."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


_LOOKUP = {header_word(word): role for word, role in BY_WORD.items()}


def role_of(cell: object) -> str | None:
    """What a column with this header says, or None; units, numbers and words in brackets do not matter."""
    for word in _header_words(cell):
        if role := _LOOKUP.get(word) or _LOOKUP.get(UNITS.sub("", word)) or _LOOKUP.get(NUMBER.sub("", word)):
            return role
    return None


def guessed_role(cell: object) -> str | None:
    """What a column seems to say whose header is not known word for word, or None."""
    words = _header_words(cell)[-1]
    return next((role for role, pattern in GUESSES if pattern.search(words)), None)


def _header_words(cell: object) -> tuple[str, str]:
    """A header as it stands and without what is in brackets; ``dateVal`` is two words."""
    text = HUMP.sub(" ", str(cell or ""))
    return header_word(text), header_word(re.sub(r"[(\[].*?[)\]]", "", text))


def recognised(row: Sequence[object]) -> Columns | None:
    """The columns of a header row, or None when the row is none: it needs a day and an amount."""
    columns = _by_role(row, role_of)
    if "booked" not in columns and "value_date" in columns:
        columns["booked"] = columns["value_date"]
    return columns | _more(row, columns) if _is_header(columns) else None


def guessed(row: Sequence[object]) -> Columns | None:
    """The columns of a row whose headers only seem to say a day and an amount, or None."""
    if any(re.search(r"\d{4}", str(cell)) for cell in row):
        return None
    columns = _by_role(row, lambda cell: role_of(cell) or guessed_role(cell))
    return columns if _is_header(columns) else None


def _is_header(columns: Columns) -> bool:
    return "booked" in columns and ("amount" in columns or ("debit" in columns and "credit" in columns))


def _more(row: Sequence[object], columns: Columns) -> Columns:
    """Columns of a known table that are not known word for word: they say who and what for, never how much."""
    taken = {place for places in columns.values() for place in places}
    rest = [None if place in taken else cell for place, cell in enumerate(row)]
    found = _by_role(rest, guessed_role)
    return {role: places for role, places in found.items() if role in WORDS_ONLY and role not in columns}


def _by_role(row: Sequence[object], role_of_cell: Callable[[object], str | None]) -> Columns:
    """Places by role: all that hold text, else the one that names the other side, else the first."""
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(row):
        if isinstance(cell, str) and (role := role_of_cell(cell)):
            found.setdefault(role, []).append(place)
    if len(found.get("party", ())) > 1:
        found["party"].sort(key=lambda place: -_names_other_side(row[place]))
    if len(found.get("account", ())) > 1:
        found["account"].sort(key=lambda place: bool(NAME.search(header_word(row[place]))))
    return {role: tuple(places if role == "text" else places[:1]) for role, places in found.items()}


def _names_other_side(cell: object) -> int:
    words = header_word(cell)
    return bool(COUNTERPART.search(words)) + bool(NAME.search(words))


def mapped(row: Sequence[object], saved: ColumnMap) -> Columns | None:
    """The columns a saved map names in a header row, or None when one of its headers is not there."""
    words = {header_word(cell): place for place, cell in reversed(list(enumerate(row)))}
    columns: Columns = {}
    for role in ROLES:
        wanted = getattr(saved, role)
        names = wanted if isinstance(wanted, tuple) else () if wanted is None else (wanted,)
        places = [name - 1 if isinstance(name, int) else words.get(header_word(name)) for name in names]
        if None in places:
            return None
        if places:
            columns[role] = tuple(place for place in places if place is not None)
    return columns if "booked" in columns and columns.keys() & {"amount", "debit", "credit"} else None


def by_number(saved: ColumnMap) -> bool:
    """Whether the map names columns by number alone: then the table needs no header."""
    wanted = [getattr(saved, role) for role in ROLES]
    names = [name for each in wanted for name in (each if isinstance(each, tuple) else (each,)) if name is not None]
    return bool(names) and all(isinstance(name, int) for name in names)

"""Which column says what: saved column maps, and headers recognised in Arabic, French, English and others."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cdp.funding.rules.statements.headers import WORDS
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
UNITS = re.compile(r" (en )?(mad|dhs?|dirhams?|eur|euros?|usd|gbp|cad|chf|درهم|بالدرهم)$")

Columns = dict[str, tuple[int, ...]]


def header_word(cell: object) -> str:
    """A header as it is compared: small letters, no accents or signs, Arabic forms made one."""
    plain = str(cell or "").casefold()
    if plain.isascii():
        return " ".join(WORD.findall(plain))
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("ـ", "")
    plain = plain.translate(str.maketrans("أإآ", "ااا"))
    return " ".join(WORD.findall(plain))


_LOOKUP = {header_word(word): role for word, role in BY_WORD.items()}


def role_of(cell: object) -> str | None:
    """What a column with this header says, or None; units and words in brackets do not matter."""
    text = str(cell or "")
    for words in (text, re.sub(r"[(\[].*?[)\]]", "", text)):
        word = header_word(words)
        if role := _LOOKUP.get(word) or _LOOKUP.get(UNITS.sub("", word)):
            return role
    return None


def recognised(row: Sequence[object]) -> Columns | None:
    """The columns of a header row, or None when the row is none: it needs a day and an amount."""
    columns: dict[str, list[int]] = {}
    for place, cell in enumerate(row):
        if isinstance(cell, str) and (role := role_of(cell)):
            columns.setdefault(role, []).append(place)
    if "booked" not in columns and "value_date" in columns:
        columns["booked"] = columns["value_date"]
    amounts = "amount" in columns or ("debit" in columns and "credit" in columns)
    if "booked" not in columns or not amounts:
        return None
    return {role: tuple(places if role == "text" else places[:1]) for role, places in columns.items()}


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

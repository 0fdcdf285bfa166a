"""The moves of the money as a table: one line a move of an institution, one a sum of what people gave."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from cdp.exports.tables import Column, csv_lines
from cdp.funding.rules.sheet import SourceRow
from cdp.funding.rules.units import HOURS, ITEM
from cdp.kernel.money import exponent
from cdp.kernel.words import LANGUAGES
from cdp.transparency.sheets import MoveSheet, PartnerSheet

KEY = ("reference",)

Named = SourceRow | MoveSheet | PartnerSheet
"""Rows of money that name a partner."""


def amount(move: MoveSheet) -> Decimal:
    """Whole units of the currency; hours, things."""
    if move.unit == HOURS:
        return Decimal(move.amount_minor) / 60
    digits = 0 if move.unit == ITEM else exponent(move.unit)
    return Decimal(move.amount_minor).scaleb(-digits)


def party_columns(_: Callable[[str], str], of: Callable[[Any], Named]) -> list[Column[Any]]:
    """The partner of a row of money: ``party``, part of its key, and what it is called in each language."""
    titles = {"ar": _("Partner in Arabic"), "fr": _("Partner in French"), "en": _("Partner in English")}
    return [
        Column("party", _("Partner"), "string", lambda row: of(row).party),
        *(
            Column(f"party_{code}", titles[code], "string", lambda row, code=code: of(row).name.get(code, ""))  # type: ignore[misc]
            for code in LANGUAGES
        ),
    ]


def columns(_: Callable[[str], str]) -> list[Column[MoveSheet]]:
    """The columns, with their titles in the language of ``_``; the key is ``reference``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("day", _("Day"), "date", lambda row: row.day),
        Column("kind", _("What happened"), "string", lambda row: row.kind.value),
        Column("source", _("Source (key)"), "string", lambda row: row.source.value),
        *party_columns(_, lambda row: row),
        Column("unit", _("Currency or unit"), "string", lambda row: row.unit),
        Column("amount", _("Amount"), "number", amount),
        Column("dirhams", _("In dirhams"), "number", _dirhams),
        Column("rate", _("Rate"), "number", lambda row: None if row.rate is None else Decimal(row.rate)),
        Column("rate_day", _("Day of the rate"), "date", lambda row: row.rate_day),
        Column("rate_source", _("Source of the rate"), "string", lambda row: row.rate_source),
        Column("reference", _("Reference"), "string", lambda row: row.reference),
    ]


def _dirhams(row: MoveSheet) -> Decimal | None:
    return None if row.dirhams_minor is None else Decimal(row.dirhams_minor).scaleb(-2)


def csv_file(moves: Iterable[MoveSheet]) -> Iterable[str]:
    """The file with English titles, for the terminal."""
    return csv_lines(columns(str), moves)

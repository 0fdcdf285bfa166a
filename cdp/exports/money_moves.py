"""The moves of the money as a table: one line a move of an institution, one a sum of what people gave."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from cdp.exports.tables import Column, csv_lines
from cdp.funding.rules.units import HOURS, ITEM
from cdp.kernel.money import exponent
from cdp.transparency.sheets import MoveSheet

KEY = ("reference",)


def amount(move: MoveSheet) -> Decimal:
    """Whole units of the currency; hours, things."""
    if move.unit == HOURS:
        return Decimal(move.amount_minor) / 60
    digits = 0 if move.unit == ITEM else exponent(move.unit)
    return Decimal(move.amount_minor).scaleb(-digits)


def columns(_: Callable[[str], str]) -> list[Column[MoveSheet]]:
    """The columns, with their titles in the language of ``_``; the key is ``reference``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("day", _("Day"), "date", lambda row: row.day),
        Column("kind", _("What happened"), "string", lambda row: row.kind.value),
        Column("source", _("Source (key)"), "string", lambda row: row.source.value),
        Column("party", _("Partner"), "string", lambda row: row.party),
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

"""The plan as sheets: an XLSX workbook with live totals, and the same sheets as CSV and JSON."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from typing import Any

from cdp.exports.tables import BOM, Column, cell, csv_lines
from cdp.kernel.money import Money

WIDEST = 60
"""Characters of the widest column."""

NOT_IN_A_TAB = re.compile(r"[\[\]:*?/\\']")

SYMBOLS = {"number": "#,##0.00", "integer": "#,##0", "year": "0", "date": "yyyy-mm-dd"}


@dataclass(frozen=True)
class Sheet:
    """One table: key for files, title for the tab, columns and rows; ``summed`` columns get a total below.

    ``across``: columns whose value is the sum of others side by side in the same row (their keys, first to last).
    """

    key: str
    title: str
    columns: tuple[Column[Any], ...]
    rows: tuple[Any, ...]
    summed: frozenset[str] = frozenset()
    across: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def parts(self, column: Column[Any]) -> tuple[int, int] | None:
        """Places of the first and the last column that a sum goes over; None for what is no sum."""
        keys = self.across.get(column.key)
        names = [each.key for each in self.columns]
        return (names.index(keys[0]), names.index(keys[-1])) if keys else None


def xlsx(sheets: Sequence[Sheet], *, direction: str, total: str, made_at: datetime, title: str) -> bytes:
    """A workbook, one sheet a table; totals are formulas with their value, texts are never formulas."""
    writer: Any = import_module("xlsxwriter")
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = writer.Workbook(buffer, options)
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    formats = _formats(book)
    for sheet in sheets:
        page = book.add_worksheet(NOT_IN_A_TAB.sub(" ", sheet.title)[:31])
        if direction == "rtl":
            page.right_to_left()
        _write(page, sheet, formats, total)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#f4ecdf", "bottom": 1, "bottom_color": "#e2d8c4", "text_wrap": True}
    found = {kind: book.add_format({"num_format": symbol}) for kind, symbol in SYMBOLS.items()}
    bold = {f"total_{kind}": book.add_format({"num_format": s, "bold": True, "top": 1}) for kind, s in SYMBOLS.items()}
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    return (
        found
        | bold
        | {"head": book.add_format(head), "string": wrapped, "total_string": book.add_format({"bold": True})}
    )


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], total: str) -> None:
    page.write_row(0, 0, [column.title for column in sheet.columns], formats["head"])
    sums = [0] * len(sheet.columns)
    widths = [len(column.title) for column in sheet.columns]
    for line, row in enumerate(sheet.rows, 1):
        for place, column in enumerate(sheet.columns):
            value, parts = column.read(row), sheet.parts(column)
            if parts is not None and isinstance(value, Money):
                _sum(page, (line, place), ((line, parts[0]), (line, parts[1])), formats[column.kind], value)
            else:
                _put(page, (line, place), value, formats[column.kind])
            widths[place] = max(widths[place], len(cell(value)))
            sums[place] += value.minor if isinstance(value, Money) else 0
    for place, width in enumerate(widths):
        page.set_column(place, place, min(WIDEST, width + 2))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    if sheet.summed and sheet.rows:
        _totals(page, sheet, formats, total, sums=sums)


def _totals(page: Any, sheet: Sheet, formats: dict[str, Any], total: str, *, sums: list[int]) -> None:
    last = len(sheet.rows)
    page.write_string(last + 1, 0, total, formats["total_string"])
    for place, column in enumerate(sheet.columns):
        if column.key in sheet.summed:
            over, form = ((1, place), (last, place)), formats[f"total_{column.kind}"]
            _sum(page, (last + 1, place), over, form, Money(sums[place]))


Place = tuple[int, int]


def _sum(page: Any, at: Place, over: tuple[Place, Place], form: Any, value: Money) -> None:
    """A live sum over cells side by side, with the value it has today."""
    first, last = (import_module("xlsxwriter.utility").xl_rowcol_to_cell(*each) for each in over)
    page.write_formula(*at, f"=SUM({first}:{last})", form, float(value.decimal))


def _put(page: Any, at: tuple[int, int], value: Any, form: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Money):
        page.write_number(*at, float(value.decimal), form)
    elif isinstance(value, str):
        page.write_string(*at, value, form)
    elif isinstance(value, date):
        page.write_datetime(*at, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001 (a day, no moment)
    else:
        page.write_number(*at, float(value), form)


def csv(sheet: Sheet) -> str:
    """A sheet as a CSV file."""
    return "".join(csv_lines(sheet.columns, sheet.rows))


def plain(sheets: Sequence[Sheet]) -> dict[str, list[dict[str, Any]]]:
    """All sheets as plain values, amounts as exact decimal texts."""
    return {
        sheet.key: [{column.key: _plain(column.read(row)) for column in sheet.columns} for row in sheet.rows]
        for sheet in sheets
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float | str):
        return value
    return cell(value).removeprefix(BOM)

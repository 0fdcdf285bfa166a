"""A list as a CSV file that spreadsheets open rightly and safely, and its description as a Table Schema."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from cdp.kernel.money import Money

Row = TypeVar("Row")
Value = str | int | float | Decimal | date | Money | None

BOM = "\ufeff"
"""Spreadsheets take a file for UTF-8 only with it."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would take for a formula."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: the key machines know it by, its title in the page's language, its kind, how it is read of a row."""

    key: str
    title: str
    kind: Literal["string", "integer", "number", "date", "year", "boolean"]
    read: Callable[[Row], Value]


def csv_lines(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[str]:
    """The file line by line: UTF-8 with BOM, comma, CRLF (RFC 4180), titles first."""
    yield BOM + _line([column.title for column in columns])
    for row in rows:
        yield _line([cell(column.read(row)) for column in columns])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def cell(value: Value) -> str:
    """A value as it stands in the file: exact numbers with a point, ISO days, text that can be no formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(DANGEROUS) else value
    return str(value)


def table_schema(columns: Sequence[Column[Row]], *, key: Sequence[str]) -> dict[str, Any]:
    """The description of the file (Frictionless Table Schema); fields stand in the order of the columns.

    A field is named as the file's first row names it, so that the file can be held against its description; ``key``
    says what machines know the column by, whatever the language.
    """
    titles = {column.key: column.title for column in columns}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [{"name": column.title, "key": column.key, "type": column.kind} for column in columns],
        "primaryKey": [titles[each] for each in key],
        "missingValues": [""],
    }


def keyed(columns: Sequence[Column[Row]]) -> list[Column[Row]]:
    """The same columns headed by their keys: for files that machines read."""
    return [replace(column, title=column.key) for column in columns]

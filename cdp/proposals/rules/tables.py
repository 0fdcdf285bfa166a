"""A table out of bytes: CSV with ``;`` ``,`` or tab in UTF-8, UTF-16, Windows Latin or Arabic; XLSX."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from cdp.kernel.errors import Message
from cdp.kernel.late import late

if TYPE_CHECKING:
    import python_calamine
else:
    python_calamine = late("python_calamine")

LARGEST_UNPACKED = 64 * 1024 * 1024
"""Bytes a workbook may unpack to."""

ARABIC_WORD = re.compile(r"[\u0620-\u064a]{3,}")
FORMULA = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]')
FIRST_SHEET = re.compile(r"xl/worksheets/sheet1?\.xml")


class Unreadable(Exception):
    """A file that is no table; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


@dataclass(frozen=True)
class Table:
    """Heads, rows of texts with their lines in the file, and cells (line, column from 0) that hold formulas."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    formulas: frozenset[tuple[int, int]] = field(default=frozenset())


def table(data: bytes, *, most: int) -> Table:
    """The table of a file, rows without any text left out; :class:`Unreadable` when there is none.

    The bytes decide, not the name: a ZIP is a workbook, everything else a text.
    """
    if not data.strip():
        raise Unreadable(Message("files.empty"))
    if data.startswith(b"PK\x03\x04"):
        numbered, formulas = _workbook(data)
    else:
        numbered, formulas = _lines(text_of(data)), frozenset[tuple[int, int]]()
    filled = [(line, cells) for line, cells in numbered if any(cell.strip() for cell in cells)]
    if not filled:
        raise Unreadable(Message("files.empty"))
    (_, heads), *rows = filled
    if len(rows) > most:
        raise Unreadable(Message("proposals.import_too_many_rows", {"rows": len(rows), "most": most}))
    return Table(
        tuple(head.strip() for head in heads),
        tuple(tuple(cells) for _, cells in rows),
        tuple(line for line, _ in rows),
        formulas,
    )


def text_of(data: bytes) -> str:
    """The text of bytes: by its mark, as UTF-8, else Windows (Arabic where it makes Arabic words, else Latin)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        arabic = ARABIC_WORD.search(data.decode("cp1256", errors="replace"))
        encodings = ("utf-8-sig", "cp1256" if arabic else "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(Message("proposals.import_not_a_table"))


def _lines(text: str) -> list[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    if not first.count(delimiter):
        raise Unreadable(Message("proposals.import_not_a_table"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found, line = [], 1
    try:
        for cells in reader:
            found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(Message("proposals.import_not_a_table")) from error
    return found


def _workbook(data: bytes) -> tuple[list[tuple[int, list[str]]], frozenset[tuple[int, int]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Unreadable(Message("files.too_large", {"megabytes": LARGEST_UNPACKED // 1024**2}))
            first = next((name for name in packed.namelist() if FIRST_SHEET.fullmatch(name)), None)
            marks = FORMULA.findall(packed.read(first)) if first else []
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        start = sheet.start or (0, 0)
        rows = list(islice(sheet.to_python(skip_empty_area=True), 1_000_000))
    except (python_calamine.CalamineError, zipfile.BadZipFile, KeyError, IndexError, OSError, RuntimeError) as error:
        raise Unreadable(Message("proposals.import_not_a_table")) from error
    formulas = frozenset((int(line), _index(letters) - start[1]) for letters, line in marks)
    return [(at + 1 + start[0], [_text(cell) for cell in cells]) for at, cells in enumerate(rows)], formulas


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

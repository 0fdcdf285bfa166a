"""One door for every statement: what kind of file this is, and its lines.

Nothing is trusted: files are capped before they are opened, archives before they are unpacked, texts are
tried in the encodings banks use.
"""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdp.funding.rules.statements.camt import read_camt
from cdp.funding.rules.statements.columns import ColumnMap
from cdp.funding.rules.statements.mt940 import FIELD, read_mt940, text_rows
from cdp.funding.rules.statements.tables import Row, find_table, read_table
from cdp.funding.rules.statements.values import LARGEST_FILE, Reading, Statement, Unreadable
from cdp.kernel.errors import Message
from cdp.kernel.late import late

if TYPE_CHECKING:
    import python_calamine
else:
    python_calamine = late("python_calamine")

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_MEMBERS = 1000
MOST_UNPACKED = 2 * LARGEST_FILE
DELIMITERS = (";", ",", "\t", "|")
HEAD = 40_000
"""Signs at the beginning of a text in which a field of MT940 shows what it is."""
OLD_LETTER = re.compile(rb"[A-Za-z][\x81-\x84\x87\x88\x94][a-z]")
"""A letter of the old DOS pages between two others: in Western Windows these are signs that stand in no word."""
WINDOWS_LETTER = re.compile(rb"[A-Za-z][\xc0-\xff][a-z]")
CONTROL = frozenset(range(9)) | {11, 12, *range(14, 27), *range(28, 32)}


def read(data: bytes, saved: ColumnMap | None = None) -> Reading:
    """The statements of a file of any known format; Unreadable (reason and place) for anything else."""
    if len(data) > LARGEST_FILE:
        raise Unreadable("funding.statement_too_large", megabytes=LARGEST_FILE // 1024**2)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("funding.statement_empty")
    reading = _read_packed(data, saved) if data.startswith((ZIP, OLD_EXCEL)) else _read_plain(data, saved)
    return Reading(reading.format, reading.statements, (*reading.warnings, *_controls(reading.statements)))


def _controls(statements: tuple[Statement, ...]) -> Iterator[Message]:
    """Warnings where the lines do not lead from the opening to the closing balance."""
    for number, statement in enumerate(statements, 1):
        if missing := statement.control():
            values = {"statement": number, "minor": missing, "currency": statement.currency}
            yield Message("funding.statement_control", values)


def _read_plain(data: bytes, saved: ColumnMap | None) -> Reading:
    text = _decoded(data, saved.encoding if saved else None)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return read_camt(_xml_bytes(data, text))
    if saved is None and any(FIELD.match(line) for line in text_rows(text[:HEAD])[:400]):
        return read_mt940(text)
    if set(data[:4096]) & CONTROL and b"\x00" not in data[:4096]:
        raise Unreadable("funding.statement_unknown_format")
    return _read_csv(data, text, saved)


def _decoded(data: bytes, encoding: str | None) -> str:
    """The text of a file: by its mark, as UTF-8, as UTF-16 without mark, else as Western Windows or DOS."""
    if encoding:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as broken:
            raise Unreadable("funding.statement_encoding", text=encoding) from broken
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:200]:
        return data.decode("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(_western(data), errors="replace")


def _western(data: bytes) -> str:
    """The old page of DOS (cp850) or Western Windows, by the letters that stand inside words."""
    old = len(OLD_LETTER.findall(data))
    return "cp850" if old > len(WINDOWS_LETTER.findall(data)) else "cp1252"


def _xml_bytes(data: bytes, text: str) -> bytes:
    """XML as it came; when it is not in the encoding it claims, as the text that was made out."""
    data = data.removeprefix(codecs.BOM_UTF8)
    body = data.strip()
    claims_utf8 = b"utf-8" in body[:200].lower() or b"encoding" not in body[:200].lower()
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if claims_utf8 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return text.partition("?>")[2].encode() if text.lstrip().startswith("<?xml") else text.encode()
    return data


def _read_csv(data: bytes, text: str, saved: ColumnMap | None) -> Reading:
    """A delimited text: the delimiter, and for Arabic the encoding, under which its header is recognised."""
    texts = [text] if (saved and saved.encoding) or _is_utf8(data) else [text, data.decode("cp1256", errors="replace")]
    for each in texts:
        for delimiter in (saved.delimiter,) if saved and saved.delimiter else DELIMITERS:
            rows = _rows(each, delimiter)
            if find_table(rows, saved):
                statement, notes = read_table(rows, saved)
                return Reading("csv", (statement,), tuple(notes))
    key = "funding.statement_map_does_not_fit" if saved else "funding.statement_unknown_format"
    raise Unreadable(key)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _rows(text: str, delimiter: str) -> list[Row]:
    """Rows of a delimited text, one for each line of the file as far as quotes allow."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    try:
        return list(csv.reader(io.StringIO(plain), delimiter=delimiter))
    except csv.Error:
        return []


def _read_packed(data: bytes, saved: ColumnMap | None) -> Reading:
    """A spreadsheet, or an archive of statements."""
    if data.startswith(ZIP):
        names = _checked_names(data)
        if not ({"[Content_Types].xml", "mimetype", "content.xml"} & set(names)):
            return _read_archive(data, names, saved)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [list(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as broken:  # a broken file may raise anything, a panic of Rust too
        raise Unreadable("funding.statement_spreadsheet_broken") from broken
    for rows in sheets:
        if find_table(rows, saved):
            statement, notes = read_table(rows, saved)
            return Reading("xlsx", (statement,), tuple(notes))
    raise Unreadable("funding.statement_map_does_not_fit" if saved else "funding.statement_no_header")


def _checked_names(data: bytes) -> list[str]:
    """Names in an archive; Unreadable when it is broken or would unpack to more than is allowed."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
        raise Unreadable("funding.statement_archive_broken") from broken
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Unreadable("funding.statement_too_large", megabytes=MOST_UNPACKED // 1024**2)
    return [member.filename for member in members if not member.is_dir()]


def _read_archive(data: bytes, names: list[str], saved: ColumnMap | None) -> Reading:
    """Every file of an archive, each as if it came alone; one that cannot be read refuses the whole."""
    readings: list[Reading] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(names):
            if name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("."):
                continue
            member = _member(archive, name)
            if member.startswith(ZIP):
                raise Unreadable("funding.statement_archive_nested", text=name)
            readings.append(_read_plain(member, saved))
    if not readings:
        raise Unreadable("funding.statement_empty")
    statements = tuple(statement for reading in readings for statement in reading.statements)
    return Reading(readings[0].format, statements, tuple(note for reading in readings for note in reading.warnings))


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error) as broken:
        raise Unreadable("funding.statement_archive_broken") from broken

"""Reading the ``.pb`` files of Pabulib, the participatory budgeting library (pabulib.org/format).

A file is a table in UTF-8, cells apart by ``;``, in three sections: META (keys and values), PROJECTS
and VOTES, each with its own header.  Votes name projects apart by commas; where voters give points a
second cell holds them.  Borda points are given to rankings: of ``m`` named the first gets ``m``, the
last one.  The whole file is read and found sound, or nothing is: BadFile names the line.

Refused is what leaves the votes in doubt.  What is merely odd (rows with other numbers of cells than
their header, counts in META that the rows do not have, remarks between the rows) is told as a note.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO, TextIOWrapper
from typing import Protocol

from cdp.kernel.errors import Message, RuleBroken
from cdp.priorities.rules.voting.election import Candidate, VoteKind

LARGEST = 100_000_000
"""Files of more bytes are refused: the largest real election known has a tenth of it."""

SECTIONS = ("meta", "projects", "votes")
FIRST = {"meta": "project_id", "projects": "voter_id"}
"""How the header of the next section begins, should the line before it have got lost."""

KINDS = {
    "approval": VoteKind.APPROVAL,
    "choose-1": VoteKind.APPROVAL,
    "knapsack": VoteKind.APPROVAL,
    "cumulative": VoteKind.CUMULATIVE,
    "scoring": VoteKind.SCORING,
    "ordinal": VoteKind.ORDINAL,
}
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,24}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})(?:[eE][+-]?[0-2]?[0-9])?")
REMARK = "#"
"""How a line begins that is none of the table: such a line alone in its row is left out."""


class BadFile(RuleBroken):
    """The file cannot be counted; ``line`` is where (the first is 1, 0 is the file as a whole)."""

    def __init__(self, key: str, line: int, **values: object) -> None:
        super().__init__(Message(key, {**values, "line": line}))
        self.line = line

    def moved(self, lines: Sequence[int]) -> "BadFile":
        """The same fault where ``lines`` says that the line stood before."""
        line = lines[self.line - 1] if 0 < self.line <= len(lines) else self.line
        values = {name: value for name, value in self.message.values.items() if name != "line"}
        return BadFile(self.message.key, line, **values)


@dataclass(frozen=True, slots=True)
class Head:
    """META and PROJECTS, read; money in smallest units, of which ``unit`` make one of the currency."""

    meta: Mapping[str, str]
    kind: VoteKind
    budget: int
    unit: int
    candidates: tuple[Candidate, ...]
    names: Mapping[str, str]
    lines: Mapping[str, int]
    notes: tuple[Message, ...]


class Rows(Protocol):
    """What ``csv.reader`` gives: rows, and the number of lines read so far."""

    @property
    def line_num(self) -> int:
        """How many lines were read."""

    def __next__(self) -> list[str]: ...

    def __iter__(self) -> "Rows": ...


@dataclass(slots=True)
class Table:
    """The rows of a file, one after the other, with the line on which each begins."""

    lines: TextIOWrapper
    rows: Rows
    line: int = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        """The next row that is neither blank nor a remark; raises BadFile when the table is broken."""
        while True:
            self.line = self.rows.line_num + 1
            try:
                row = next(self.rows)
            except csv.Error as error:
                raise BadFile("voting.pb_not_a_table", self.line) from error
            if is_filled(row):
                return row


def is_filled(row: list[str]) -> bool:
    """Whether a row says anything: a blank one does not, nor a remark that stands alone."""
    if not any(cell and not cell.isspace() for cell in row):
        return False
    return len(row) > 1 or not row[0].lstrip().startswith(REMARK)


def table(data: bytes) -> Table:
    """The rows of a file; raises BadFile for one too large, empty, or not in UTF-8."""
    if len(data) > LARGEST:
        raise BadFile("voting.pb_too_large", 0, megabytes=LARGEST // 1_000_000)
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("voting.pb_encoding", data.count(b"\n", 0, error.start) + 1) from error
    lines = TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline="")
    return Table(lines, csv.reader(lines, delimiter=";"))


def read_head(rows: Table) -> tuple[Head, list[str]]:
    """META and PROJECTS, and the header of VOTES, where the table then stands; raises BadFile."""
    meta: dict[str, tuple[str, int]] = {}
    projects: list[tuple[list[str], int]] = []
    header: list[str] = []
    section = ""
    for row in rows:
        if (name := section_of(row)) is not None:
            _expect(section, name, rows.line)
            section, columns = name, [cell.strip() for cell in next(rows, [])]
            header = _lower(columns) if name == "projects" else header
            if name == "votes":
                return _head(meta, header, projects), _lower(columns)
            if name == "meta" and len(columns) > 1 and columns[0].lower() != "key":
                meta[columns[0]] = _value(columns), rows.line
        elif row[0].strip().lower() == FIRST.get(section):
            due = SECTIONS[SECTIONS.index(section) + 1]
            raise BadFile("voting.pb_missing_section", rows.line, section=due.upper())
        elif section == "meta":
            meta[row[0].strip()] = _value(row), rows.line
        elif section == "projects":
            projects.append((row, rows.line))
        else:
            raise BadFile("voting.pb_before_meta", rows.line)
    missing = SECTIONS[SECTIONS.index(section) + 1] if section else SECTIONS[0]
    raise BadFile("voting.pb_missing_section", rows.line, section=missing.upper())


def section_of(row: list[str]) -> str | None:
    """The section that a row opens, or None."""
    name = row[0].strip().lower()
    return name if name in SECTIONS and not any(cell.strip() for cell in row[1:]) else None


def _expect(before: str, name: str, line: int) -> None:
    """Sections stand in their order, each once."""
    due = SECTIONS[SECTIONS.index(before) + 1] if before else SECTIONS[0]
    if name != due:
        raise BadFile("voting.pb_missing_section", line, section=due.upper())


def _lower(columns: list[str]) -> list[str]:
    """Names of columns, which some write with capitals."""
    return [column.lower() for column in columns]


def _value(row: list[str]) -> str:
    """The value of a line of META, maybe none; a remark may hold the sign that parts cells."""
    return ";".join(row[1:]).rstrip("; \t").strip()


def _head(meta: dict[str, tuple[str, int]], header: list[str], projects: list[tuple[list[str], int]]) -> Head:
    """META and PROJECTS as values, once both are whole."""
    kind = _kind(meta)
    columns = _columns(header, ("project_id", "cost"), projects[0][1] - 1 if projects else 0)
    budget = _amount(*_needed(meta, "budget"), key="budget")
    costs = [_amount(_cell(row, columns["cost"], line), line, key="cost") for row, line in projects]
    unit = _unit([budget, *costs])
    candidates, names = [], {}
    for (row, line), cost in zip(projects, costs, strict=True):
        cells = {name: row[place].strip() for name, place in columns.items() if place < len(row)}
        project = cells.get("project_id", "")
        if not project:
            raise BadFile("voting.pb_no_project_id", line)
        if project in names:
            raise BadFile("voting.pb_project_twice", line, project=project)
        names[project] = cells.get("name", "")
        place = cells.get("neighborhood") or cells.get("district") or ""
        candidates.append(Candidate(project, int(cost * unit), place, cells.get("category", "")))
    plain = {key: value for key, (value, _) in meta.items()}
    lines = {key: line for key, (_, line) in meta.items()}
    notes = (
        *promised(plain, "num_projects", len(projects)),
        *uneven(sum(not is_even(row, len(header)) for row, _ in projects)),
    )
    return Head(plain, kind, int(budget * unit), unit, tuple(candidates), names, lines, notes)


def _kind(meta: Mapping[str, tuple[str, int]]) -> VoteKind:
    """The kind of ballot, if it is one that can be counted."""
    text, line = _needed(meta, "vote_type")
    if text.lower() not in KINDS:
        raise BadFile("voting.pb_vote_type", line, type=text)
    return KINDS[text.lower()]


def _needed(meta: Mapping[str, tuple[str, int]], key: str) -> tuple[str, int]:
    """A value of META that must be there, and its line."""
    if key not in meta:
        raise BadFile("voting.pb_missing_key", 0, name=key)
    return meta[key]


def promised(meta: Mapping[str, str], key: str, found: int) -> tuple[Message, ...]:
    """A note where META says another number of rows than the section has."""
    said = meta.get(key, "")
    if not NUMBER.fullmatch(said) or fraction(said) == found:
        return ()
    return (Message("voting.pb_promised", {"name": key, "promised": said, "found": found}),)


def uneven(number: int) -> tuple[Message, ...]:
    """A note on rows that have other numbers of cells than their header; their named cells are read."""
    return (Message("voting.pb_uneven", {"number": number}),) if number else ()


def is_even(row: list[str], width: int) -> bool:
    """Whether a row has a cell for each column, and none that is filled beyond."""
    return len(row) >= width and not any(cell.strip() for cell in row[width:])


def _columns(header: Sequence[str], needed: Sequence[str], line: int) -> dict[str, int]:
    """Places of the columns by name, those needed among them."""
    places = {name: place for place, name in reversed([*enumerate(header)])}
    for name in needed:
        if name not in places:
            raise BadFile("voting.pb_missing_column", line, column=name)
    return places


columns_of = _columns


def _cell(row: list[str], place: int, line: int) -> str:
    """A cell of a row that reaches so far."""
    if place >= len(row):
        raise BadFile("voting.pb_fields", line, found=len(row), wanted=place + 1)
    return row[place].strip()


def fraction(text: str) -> Fraction:
    """The number that ``NUMBER`` found, with a point or a comma before its fraction."""
    return Fraction(text.replace(",", "."))


def _number(text: str, line: int, *, key: str) -> Fraction:
    """A number in decimal digits, with a point or a comma before the fraction."""
    if not NUMBER.fullmatch(text):
        raise BadFile("voting.pb_number", line, name=key, text=text[:40])
    return fraction(text)


def _amount(text: str, line: int, *, key: str) -> Fraction:
    """An amount of money, never below zero."""
    amount = _number(text, line, key=key)
    if amount < 0:
        raise BadFile("voting.pb_negative", line, name=key, text=text[:40])
    return amount


def number(head: Head, key: str) -> Fraction | None:
    """A number of META, or None when it is not there or is none: these limits warn, they decide nothing."""
    text = head.meta.get(key, "")
    return fraction(text) if NUMBER.fullmatch(text) else None


def _unit(amounts: Sequence[Fraction]) -> int:
    """The power of ten that makes all amounts whole."""
    unit = 1
    while any((amount * unit).denominator != 1 for amount in amounts):
        unit *= 10
    return unit

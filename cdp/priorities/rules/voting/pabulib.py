"""Reading the ``.pb`` files of Pabulib, the participatory budgeting library (pabulib.org/format).

A file is a table in UTF-8, cells apart by ``;``, in three sections: META (keys and values), PROJECTS
and VOTES, each with its own header.  Votes name projects apart by commas; where voters give points a
second cell holds them.  Borda points are given to rankings: of ``m`` named the first gets ``m``, the
last one.  The whole file is read and found sound, or nothing is: BadFile names the line.
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
NUMBER = re.compile(r"[+-]?[0-9]{1,24}(?:[.,][0-9]{1,12})?(?:[eE][+-]?[0-9])?")


class BadFile(RuleBroken):
    """The file cannot be counted; ``line`` is where (the first is 1, 0 is the file as a whole)."""

    def __init__(self, key: str, line: int, **values: object) -> None:
        super().__init__(Message(key, {"line": line, **values}))
        self.line = line


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
        """The next row that is not blank; raises BadFile when the table is broken."""
        while True:
            self.line = self.rows.line_num + 1
            try:
                row = next(self.rows)
            except csv.Error as error:
                raise BadFile("voting.pb_not_a_table", self.line) from error
            if any(cell and not cell.isspace() for cell in row):
                return row


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
        if (name := _section(row)) is not None:
            _expect(section, name, rows.line)
            section, columns = name, [cell.strip() for cell in next(rows, [])]
            header = columns if name == "projects" else header
            if name == "votes":
                return _head(meta, header, projects), columns
        elif row[0].strip() == FIRST.get(section):
            due = SECTIONS[SECTIONS.index(section) + 1]
            raise BadFile("voting.pb_missing_section", rows.line, section=due.upper())
        elif section == "meta":
            meta[row[0].strip()] = _value(row, rows.line), rows.line
        elif section == "projects":
            projects.append((row, rows.line))
        else:
            raise BadFile("voting.pb_before_meta", rows.line)
    missing = SECTIONS[SECTIONS.index(section) + 1] if section else SECTIONS[0]
    raise BadFile("voting.pb_missing_section", rows.line, section=missing.upper())


def _section(row: list[str]) -> str | None:
    """The section that a row opens, or None."""
    name = row[0].strip().lower()
    return name if name in SECTIONS and not any(cell.strip() for cell in row[1:]) else None


def _expect(before: str, name: str, line: int) -> None:
    """Sections stand in their order, each once."""
    due = SECTIONS[SECTIONS.index(before) + 1] if before else SECTIONS[0]
    if name != due:
        raise BadFile("voting.pb_missing_section", line, section=due.upper())


def _value(row: list[str], line: int) -> str:
    """The value of a line of META; a remark may hold the sign that parts cells."""
    if len(row) < 2:
        raise BadFile("voting.pb_fields", line, found=len(row), wanted=2)
    return ";".join(row[1:]).rstrip("; \t").strip()


def _head(meta: dict[str, tuple[str, int]], header: list[str], projects: list[tuple[list[str], int]]) -> Head:
    """META and PROJECTS as values, once both are whole."""
    kind = _kind(meta)
    columns = _columns(header, ("project_id", "cost"), projects[0][1] - 1 if projects else 0)
    budget = _amount(*_needed(meta, "budget"), key="budget")
    costs = [_amount(_cell(row, columns["cost"], line, header=header), line, key="cost") for row, line in projects]
    _promised(meta, "num_projects", len(projects))
    unit = _unit([budget, *costs])
    candidates, names = [], {}
    for (row, line), cost in zip(projects, costs, strict=True):
        cells = {name: row[place].strip() for name, place in columns.items()}
        project = cells["project_id"]
        if not project:
            raise BadFile("voting.pb_no_project_id", line)
        if project in names:
            raise BadFile("voting.pb_project_twice", line, project=project)
        names[project] = cells.get("name", "")
        place = cells.get("neighborhood") or cells.get("district") or ""
        candidates.append(Candidate(project, int(cost * unit), place, cells.get("category", "")))
    plain = {key: value for key, (value, _) in meta.items()}
    lines = {key: line for key, (_, line) in meta.items()}
    return Head(plain, kind, int(budget * unit), unit, tuple(candidates), names, lines)


def _kind(meta: Mapping[str, tuple[str, int]]) -> VoteKind:
    """The kind of ballot, if it is one that can be counted."""
    text, line = _needed(meta, "vote_type")
    if text.lower() not in KINDS:
        raise BadFile("voting.pb_vote_type", line, type=text)
    default, line = meta.get("default_score", ("", 0))
    if default and _number(default, line, key="default_score"):
        raise BadFile("voting.pb_default_score", line)
    return KINDS[text.lower()]


def _needed(meta: Mapping[str, tuple[str, int]], key: str) -> tuple[str, int]:
    """A value of META that must be there, and its line."""
    if key not in meta:
        raise BadFile("voting.pb_missing_key", 0, name=key)
    return meta[key]


def _promised(meta: Mapping[str, tuple[str, int]], key: str, found: int) -> None:
    """META says how many rows a section has; fewer mean that the file was cut short."""
    if key in meta and meta[key][0] and _number(*meta[key], key=key) > found:
        raise BadFile("voting.pb_promised", meta[key][1], name=key, promised=meta[key][0], found=found)


def promised(head: Head, key: str, found: int) -> None:
    """The same for the votes."""
    _promised({name: (value, head.lines[name]) for name, value in head.meta.items()}, key, found)


def _columns(header: Sequence[str], needed: Sequence[str], line: int) -> dict[str, int]:
    """Places of the columns by name, those needed among them."""
    places = {name: place for place, name in reversed([*enumerate(header)])}
    for name in needed:
        if name not in places:
            raise BadFile("voting.pb_missing_column", line, column=name)
    return places


columns_of = _columns


def _cell(row: list[str], place: int, line: int, *, header: Sequence[str]) -> str:
    """A cell of a row that has as many cells as its header."""
    if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
        raise BadFile("voting.pb_fields", line, found=len(row), wanted=len(header))
    return row[place].strip()


def _number(text: str, line: int, *, key: str) -> Fraction:
    """A number in decimal digits, with a point or a comma before the fraction."""
    if not NUMBER.fullmatch(text):
        raise BadFile("voting.pb_number", line, name=key, text=text[:40])
    return Fraction(text.replace(",", "."))


def _amount(text: str, line: int, *, key: str) -> Fraction:
    """An amount of money, never below zero."""
    amount = _number(text, line, key=key)
    if amount < 0:
        raise BadFile("voting.pb_negative", line, name=key, text=text[:40])
    return amount


def number(head: Head, key: str) -> Fraction | None:
    """A number of META, or None when it is not there or is none: these limits warn, they decide nothing."""
    text = head.meta.get(key, "")
    return _number(text, head.lines[key], key=key) if NUMBER.fullmatch(text) else None


def _unit(amounts: Sequence[Fraction]) -> int:
    """The power of ten that makes all amounts whole."""
    unit = 1
    while any((amount * unit).denominator != 1 for amount in amounts):
        unit *= 10
    return unit

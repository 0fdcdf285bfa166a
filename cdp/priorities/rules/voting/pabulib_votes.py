"""The votes of a ``.pb`` file: read in bulk, identical ones at once; a fault sends back for its line."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from math import ceil, floor, lcm
from operator import itemgetter

import numpy as np

from cdp.kernel.errors import Message
from cdp.priorities.rules.voting.election import Ballots, Election, VoteKind, Whole, merged
from cdp.priorities.rules.voting.pabulib import (
    NUMBER,
    BadFile,
    Head,
    Table,
    columns_of,
    number,
    promised,
    read_head,
    table,
)

CHUNK = 8192
POINTS = (VoteKind.CUMULATIVE, VoteKind.SCORING)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sound file: the election, META and names as they stand there, and notes on what looks odd."""

    election: Election
    meta: dict[str, str]
    names: dict[str, str]
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The distinct votes of a file as arrays, and the texts they came from, in the order of the file."""

    data: bytes
    head: Head
    texts: list[str]
    points: list[str]

    def fault(self, key: str, is_at: Callable[[str, str], bool], **values: object) -> BadFile:
        """The error for the first vote of which ``is_at(vote, points)`` is true, with its line."""
        pairs = zip(self.texts, self.points, strict=True) if self.points else ((one, "") for one in self.texts)
        place = next(place for place, (vote, points) in enumerate(pairs) if is_at(vote, points))
        return BadFile(key, line_of(self.data, place), **values)


def read(data: bytes) -> Reading:
    """An election from the bytes of a ``.pb`` file; raises BadFile."""
    rows = table(data)
    head, header = read_head(rows)
    with_points = head.kind in POINTS
    needed = ("voter_id", "vote", "points") if with_points else ("voter_id", "vote")
    places = columns_of(header, needed, rows.line)
    cells = _cells(data, rows, [places[name] for name in needed], width=len(header))
    promised(head, "num_votes", len(cells[0]))
    _refuse_doubles(data, cells[0])
    sheet = Sheet(data, head, cells[1], cells[2] if with_points else [])
    ballots, grain, notes = _ballots(sheet)
    election = Election(head.budget, head.candidates, ballots, head.kind, head.unit, grain)
    return Reading(election, dict(head.meta), dict(head.names), notes)


def line_of(data: bytes, place: int) -> int:
    """The line of the vote at that place (0 is the first)."""
    rows = table(data)
    read_head(rows)
    for _ in range(place + 1):
        next(rows)
    return rows.line


def _cells(data: bytes, rows: Table, places: Sequence[int], *, width: int) -> list[list[str]]:
    """The wanted columns of all votes, every row having as many cells as the header."""
    if (cells := _plain_cells(data, rows, width)) is not None:
        return [cells[place::width] for place in places]
    columns: list[list[str]] = [[] for _ in places]
    pick = itemgetter(*places)
    while chunk := _chunk(rows):
        if any(size != width for size in set(map(len, chunk))):
            chunk = _even(data, chunk, done=len(columns[0]), width=width)
        for column, values in zip(columns, zip(*map(pick, chunk), strict=True), strict=False):
            column += values
    return columns


def _plain_cells(data: bytes, rows: Table, width: int) -> list[str] | None:
    """All cells of the votes in one go, when nothing is quoted and every row has its cells; else None."""
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    start = 0
    for _ in range(rows.rows.line_num):
        start = data.find(b"\n", start) + 1
    votes = data[start:].rstrip(b"\r\n").replace(b"\r\n", b"\n")
    if not start or not votes or b'"' in votes:
        return None
    raw = np.frombuffer(votes + b"\n", dtype=np.uint8)
    ends = np.flatnonzero(raw == ord("\n"))
    apart = np.searchsorted(np.flatnonzero(raw == ord(";")), ends)
    if (np.diff(apart, prepend=0) != width - 1).any():
        return None
    return votes.replace(b"\n", b";").decode().split(";")


def _chunk(rows: Table) -> list[list[str]]:
    """The next rows; a broken table is told with its line."""
    try:
        return list(islice(rows.rows, CHUNK))
    except csv.Error as error:
        raise BadFile("voting.pb_not_a_table", rows.rows.line_num) from error


def _even(data: bytes, chunk: list[list[str]], *, done: int, width: int) -> list[list[str]]:
    """Rows without the blank ones and without blank cells too many."""
    even: list[list[str]] = []
    for row in chunk:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            line = line_of(data, done + len(even))
            raise BadFile("voting.pb_fields", line, found=len(row), wanted=width)
        even.append(row)
    return even


def _refuse_doubles(data: bytes, voters: list[str]) -> None:
    """Nobody votes twice."""
    if len(set(voters)) == len(voters):
        return
    seen: set[str] = set()
    for place, voter in enumerate(voters):
        if voter.strip() in seen:
            raise BadFile("voting.pb_voter_twice", line_of(data, place), voter=voter.strip())
        seen.add(voter.strip())


def _ballots(sheet: Sheet) -> tuple[Ballots, int, tuple[Message, ...]]:
    """The merged ballots of a file, how many grains make a point, and notes."""
    texts, marks, counts = _distinct(sheet)
    starts, choices, doubled = _choices(sheet, texts)
    if sheet.points:
        points, grain = _points(sheet, marks, starts)
    elif sheet.head.kind is VoteKind.ORDINAL:
        points, grain = np.repeat(starts[1:], np.diff(starts)) - np.arange(len(choices)), 1
    else:
        points, grain = np.ones(len(choices), np.int64), 1
    dear = _too_dear(sheet, texts, starts, choices=choices)
    notes = (
        *_notes(sheet.head, starts, points, counts=counts, grain=grain),
        *_said("max_sum_cost", counts[dear]),
        *_said("project_id", counts[doubled]),
        *_said("num_votes", counts if int(counts.sum()) > (number(sheet.head, "num_votes") or counts.sum()) else ()),
    )
    return merged(starts, choices, points, counts), grain, notes


def _distinct(sheet: Sheet) -> tuple[list[str], list[str], Whole]:
    """Each different vote once, with its points, and how often it was cast."""
    if not sheet.points:
        votes = Counter(sheet.texts)
        return list(votes), [], np.fromiter(votes.values(), np.int64, len(votes))
    pairs = Counter(zip(sheet.texts, sheet.points, strict=True))
    counts = np.fromiter(pairs.values(), np.int64, len(pairs))
    return [text for text, _ in pairs], [marks for _, marks in pairs], counts


def split(text: str) -> list[str]:
    """The entries of a cell: apart by commas, without blanks."""
    return [part for part in map(str.strip, text.split(",")) if part]


def _choices(sheet: Sheet, texts: list[str]) -> tuple[Whole, Whole, Whole]:
    """The named projects as indices, and the votes that name one twice; raises BadFile for one unknown."""
    index = {candidate.id: place for place, candidate in enumerate(sheet.head.candidates)}
    filled = ",".join(filter(None, texts))
    named = filled.split(",") if filled else []
    sizes = [text.count(",") + 1 if text else 0 for text in texts]
    try:
        choices = np.fromiter(map(index.__getitem__, named), np.int64, len(named))
    except KeyError:
        lists = [split(text) for text in texts]
        named, sizes = list(chain.from_iterable(lists)), list(map(len, lists))
        choices = np.array([index.get(name, -1) for name in named], dtype=np.int64)
    if (choices < 0).any():
        strange = _strange(sheet.texts, index)
        raise sheet.fault("voting.pb_unknown_project", lambda vote, _: strange in split(vote), project=strange)
    return _once(sheet, choices, np.array(sizes, np.int64))


def _once(sheet: Sheet, choices: Whole, sizes: Whole) -> tuple[Whole, Whole, Whole]:
    """Where votes begin, their choices, and the votes that approve of a project twice: it counts once.

    With points or ranks a second naming has no clear sense: BadFile.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    pairs = owners * (len(sheet.head.candidates) + 1) + choices
    doubled = np.zeros(0, np.int64)
    ordered = np.sort(pairs)
    if (ordered[1:] == ordered[:-1]).any():
        if sheet.head.kind is not VoteKind.APPROVAL:
            raise sheet.fault("voting.pb_named_twice", lambda vote, _: len(set(split(vote))) < len(split(vote)))
        first = np.sort(np.unique(pairs, return_index=True)[1])
        kept = np.bincount(owners[first], minlength=len(sizes))
        doubled, choices, sizes = np.flatnonzero(kept < sizes), choices[first], kept
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))), choices, doubled


def _strange(texts: Iterable[str], index: dict[str, int]) -> str:
    """The first named project that is not on the ballot."""
    return next(name for name in chain.from_iterable(map(split, texts)) if name not in index)


def _points(sheet: Sheet, texts: list[str], starts: Whole) -> tuple[Whole, int]:
    """The points as whole grains, one for each choice, and how many grains make a point."""
    lists = [split(text) for text in texts]
    if list(map(len, lists)) != np.diff(starts).tolist():
        raise sheet.fault("voting.pb_points_missing", lambda vote, marks: len(split(vote)) != len(split(marks)))
    flat = list(chain.from_iterable(lists))
    wrong = next((text for text in set(flat) if not NUMBER.fullmatch(text)), None)
    if wrong is not None:
        raise sheet.fault("voting.pb_number", lambda _, marks: wrong in split(marks), name="points", text=wrong)
    worth = {text: Fraction(text) for text in set(flat)}
    grain = lcm(*(value.denominator for value in worth.values()))
    whole = {text: int(value * grain) for text, value in worth.items()}
    return np.array([whole[text] for text in flat], dtype=np.int64), grain


def _too_dear(sheet: Sheet, texts: list[str], starts: Whole, *, choices: Whole) -> Whole:
    """The votes that cost more than META lets a vote cost; in a knapsack that is a fault: BadFile."""
    head = sheet.head
    is_knapsack = head.meta["vote_type"].lower() == "knapsack"
    limit = number(head, "max_sum_cost")
    if limit is None and is_knapsack:
        limit = Fraction(head.budget, head.unit)
    if limit is None or not len(choices):
        return np.zeros(0, np.int64)
    costs = np.array([candidate.cost for candidate in head.candidates], dtype=object)
    running = np.concatenate((np.zeros(1, dtype=object), np.cumsum(costs[choices])))
    dear = np.flatnonzero(np.diff(running[starts]) > limit * head.unit)
    if is_knapsack and len(dear):
        told, too_dear = head.meta.get("max_sum_cost", head.meta["budget"]), {texts[place] for place in dear}
        raise sheet.fault("voting.pb_over_budget", lambda vote, _: vote in too_dear, limit=told)
    return dear


def _said(name: str, counts: Iterable[int]) -> tuple[Message, ...]:
    """A note on the votes that do not keep to a limit of META, where there are any."""
    number = sum(map(int, counts))
    return (Message("voting.pb_off_limits", {"number": number, "name": name}),) if number else ()


def _notes(head: Head, starts: Whole, points: Whole, *, counts: Whole, grain: int) -> tuple[Message, ...]:
    """How many ballots break the other limits of META: they are counted all the same, and said."""
    sizes = np.diff(starts)
    totals = np.diff(np.concatenate((np.zeros(1, np.int64), np.cumsum(points)))[starts])
    notes: list[Message] = []
    for key, values, scale in (
        ("min_length", sizes, 1),
        ("max_length", sizes, 1),
        ("min_sum_points", totals, grain),
        ("max_sum_points", totals, grain),
    ):
        limit = number(head, key)
        if limit is None and (key, head.meta["vote_type"].lower()) == ("max_length", "choose-1"):
            limit = Fraction(1)
        if limit is None or (values is totals and head.kind not in POINTS):
            continue
        least, most = ceil(limit * scale), floor(limit * scale)
        notes += _said(key, counts[values < least if key.startswith("min") else values > most])
    return tuple(notes)

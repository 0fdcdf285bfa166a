"""The votes of a ``.pb`` file: read in bulk, identical ones at once; a fault sends back for its line."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, islice
from math import ceil, floor, lcm
from operator import itemgetter

import numpy as np

from cdp.kernel.errors import Message
from cdp.priorities.rules.voting.election import LARGEST_SAFE, Ballots, Election, VoteKind, Whole, merged
from cdp.priorities.rules.voting.pabulib import (
    NUMBER,
    BadFile,
    Head,
    Table,
    columns_of,
    fraction,
    is_even,
    is_filled,
    number,
    promised,
    read_head,
    table,
    uneven,
)
from cdp.priorities.rules.voting.pabulib_order import in_order

CHUNK = 8192
POINTS = (VoteKind.CUMULATIVE, VoteKind.SCORING)
NOTHING = frozenset({"none", "nan", "null"})
"""What some programs write into an empty cell."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sound file: the election, META and names as they stand there, and notes on what looks odd."""

    election: Election
    meta: dict[str, str]
    names: dict[str, str]
    notes: tuple[Message, ...]


def _no_places() -> Whole:
    """No votes at all, by their places."""
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What each named project was given, in grains; which votes have not as many points as projects.

    ``default`` is what a project that a vote does not name is given by it.
    """

    points: Whole
    grain: int = 1
    default: int = 0
    unmatched: Whole = field(default_factory=_no_places)


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
    """An election from the bytes of a ``.pb`` file, whatever the order of its sections; raises BadFile."""
    try:
        return _read(data)
    except BadFile as fault:
        if (turned := in_order(data)) is None:
            raise
        try:
            reading = _read(turned.data)
        except BadFile as inner:
            raise inner.moved(turned.lines) from fault
        return replace(reading, notes=(Message("voting.pb_order"), *reading.notes))


def _read(data: bytes) -> Reading:
    """The same, of a file with its sections in order."""
    rows = table(data)
    head, header = read_head(rows)
    with_points = head.kind in POINTS
    needed = ("voter_id", "vote", "points") if with_points else ("voter_id", "vote")
    places = columns_of(header, needed, rows.line)
    cells, odd = _cells(data, rows, [places[name] for name in needed], width=len(header))
    _refuse_cut(data, head, len(cells[0]))
    _refuse_doubles(data, cells[0])
    emptied = [_emptied(column, head) for column in cells[1:]]
    sheet = Sheet(data, head, emptied[0], emptied[1] if with_points else [])
    ballots, grain, notes = _ballots(sheet)
    election = Election(head.budget, head.candidates, ballots, head.kind, head.unit, grain)
    told = (*head.notes, *uneven(odd), *promised(head.meta, "num_votes", len(cells[0])), *notes)
    return Reading(election, dict(head.meta), dict(head.names), told)


def line_of(data: bytes, place: int) -> int:
    """The line of the vote at that place (0 is the first)."""
    rows = table(data)
    read_head(rows)
    for _ in range(place + 1):
        next(rows)
    return rows.line


def _cells(data: bytes, rows: Table, places: Sequence[int], *, width: int) -> tuple[list[list[str]], int]:
    """The wanted columns of all votes, and how many rows have other numbers of cells than the header."""
    if (cells := _plain_cells(data, rows, width)) is not None:
        return [cells[place::width] for place in places], 0
    columns: list[list[str]] = [[] for _ in places]
    pick = itemgetter(*places)
    odd = 0
    while chunk := _chunk(rows):
        if any(size != width for size in set(map(len, chunk))) or any(not any(row) for row in chunk):
            chunk = _filled(data, chunk, done=len(columns[0]), wanted=max(places) + 1)
            odd += sum(not is_even(row, width) for row in chunk)
        for column, values in zip(columns, zip(*map(pick, chunk), strict=True), strict=False):
            column += values
    return columns, odd


def _plain_cells(data: bytes, rows: Table, width: int) -> list[str] | None:
    """All cells of the votes in one go, when nothing is quoted and every row has its cells; else None."""
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    start = 0
    for _ in range(rows.rows.line_num):
        start = data.find(b"\n", start) + 1
    votes = data[start:].rstrip(b"\r\n").replace(b"\r\n", b"\n")
    if not start or not votes or b'"' in votes or b"\n" + b";" * (width - 1) + b"\n" in votes:
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


def _filled(data: bytes, chunk: list[list[str]], *, done: int, wanted: int) -> list[list[str]]:
    """The rows that say something; raises BadFile for one too short to hold a vote."""
    kept = [row for row in chunk if is_filled(row)]
    for place, row in enumerate(kept):
        if len(row) < wanted:
            raise BadFile("voting.pb_fields", line_of(data, done + place), found=len(row), wanted=wanted)
    return kept


def _refuse_cut(data: bytes, head: Head, found: int) -> None:
    """Fewer votes than META says, and a last line without its end: the file was cut short."""
    said = number(head, "num_votes")
    if said is not None and said > found and not data.endswith((b"\n", b"\r")):
        line = line_of(data, found - 1) if found else data.count(b"\n") + 1
        raise BadFile("voting.pb_cut", line, promised=head.meta["num_votes"], found=found)


def _refuse_doubles(data: bytes, voters: list[str]) -> None:
    """Nobody votes twice; rows without a number of the voter are of different voters."""
    if len(set(voters)) == len(voters):
        return
    seen: set[str] = set()
    for place, voter in enumerate(map(str.strip, voters)):
        if voter and voter in seen:
            raise BadFile("voting.pb_voter_twice", line_of(data, place), voter=voter)
        seen.add(voter)


def _emptied(column: list[str], head: Head) -> list[str]:
    """A column without the words that mean an empty cell, unless a project is called so."""
    words = {text for text in NOTHING if text not in {name.lower() for name in head.names}}
    kinds = {text for text in set(column) if len(text) < 7 and text.strip().lower() in words}
    return ["" if text in kinds else text for text in column] if kinds else column


def _ballots(sheet: Sheet) -> tuple[Ballots, int, tuple[Message, ...]]:
    """The merged ballots of a file, how many grains make a point, and notes."""
    texts, marks, counts = _distinct(sheet)
    choices, sizes = _choices(sheet, texts)
    given = _points(sheet, marks, sizes) if sheet.points else Points(np.ones(len(choices), np.int64))
    starts, kept, doubled = _once(sizes, choices, among=len(sheet.head.candidates))
    choices, points = choices[kept], given.points[kept]
    if sheet.head.kind is VoteKind.ORDINAL:
        points = np.repeat(starts[1:], np.diff(starts)) - np.arange(len(choices))
    dear = _too_dear(sheet, texts, starts, choices=choices)
    notes = (
        *_notes(sheet.head, starts, points, counts=counts, grain=given.grain),
        *_said("max_sum_cost", counts[dear]),
        *_said("project_id", counts[doubled]),
        *_said("points", counts[given.unmatched]),
    )
    if given.default:
        starts, choices, points = _by_default(
            given.default, starts, choices, points=points, among=len(sheet.head.candidates)
        )
    return merged(starts, choices, points, counts), given.grain, notes


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


def _choices(sheet: Sheet, texts: list[str]) -> tuple[Whole, Whole]:
    """The named projects as indices, and how many each vote names; raises BadFile for one unknown."""
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
    return choices, np.array(sizes, np.int64)


def _once(sizes: Whole, choices: Whole, *, among: int) -> tuple[Whole, Whole, Whole]:
    """Where votes begin, the places of choices that count, and the votes that name a project twice.

    What stands first counts: a second naming has no clear sense.
    """
    owners = np.repeat(np.arange(len(sizes)), sizes)
    pairs = owners * (among + 1) + choices
    doubled, kept = _no_places(), np.arange(len(choices))
    ordered = np.sort(pairs)
    if (ordered[1:] == ordered[:-1]).any():
        kept = np.sort(np.unique(pairs, return_index=True)[1])
        left = np.bincount(owners[kept], minlength=len(sizes))
        doubled, sizes = np.flatnonzero(left < sizes), left
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))), kept, doubled


def _strange(texts: Iterable[str], index: dict[str, int]) -> str:
    """The first named project that is not on the ballot."""
    return next(name for name in chain.from_iterable(map(split, texts)) if name not in index)


def _points(sheet: Sheet, texts: list[str], sizes: Whole) -> Points:
    """The points as whole grains, one for each choice; a project without points has none, points without one fall."""
    lists = [split(text) for text in texts]
    unmatched = np.flatnonzero(np.fromiter(map(len, lists), np.int64, len(lists)) != sizes)
    for place in unmatched.tolist():
        size = int(sizes[place])
        lists[place] = (lists[place] + ["0"] * size)[:size]
    flat = list(chain.from_iterable(lists))
    if (wrong := next((text for text in set(flat) if not NUMBER.fullmatch(text)), None)) is not None:
        raise sheet.fault("voting.pb_number", lambda _, marks: wrong in split(marks), name="points", text=wrong[:40])
    worth = {text: fraction(text) for text in set(flat)}
    said = number(sheet.head, "default_score") if sheet.head.kind is VoteKind.SCORING else None
    default = said or Fraction(0)
    grain = lcm(default.denominator, *(value.denominator for value in worth.values()))
    whole = {text: int(value * grain) for text, value in worth.items()}
    huge = max(whole, key=lambda text: abs(whole[text]), default="")
    if huge and abs(whole[huge]) * len(sheet.texts) >= LARGEST_SAFE:
        raise sheet.fault("voting.pb_number", lambda _, marks: huge in split(marks), name="points", text=huge[:40])
    return Points(np.array([whole[text] for text in flat], dtype=np.int64), grain, int(default * grain), unmatched)


def _by_default(
    default: int, starts: Whole, choices: Whole, *, points: Whole, among: int
) -> tuple[Whole, Whole, Whole]:
    """The same votes, every project that they do not name added with the default score of the file."""
    votes = len(starts) - 1
    given = np.full((votes, among), default, dtype=np.int64)
    given[np.repeat(np.arange(votes), np.diff(starts)), choices] = points
    every = np.tile(np.arange(among), votes)
    return np.arange(votes + 1) * among, every, given.ravel()


def _too_dear(sheet: Sheet, texts: list[str], starts: Whole, *, choices: Whole) -> Whole:
    """The votes that cost more than META lets a vote cost; in a knapsack that is a fault: BadFile."""
    head = sheet.head
    is_knapsack = head.meta["vote_type"].lower() == "knapsack"
    limit = number(head, "max_sum_cost")
    if limit is None and is_knapsack:
        limit = Fraction(head.budget, head.unit)
    if limit is None or not len(choices):
        return _no_places()
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

"""Pairwise ballots in a ``.pb`` file. Pabulib has no vote type for them, so they travel inside a ``cumulative`` one.

``vote`` and ``points`` say how many of its comparisons each project won with this voter: every reader of Pabulib
counts that (it is Borda's count, made from pairs). A fourth column, ``pairs``, says the comparisons themselves,
``A>B`` apart by commas, and META has ``cdp_pairs;1``. Who counts by ``copeland`` reads that column; the points
must follow from it, or the file is refused. Voters stand in the order of what they voted, which tells nothing
of who voted when.
"""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from io import StringIO

from cdp.priorities.rules.voting.election import Election, comparisons
from cdp.priorities.rules.voting.pabulib import BadFile, columns_of, read_head, table
from cdp.priorities.rules.voting.pabulib_votes import Reading, read, split
from cdp.priorities.rules.voting.pabulib_writing import write
from cdp.priorities.rules.voting.pairwise import Pair, added

META_KEY = "cdp_pairs"
BEYOND = ">"
"""Between the preferred project and the other one."""


def write_pairs(
    election: Election, votes: Iterable[Sequence[Pair]], meta: Mapping[str, str], names: Mapping[str, str]
) -> bytes:
    """The bytes of a file with its column of pairs; ``votes`` are those the election was made of."""
    plain = write(election, {**meta, META_KEY: "1"}, names).decode()
    head = plain[: plain.rindex("\nVOTES\n") + len("\nVOTES\n")]
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["voter_id", "vote", "points", "pairs"])
    for voter, pairs in enumerate(sorted(sorted(vote) for vote in votes), start=1):
        won = sorted(comparisons(pairs).items())
        cells = (",".join(project for project, _ in won), ",".join(str(number) for _, number in won))
        rows.writerow([voter, *cells, ",".join(BEYOND.join(pair) for pair in pairs)])
    return (head + out.getvalue()).encode()


def read_file(data: bytes) -> Reading:
    """An election from the bytes of a ``.pb`` file, its duels too where it has a column of pairs; raises BadFile."""
    reading = read(data)
    if reading.meta.get(META_KEY) != "1":
        return reading
    return replace(reading, election=replace(reading.election, duels=added(_pairs(data, set(reading.names)))))


def _pairs(data: bytes, known: Collection[str]) -> Iterable[Pair]:
    """Every choice of every voter, each held against the points of its row."""
    rows = table(data)
    _head, header = read_head(rows)
    places = columns_of(header, ("vote", "points", "pairs"), rows.line)
    for row in rows:
        pairs = [_pair(text, known, rows.line) for text in split(row[places["pairs"]])]
        points = zip(split(row[places["vote"]]), split(row[places["points"]]), strict=True)
        doubled = len({frozenset(pair) for pair in pairs}) < len(pairs)
        if doubled or {project: Fraction(number) for project, number in points} != comparisons(pairs):
            raise BadFile("voting.pb_pairs", rows.line)
        yield from pairs


def _pair(text: str, known: Collection[str], line: int) -> Pair:
    one, beyond, other = text.partition(BEYOND)
    if not beyond or one == other or one not in known or other not in known:
        raise BadFile("voting.pb_pairs", line)
    return one, other

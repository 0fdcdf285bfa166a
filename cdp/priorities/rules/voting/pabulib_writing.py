"""Writing an election as a ``.pb`` file of Pabulib, so that anyone may count again.

Voters are numbered anew in the order of the merged ballots: the file tells nothing of who voted when.
The same election always gives the same bytes.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from cdp.priorities.rules.voting.election import Election, VoteKind

POINTS = (VoteKind.CUMULATIVE, VoteKind.SCORING)


def decimal(amount: int, unit: int) -> str:
    """An amount in smallest units as decimal text of the currency: 1250 at 100 is ``12.50``."""
    whole, rest = divmod(amount, unit)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}" if rest else str(whole)


def write(election: Election, meta: Mapping[str, str], names: Mapping[str, str]) -> bytes:
    """The bytes of a file; ``meta`` adds lines (description, country, unit, rule, dates), ``names`` titles."""
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows(_meta(election, meta).items())
    rows.writerow(["PROJECTS"])
    rows.writerow(["project_id", "cost", "votes", "score", "name", "category", "neighborhood"])
    for place, one in enumerate(election.candidates):
        cost, score = decimal(one.cost, election.unit), _points(election.scores[place], election.grain)
        votes, name = election.supporters[place], names.get(one.id, "")
        rows.writerow([one.id, cost, votes, score, name, one.sector, one.territory])
    rows.writerow(["VOTES"])
    rows.writerow(["voter_id", "vote", "points"] if election.kind in POINTS else ["voter_id", "vote"])
    rows.writerows(_votes(election))
    return out.getvalue().encode()


def _meta(election: Election, meta: Mapping[str, str]) -> dict[str, str]:
    """META: what the caller says, and what the election itself knows."""
    known = {
        "num_projects": str(len(election.candidates)),
        "num_votes": str(election.voters),
        "budget": decimal(election.budget, election.unit),
        "vote_type": election.kind.value,
    }
    return {**meta, **known}


def _points(points: int, grain: int) -> str:
    """Points as decimal text; grains are parts that end in decimals because they were read so."""
    if grain == 1:
        return str(points)
    scale = grain
    while 10 ** len(str(scale)) % grain:
        scale *= 10
    unit = 10 ** len(str(scale))
    sign = "-" if points < 0 else ""
    return sign + decimal(abs(points) * (unit // grain), unit)


def _votes(election: Election) -> Iterator[list[str]]:
    """A row for each voter."""
    ballots, voter = election.ballots, 0
    starts = ballots.starts.tolist()
    for a, b, count in zip(starts[:-1], starts[1:], ballots.counts.tolist(), strict=True):
        entries = list(zip(ballots.choices[a:b].tolist(), ballots.points[a:b].tolist(), strict=True))
        if election.kind is VoteKind.ORDINAL:
            entries.sort(key=lambda entry: -entry[1])
        cells = [",".join(election.candidates[choice].id for choice, _ in entries)]
        if election.kind in POINTS:
            cells.append(",".join(_points(mark, election.grain) for _, mark in entries))
        for _ in range(count):
            voter += 1
            yield [str(voter), *cells]

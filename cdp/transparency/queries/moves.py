"""The moves of a commune's money as everybody reads them: institutions one by one, people in sums without names."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, LedgerEntry
from cdp.funding.queries.proof import AT_ONCE
from cdp.funding.rules.ledger import Op
from cdp.programme.models import Project
from cdp.programme.queries.partners import partner_names
from cdp.rounds.states import Source
from cdp.transparency.sheets import MoveKind, MoveSheet

KINDS: dict[Op, tuple[MoveKind, int]] = {
    Op.PLEDGE: (MoveKind.PLEDGED, 1),
    Op.LAPSE: (MoveKind.PLEDGED, -1),
    Op.SIGN: (MoveKind.COMMITTED, 1),
    Op.COMMIT: (MoveKind.COMMITTED, 1),
    Op.DECOMMIT: (MoveKind.COMMITTED, -1),
    Op.WRITE_OFF: (MoveKind.COMMITTED, -1),
    Op.RECEIVE: (MoveKind.RECEIVED, 1),
    Op.RECEIVE_EARLY: (MoveKind.RECEIVED, 1),
    Op.GIFT: (MoveKind.RECEIVED, 1),
    Op.ALLOCATE: (MoveKind.RECEIVED, 1),
    Op.TRANSFER_IN: (MoveKind.RECEIVED, 1),
    Op.TRANSFER_OUT: (MoveKind.RECEIVED, -1),
    Op.REFUND: (MoveKind.RECEIVED, -1),
    Op.SPEND: (MoveKind.SPENT, 1),
    Op.PAY_DIRECT: (MoveKind.PAID_DIRECT, 1),
    Op.DELIVER: (MoveKind.DELIVERED, 1),
}
"""What an operation is to the public, and whether it adds or takes away."""

BACK = {op: (kind, -sign) for op, (kind, sign) in KINDS.items()}
"""The same of an entry that takes another back."""

E = LedgerEntry
Place = tuple[str, Source, str, MoveKind, str]


def moves(db: Session, commune_id: int) -> Iterator[MoveSheet]:
    """Institutions' moves in the order of the books; then what people promised and gave, summed by project."""
    sums: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0])
    last: dict[Place, date] = {}
    numbers, lines = _named(db, commune_id)
    names = partner_names(db, commune_id)
    for op, seq, reverses, project, line, pledge, unit, amount, dirhams, on, *rate in _rows(db, commune_id):
        if project not in numbers or line not in lines:
            continue
        kind, sign = KINDS[op] if reverses is None else BACK[op]
        place = (numbers[project], *lines[line], kind, unit)
        if pledge is None:
            ref = str(seq) if reverses is None else f"{seq}-R"
            dirhams = None if dirhams is None else sign * dirhams
            yield MoveSheet(*place, sign * amount, dirhams, on, ref, names[place[2]], *rate)
            continue
        sums[place][0] += sign * amount
        sums[place][1] += sign * (dirhams or 0)
        last[place] = max(last.get(place, on), on)
    for place in sorted(sums):
        amount, dirhams = sums[place]
        if amount:
            number, source, party, kind, unit = place
            ref = f"{number}-{source}-{kind}-{unit}"
            yield MoveSheet(*place, amount, dirhams or None, last[place], ref, names[party], None, None, None)


def _named(db: Session, commune_id: int) -> tuple[dict[int, str], dict[int, tuple[Source, str]]]:
    """The numbers of the projects, the sources and partners of the lines."""
    projects = db.execute(select(Project.id, Project.number).where(Project.commune_id == commune_id))
    lines = db.execute(
        select(FundingLine.id, FundingLine.source, FundingLine.party).where(FundingLine.commune_id == commune_id)
    )
    return {row.id: row.number for row in projects}, {row.id: (row.source, row.party) for row in lines}


def _rows(db: Session, commune_id: int) -> Iterator[Any]:
    asked = (
        select(
            E.op, E.sequence, E.reverses, E.project_id, E.line_id, E.pledge_id, E.unit, E.amount_minor,
            E.dirhams_minor, E.effective_on, E.rate, E.rate_day, E.rate_source,
        )
        .where(E.commune_id == commune_id, E.op.in_(KINDS))
        .order_by(E.sequence)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    return iter(db.execute(asked))

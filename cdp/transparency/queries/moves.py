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

E = LedgerEntry
Place = tuple[str, Source, str, MoveKind, str]


def moves(db: Session, commune_id: int) -> Iterator[MoveSheet]:
    """Institutions' moves in the order of the books; then what people promised and gave, summed by project."""
    sums: defaultdict[Place, list[int]] = defaultdict(lambda: [0, 0])
    last: dict[Place, date] = {}
    for row in _rows(db, commune_id):
        kind, sign = KINDS[row.op]
        if row.reverses is not None:
            sign = -sign
        place = (row.number, row.source, row.party, kind, row.unit)
        if row.pledge_id is None:
            yield MoveSheet(
                *place, sign * row.amount_minor, _signed(row.dirhams_minor, sign), row.effective_on,
                f"{row.sequence}{'' if row.reverses is None else '-R'}", row.rate, row.rate_day, row.rate_source,
            )  # fmt: skip
            continue
        sums[place][0] += sign * row.amount_minor
        sums[place][1] += sign * (row.dirhams_minor or 0)
        last[place] = max(last.get(place, row.effective_on), row.effective_on)
    for place in sorted(sums):
        amount, dirhams = sums[place]
        if amount:
            number, source, _party, kind, unit = place
            ref = f"{number}-{source}-{kind}-{unit}"
            yield MoveSheet(*place, amount, dirhams or None, last[place], ref, None, None, None)


def _rows(db: Session, commune_id: int) -> Iterator[Any]:
    asked = (
        select(
            E.op, E.sequence, E.reverses, E.pledge_id, E.unit, E.amount_minor, E.dirhams_minor, E.effective_on, E.rate,
            E.rate_day, E.rate_source, Project.number, FundingLine.source, FundingLine.party,
        )
        .join(Project, Project.id == E.project_id)
        .join(FundingLine, FundingLine.id == E.line_id)
        .where(E.commune_id == commune_id, E.op.in_(KINDS))
        .order_by(E.sequence)
        .execution_options(yield_per=AT_ONCE)
    )  # fmt: skip
    return iter(db.execute(asked))


def _signed(amount: int | None, sign: int) -> int | None:
    return None if amount is None else sign * amount

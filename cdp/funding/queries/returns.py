"""Payments that a bank returned: which earlier line each takes back."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import StatementLine
from cdp.funding.queries.banking import as_line
from cdp.funding.rules.matching import pairs_of_returns

MOST = 200
"""Earlier lines of the same amount that are looked at."""


def taken_back(db: Session, rows: Iterable[StatementLine]) -> dict[int, StatementLine]:
    """Returned line -> the earlier line of its account that it takes back; lines without a partner are left out."""
    found = {}
    for row in rows:
        if row.is_reversal and (earlier := _earlier(db, row)) is not None:
            found[row.id] = earlier
    return found


def _earlier(db: Session, row: StatementLine) -> StatementLine | None:
    same = (StatementLine.payee_id == row.payee_id, StatementLine.currency == row.currency)
    asked = (
        select(StatementLine)
        .where(*same, StatementLine.amount_minor == -row.amount_minor, StatementLine.id != row.id)
        .order_by(StatementLine.booked, StatementLine.id)
        .limit(MOST)
    )
    rows = list(db.scalars(asked))
    place = pairs_of_returns([as_line(each, each.amount_minor) for each in (*rows, row)]).get(len(rows))
    return None if place is None else rows[place]

"""Books against bank: what the bank says an account holds, what its lines add up to, what the books have of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import BankStatement, PayeeAccount, SetAside, StatementLine
from cdp.funding.queries.banking import accounts, booked, unallocated


@dataclass(frozen=True)
class Balance:
    """An account's books against its bank, in minor units: ``closing`` as the bank says it, on its last day.

    ``between``: the lines from the day of the first opening balance to that of the last closing one.
    """

    account: PayeeAccount
    opening: int | None
    closing: int | None
    on: date | None
    between: int
    lines: int
    booked: int
    waiting: int
    aside: int
    unallocated: int

    @property
    def gap(self) -> int | None:
        """What the bank's balances and its lines miss; 0 when they agree, None when the bank gives no balance."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing - self.opening - self.between


def balances(db: Session, commune_id: int) -> list[Balance]:
    """Each account: the bank's balances, its lines, what the books hold of them, what waits."""
    used, loose = booked(db, commune_id), unallocated(db, commune_id)
    aside = set(db.scalars(select(SetAside.line_id).where(SetAside.commune_id == commune_id)))
    edges = _edges(db, commune_id)
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    rows = db.execute(
        select(StatementLine.id, StatementLine.payee_id, StatementLine.amount_minor, StatementLine.booked).where(
            StatementLine.commune_id == commune_id
        )
    )
    for line, payee, amount, on in rows:
        own, done = sums[payee], used.get(line, 0)
        own[0] += amount if edges.get(payee, NO_EDGES).hold(on) else 0
        own[1] += amount
        own[2] += done
        own[4 if line in aside else 3] += amount - done
        own[5] += loose.get(line, 0)
    found = [(each, edges.get(each.id, NO_EDGES)) for each in accounts(db, commune_id)]
    return [Balance(each, edge.opening, edge.closing, edge.until, *sums[each.id]) for each, edge in found]


@dataclass(frozen=True)
class _Edges:
    """The first opening balance of an account and its day, the last closing balance and its day."""

    opening: int | None = None
    since: date | None = None
    closing: int | None = None
    until: date | None = None

    def hold(self, on: date | None) -> bool:
        """Whether a line of this day stands between the two balances; one without a day counts as if it did."""
        return not (on and ((self.since and on < self.since) or (self.until and on > self.until)))


NO_EDGES = _Edges()


def _edges(db: Session, commune_id: int) -> dict[int, _Edges]:
    """Account -> between which balances its lines stand."""
    rows: Sequence[Any] = db.execute(
        select(
            BankStatement.payee_id,
            BankStatement.since,
            BankStatement.until,
            BankStatement.opening_minor,
            BankStatement.closing_minor,
        ).where(BankStatement.commune_id == commune_id, BankStatement.since.is_not(None))
    ).all()
    found = {}
    for payee in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == payee]
        first = min((row for row in own if row[3] is not None), key=lambda row: row[1], default=None)
        last = max((row for row in own if row[4] is not None), key=lambda row: row[2], default=None)
        opening, since = (first[3], first[1]) if first else (None, None)
        closing, until = (last[4], last[2]) if last else (None, None)
        found[payee] = _Edges(opening, since, closing, until)
    return found

"""Reads of spending: each on its way, and from a spent dirham back to its sources and from a promise to its works."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from cdp.funding.models import Expense, FundingLine, LedgerEntry, Transfer
from cdp.funding.queries.proof import stream
from cdp.funding.rules import trace
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.units import IN_KIND
from cdp.funding.states import ExpenseState
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.rounds.states import Source
from cdp.store.ready import Ready


@dataclass(frozen=True)
class OnItsWay:
    """A spending with where it stands."""

    expense: Expense
    state: ExpenseState
    paid_on: date | None


def find_expense(db: Session, commune_id: int, expense_id: int) -> Expense:
    """A spending of this commune with its line; NotFound else."""
    found = db.scalar(
        select(Expense)
        .where(Expense.id == expense_id, Expense.commune_id == commune_id)
        .options(joinedload(Expense.line).joinedload(FundingLine.project))
    )
    if found is None:
        raise NotFound
    return found


def paid(db: Session, expense_ids: Collection[int]) -> dict[int, date]:
    """Spendings that the books hold as paid, with the day; taken-back payments do not count. One statement."""
    if not expense_ids:
        return {}
    back = aliased(LedgerEntry)
    projects = select(Expense.project_id).where(Expense.id.in_(expense_ids))
    rows = db.execute(
        select(LedgerEntry.key, LedgerEntry.effective_on)
        .outerjoin(back, (back.commune_id == LedgerEntry.commune_id) & (back.reverses == LedgerEntry.sequence))
        .where(
            LedgerEntry.project_id.in_(projects),
            LedgerEntry.op.in_((Op.SPEND, Op.PAY_DIRECT)),
            LedgerEntry.key.startswith("expense:"),
            LedgerEntry.reverses.is_(None),
            back.id.is_(None),
        )
    )
    asked = frozenset(expense_ids)
    return {number: on for key, on in rows if (number := int(key.split(":")[1])) in asked}


def expenses(db: Session, project_id: int) -> list[OnItsWay]:
    """The spendings of a project, the newest first."""
    rows = db.scalars(
        select(Expense)
        .where(Expense.project_id == project_id)
        .options(joinedload(Expense.line))
        .order_by(Expense.id.desc())
    ).all()
    done = paid(db, [row.id for row in rows])
    return [OnItsWay(row, state_of(row, is_paid=row.id in done), done.get(row.id)) for row in rows]


def state_of(expense: Expense, *, is_paid: bool) -> ExpenseState:
    """Where a spending stands, from its steps."""
    if is_paid:
        return ExpenseState.PAID
    if expense.mandated_on is not None:
        return ExpenseState.MANDATED
    return ExpenseState.SERVICE_DONE if expense.done_on is not None else ExpenseState.ENGAGED


def reserved(db: Session, line_id: int, *, is_direct: bool) -> int:
    """What spendings of a line that are not paid hold back, in centimes."""
    rows = db.execute(
        select(Expense.id, Expense.amount_minor).where(Expense.line_id == line_id, Expense.is_direct == is_direct)
    ).all()
    done = paid(db, [number for number, _ in rows])
    return sum(amount for number, amount in rows if number not in done)


def times_paid(db: Session, expense_id: int) -> int:
    """How often a spending was paid, taken-back payments included."""
    asked = select(func.count()).where(
        LedgerEntry.key.startswith(f"expense:{expense_id}:"), LedgerEntry.reverses.is_(None)
    )
    return db.scalar(asked) or 0


@dataclass(frozen=True)
class Spent:
    """A spending that stands, with whose money it was: the source and partner of its line, people all together."""

    sequence: int
    on: date
    purpose: str
    amount_minor: int
    unit: str
    is_direct: bool
    source: Source
    party: str


def _spent_statement() -> Any:
    entry, back = LedgerEntry, aliased(LedgerEntry)
    return (
        select(
            entry.sequence, entry.effective_on, entry.key, entry.amount_minor, entry.unit, entry.op,
            FundingLine.source, FundingLine.party,
        )
        .join(FundingLine, FundingLine.id == entry.line_id)
        .outerjoin(back, (back.commune_id == entry.commune_id) & (back.reverses == entry.sequence))
        .where(
            entry.project_id == bindparam("project_id"),
            entry.op.in_((Op.SPEND, Op.PAY_DIRECT)),
            entry.unit.not_in(sorted(IN_KIND)),
            entry.reverses.is_(None),
            back.id.is_(None),
        )
        .order_by(entry.sequence.desc())
        .limit(bindparam("most"))
        .offset(bindparam("after"))
    )  # fmt: skip


_spent = Ready(_spent_statement)


def spent(db: Session, project_id: int, *, number: int = 1, size: int = SIZE) -> Page[Spent]:
    """The spendings of a project that stand, the newest first, each with its source; nobody is named."""
    rows = _spent.rows(db, project_id=project_id, most=size + 1, after=size * (number - 1))
    purposes = _purposes(db, {_expense(row.key) for row in rows})
    found = [
        Spent(
            row.sequence,
            row.effective_on,
            purposes.get(_expense(row.key), ""),
            row.amount_minor,
            row.unit,
            row.op is Op.PAY_DIRECT,
            row.source,
            row.party,
        )
        for row in rows[:size]
    ]
    return Page(found, number, more=len(rows) > size)


_purposes_ready = Ready(
    lambda: select(Expense.id, Expense.purpose).where(Expense.id.in_(bindparam("ids", expanding=True)))
)


def _purposes(db: Session, expense_ids: set[int]) -> dict[int, str]:
    """What spendings were for; 0 stands for entries without a spending."""
    wanted = sorted(expense_ids - {0})
    return {row.id: row.purpose for row in _purposes_ready.rows(db, ids=wanted)} if wanted else {}


def _expense(key: str) -> int:
    """The number of the spending an entry pays, from its key; 0 for another entry."""
    parts = key.split(":")
    return int(parts[1]) if parts[0] == "expense" and len(parts) > 1 and parts[1].isdigit() else 0


def _passed_on(db: Session, project_id: int) -> bool:
    asked = select(Transfer.id).where(Transfer.project_id == project_id, Transfer.done_on.is_not(None)).limit(1)
    return db.scalar(asked) is not None


@dataclass(frozen=True)
class Built:
    """What a promise's money was spent on: so much of a spending of such a day."""

    on: date
    purpose: str
    amount_minor: int
    unit: str


def built_by(db: Session, commune_id: int, project_id: int, pledge_ids: Collection[int]) -> dict[int, list[Built]]:
    """From givers' money to the works: by promise, the parts of spendings that came from it.

    Where the project passed money on to another, the works of the other count too: all books are read then.
    """
    entries: list[Any] = list(stream(db, commune_id, project_id=None if _passed_on(db, project_id) else project_id))
    by_seq = {entry.seq: entry for entry in entries}
    purposes = _purposes(db, {_expense(entry.key) for entry in entries})
    found: defaultdict[int, list[Built]] = defaultdict(list)
    for part in trace.parts(entries):
        if part.pledge in pledge_ids and part.pledge is not None:
            entry = by_seq[part.spent_at]
            purpose = purposes.get(_expense(entry.key), entry.evidence or "")
            found[part.pledge].append(Built(entry.effective_date, purpose, part.amount_minor, entry.unit))
    return dict(found)

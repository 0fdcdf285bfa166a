"""What waits on the treasurer's desk today, each as a number; and its lists: agreements, spendings of all projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import (
    Agreement,
    AgreementInstalment,
    Appointment,
    Expense,
    FundingLine,
    LedgerEntry,
    PaymentCall,
    Refund,
    SetAside,
    StatementLine,
    Transfer,
)
from cdp.funding.queries import banking, flows
from cdp.funding.queries.performance import partners
from cdp.funding.queries.receipts import owed_receipts
from cdp.funding.queries.spending import OnItsWay, paid, state_of
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.sheet import COMMITTED, HERE
from cdp.funding.states import ExpenseState
from cdp.kernel.page import SIZE, Page
from cdp.programme.models import Project


@dataclass(frozen=True)
class WaitsToday:
    """How many of each wait for somebody of the office."""

    lines: int
    receipts: int
    to_certify: int
    to_mandate: int
    to_pay: int
    refunds: int
    transfers: int
    to_verify: int
    overdue: int
    late_partners: int


def waits_today(db: Session, commune_id: int, day: date) -> WaitsToday:
    """Everything that waits in a commune's treasury, in a fixed number of statements."""
    states = [row.state for row in _open(db, commune_id)]
    return WaitsToday(
        lines=_count(db, _waiting_lines(commune_id, banking.unallocated(db, commune_id))),
        receipts=_count(db, _without_receipt(commune_id)),
        to_certify=states.count(ExpenseState.ENGAGED),
        to_mandate=states.count(ExpenseState.SERVICE_DONE),
        to_pay=states.count(ExpenseState.MANDATED),
        refunds=_count(db, select(Refund.id).where(Refund.commune_id == commune_id, Refund.paid_on.is_(None))),
        transfers=_count(db, select(Transfer.id).where(Transfer.commune_id == commune_id, Transfer.done_on.is_(None))),
        to_verify=_count(db, _to_verify(commune_id)),
        overdue=_count(db, _overdue(commune_id, day)),
        late_partners=_late_partners(db, commune_id, day),
    )


def _count(db: Session, asked: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(asked.subquery())) or 0


def _waiting_lines(commune_id: int, loose: Collection[int]) -> Select[Any]:
    used = (
        select(LedgerEntry.statement_line, func.sum(banking.effect()).label("used"))
        .where(LedgerEntry.commune_id == commune_id, LedgerEntry.statement_line.is_not(None))
        .group_by(LedgerEntry.statement_line)
        .subquery()
    )
    rest = StatementLine.amount_minor != func.coalesce(used.c.used, 0)
    return (
        select(StatementLine.id)
        .outerjoin(used, used.c.statement_line == StatementLine.id)
        .outerjoin(SetAside, SetAside.line_id == StatementLine.id)
        .where(StatementLine.commune_id == commune_id, SetAside.id.is_(None), rest | StatementLine.id.in_(list(loose)))
    )


def _without_receipt(commune_id: int) -> Select[Any]:
    """Money that a line of the bank brought, which stands in the books and has no receipt."""
    return owed_receipts(select(LedgerEntry.id), commune_id).where(LedgerEntry.statement_line.is_not(None))


def _to_verify(commune_id: int) -> Select[Any]:
    given = (Appointment.given_on.is_not(None), Appointment.verified_at.is_(None))
    return select(Appointment.id).where(Appointment.commune_id == commune_id, *given)


def _overdue(commune_id: int, day: date) -> Select[Any]:
    """Promises that were called, whose last day to pay has passed, and of which something is not here."""
    late = (
        select(PaymentCall.pledge_id, func.sum(PaymentCall.amount_minor).label("amount"))
        .where(PaymentCall.commune_id == commune_id, PaymentCall.due_on < day)
        .group_by(PaymentCall.pledge_id)
        .subquery()
    )
    sign = case((LedgerEntry.reverses.is_(None), 1), else_=-1)
    way = case(*((LedgerEntry.op == op, side) for op, side in COMMITTED.items()), else_=0)
    here = case(*((LedgerEntry.op == op, side) for op, side in (HERE | {Op.FEE: 1}).items()), else_=0)
    return (
        select(LedgerEntry.pledge_id)
        .join(late, late.c.pledge_id == LedgerEntry.pledge_id)
        .where(LedgerEntry.commune_id == commune_id)
        .group_by(LedgerEntry.pledge_id, late.c.amount)
        .having(
            func.sum(sign * way * LedgerEntry.amount_minor) > 0,
            func.sum(sign * here * LedgerEntry.amount_minor) < late.c.amount,
        )
    )


def _late_partners(db: Session, commune_id: int, day: date) -> int:
    """Partners of which an instalment was due and is not here, or that fail."""
    due = select(AgreementInstalment.agreement_id).where(AgreementInstalment.due_on < day)
    projects = db.scalars(
        select(FundingLine.project_id)
        .join(Agreement, Agreement.line_id == FundingLine.id)
        .where(Agreement.commune_id == commune_id, Agreement.id.in_(due))
        .distinct()
    ).all()
    sums = flows(db, projects) if projects else {}
    rows = partners(db, commune_id, day, {number: sums.get(number, {}) for number in projects}) if projects else []
    return sum(row.late_minor > 0 for row in rows)


@dataclass(frozen=True)
class ExpenseRow:
    """A spending with its project's number, for the list of all."""

    way: OnItsWay
    number: str

    @property
    def state(self) -> ExpenseState:
        """Where it stands."""
        return self.way.state


def _open(db: Session, commune_id: int) -> list[ExpenseRow]:
    """The spendings that are not paid, the oldest first."""
    return [row for row in _expenses(db, commune_id) if row.state is not ExpenseState.PAID]


def _expenses(db: Session, commune_id: int) -> list[ExpenseRow]:
    rows = db.execute(
        select(Expense, Project.number)
        .join(Project, Project.id == Expense.project_id)
        .where(Expense.commune_id == commune_id)
        .options(joinedload(Expense.line))
        .order_by(Expense.id)
    ).all()
    days = paid(db, [row[0].id for row in rows])
    return [ExpenseRow(OnItsWay(e, state_of(e, is_paid=e.id in days), days.get(e.id)), number) for e, number in rows]


def spendings(db: Session, commune_id: int, *, number: int = 1, size: int = SIZE) -> Page[ExpenseRow]:
    """The spendings of all projects: first those that wait, the oldest first; then the paid ones, the newest first."""
    rows = _expenses(db, commune_id)
    waiting = [row for row in rows if row.state is not ExpenseState.PAID]
    done = [row for row in reversed(rows) if row.state is ExpenseState.PAID]
    found = (waiting + done)[(number - 1) * size :]
    return Page(found[:size], number, more=len(found) > size)

"""Reads of accounts and statements: what came, what it probably belongs to, what stays, books against bank."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import (
    BankStatement,
    LedgerEntry,
    PayeeAccount,
    PaymentCall,
    Pledge,
    SavedMap,
    SetAside,
    StatementLine,
)
from cdp.funding.queries import flows
from cdp.funding.rules.ledger import COMES_IN, GOES_OUT, Op
from cdp.funding.rules.matching import Match, Promise, match
from cdp.funding.rules.references import grouped
from cdp.funding.rules.standing import purse_figures
from cdp.funding.rules.statements.values import Line
from cdp.funding.rules.units import IN_KIND
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.people.models import Group, Person
from cdp.people.queries import said_name
from cdp.programme.models import Project

IDENTIFIED = (Op.IDENTIFY,)


def accounts(db: Session, commune_id: int) -> list[PayeeAccount]:
    """The accounts of a commune, those that hold first."""
    found = db.scalars(select(PayeeAccount).where(PayeeAccount.commune_id == commune_id).order_by(PayeeAccount.id))
    return sorted(found, key=lambda each: each.closed_on is not None)


def find_account(db: Session, commune_id: int, account_id: int) -> PayeeAccount:
    """An account of this commune; NotFound else."""
    found = db.scalar(select(PayeeAccount).where(PayeeAccount.id == account_id, PayeeAccount.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def maps(db: Session, commune_id: int) -> list[SavedMap]:
    """The saved column maps of a commune, by name."""
    return list(db.scalars(select(SavedMap).where(SavedMap.commune_id == commune_id).order_by(SavedMap.name)))


def statements(db: Session, commune_id: int) -> list[BankStatement]:
    """The statements that were brought, the newest first (a hundred)."""
    asked = select(BankStatement).where(BankStatement.commune_id == commune_id)
    return list(db.scalars(asked.order_by(BankStatement.id.desc()).limit(100)))


def find_line(db: Session, commune_id: int, line_id: int) -> StatementLine:
    """A line of a statement of this commune; NotFound else."""
    found = db.scalar(select(StatementLine).where(StatementLine.id == line_id, StatementLine.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def effect() -> Any:
    """What an entry did to the bank account, as ``bank_effect`` says it."""
    direction = case((LedgerEntry.op.in_(COMES_IN), 1), (LedgerEntry.op.in_(GOES_OUT), -1), else_=0)
    return direction * case((LedgerEntry.reverses.is_(None), 1), else_=-1) * LedgerEntry.amount_minor


def booked(db: Session, commune_id: int, line_ids: Collection[int] | None = None) -> dict[int, int]:
    """Line -> what the books hold of it, in signed minor units (net of what was taken back)."""
    asked = select(LedgerEntry.statement_line, func.sum(effect())).where(
        LedgerEntry.commune_id == commune_id, LedgerEntry.statement_line.is_not(None)
    )
    if line_ids is not None:
        asked = asked.where(LedgerEntry.statement_line.in_(line_ids))
    return {line: int(amount) for line, amount in db.execute(asked.group_by(LedgerEntry.statement_line))}


def unallocated(db: Session, commune_id: int, line_ids: Collection[int] | None = None) -> dict[int, int]:
    """Line -> what of it waits without a place in the books."""
    signs = case((LedgerEntry.op == Op.UNKNOWN, 1), else_=-1) * case((LedgerEntry.reverses.is_(None), 1), else_=-1)
    asked = select(LedgerEntry.statement_line, func.sum(signs * LedgerEntry.amount_minor)).where(
        LedgerEntry.commune_id == commune_id,
        LedgerEntry.statement_line.is_not(None),
        LedgerEntry.op.in_((Op.UNKNOWN, Op.IDENTIFY, Op.GIVE_BACK)),
    )
    if line_ids is not None:
        asked = asked.where(LedgerEntry.statement_line.in_(line_ids))
    rows = db.execute(asked.group_by(LedgerEntry.statement_line))
    return {line: int(amount) for line, amount in rows if amount}


@dataclass(frozen=True)
class Waiting:
    """A line with what of it is still to be placed: not booked at all, or booked as unallocated."""

    line: StatementLine
    rest_minor: int
    unallocated_minor: int
    match: Match | None = None


def as_line(row: StatementLine, amount: int) -> Line:
    """A stored line as the rules know it, with what is left of its amount."""
    return Line(
        booked=row.booked,
        value_date=row.value_date,
        amount_minor=amount,
        currency=row.currency,
        references=tuple(row.references),
        text=row.text,
        end_to_end=row.end_to_end,
        reversal=row.is_reversal,
        bank_reference=row.bank_reference,
        party=row.party,
        party_account=row.party_account,
        place=row.place,
    )


def waiting(db: Session, commune_id: int, *, number: int = 1, size: int = SIZE) -> Page[Waiting]:
    """The lines that wait, the oldest first, each with what it probably belongs to."""
    own = select(LedgerEntry.statement_line, func.sum(effect()).label("used")).where(
        LedgerEntry.commune_id == commune_id, LedgerEntry.statement_line.is_not(None)
    )
    used = own.group_by(LedgerEntry.statement_line).subquery()
    loose = unallocated(db, commune_id)
    rows = db.execute(
        select(StatementLine, func.coalesce(used.c.used, 0))
        .outerjoin(used, used.c.statement_line == StatementLine.id)
        .outerjoin(SetAside, SetAside.line_id == StatementLine.id)
        .where(
            StatementLine.commune_id == commune_id,
            SetAside.id.is_(None),
            (StatementLine.amount_minor != func.coalesce(used.c.used, 0)) | StatementLine.id.in_(list(loose)),
        )
        .order_by(StatementLine.booked, StatementLine.id)
        .limit(size + 1)
        .offset(size * (number - 1))
    ).all()
    found = [Waiting(line, line.amount_minor - int(done), loose.get(line.id, 0)) for line, done in rows]
    return Page(suggested(db, commune_id, found[:size]), number, more=len(found) > size)


def suggested(db: Session, commune_id: int, found: list[Waiting]) -> list[Waiting]:
    """The same lines, each with its match against all open promises."""
    lines = [as_line(each.line, each.rest_minor + each.unallocated_minor) for each in found]
    matches = match(lines, open_promises(db, commune_id)) if lines else []
    return [
        Waiting(each.line, each.rest_minor, each.unallocated_minor, one)
        for each, one in zip(found, matches, strict=True)
    ]


def waiting_line(db: Session, row: StatementLine) -> Waiting:
    """One line with what of it waits."""
    used = booked(db, row.commune_id, [row.id]).get(row.id, 0)
    loose = unallocated(db, row.commune_id, [row.id]).get(row.id, 0)
    return suggested(db, row.commune_id, [Waiting(row, row.amount_minor - used, loose)])[0]


def open_promises(db: Session, commune_id: int) -> list[Promise]:
    """All promises of money that something may still come of, as matching knows them (late ones too)."""
    rows = db.execute(
        select(Pledge.id, Pledge.project_id, Pledge.reference, Pledge.unit, Pledge.pledged_at, Pledge.until,
               Person.name, Person.name_ar, Group.name)
        .join(Person, Person.id == Pledge.person_id)
        .outerjoin(Group, Group.id == Pledge.group_id)
        .where(Pledge.commune_id == commune_id, Pledge.unit.not_in(IN_KIND))
        .order_by(Pledge.id)
    ).all()  # fmt: skip
    still = open_amounts(db, {row[1] for row in rows})
    paid_from, day = _payers(db, commune_id), today()
    return [
        Promise(
            pledge,
            reference,
            unit,
            still[pledge],
            names=tuple(filter(None, (name, name_ar, *(group.values() if group else ())))),
            accounts=tuple(paid_from.get(pledge, ())),
            since=pledged_at.date(),
            until=until,
            late=until < day,
        )
        for pledge, _project, reference, unit, pledged_at, until, name, name_ar, group in rows
        if still.get(pledge, 0) > 0
    ]


def open_amounts(db: Session, project_ids: Iterable[int]) -> dict[int, int]:
    """Pledge -> what is still to come of it, in its own unit."""
    found = {}
    for sums in flows(db, project_ids).values():
        for purse, ops in sums.items():
            if purse.pledge is not None:
                found[purse.pledge] = purse_figures(ops)[0].open
    return found


def _payers(db: Session, commune_id: int) -> dict[int, set[str]]:
    """Pledge -> accounts that paid for it before."""
    rows = db.execute(
        select(LedgerEntry.pledge_id, StatementLine.party_account)
        .join(StatementLine, StatementLine.id == LedgerEntry.statement_line)
        .where(
            LedgerEntry.commune_id == commune_id,
            LedgerEntry.pledge_id.is_not(None),
            StatementLine.party_account.is_not(None),
        )
        .distinct()
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pledge, account in rows:
        if pledge is not None and account is not None:
            found[pledge].add(account)
    return found


@dataclass(frozen=True)
class Named:
    """A promise as the treasurer picks it: its number, reference, giver, project, what is open."""

    id: int
    reference: str
    giver: str
    number: str
    unit: str
    open_minor: int


def named(db: Session, commune_id: int, *, unit: str | None = None) -> dict[int, Named]:
    """The open promises of a commune with their givers' names, by number; for the treasurer alone."""
    asked = (
        select(Pledge.id, Pledge.reference, said_name(), Project.number, Pledge.unit, Pledge.project_id)
        .join(Person, Person.id == Pledge.person_id)
        .join(Project, Project.id == Pledge.project_id)
        .where(Pledge.commune_id == commune_id, Pledge.unit.not_in(IN_KIND))
        .order_by(Pledge.id)
    )
    if unit is not None:
        asked = asked.where(Pledge.unit == unit)
    rows = db.execute(asked).all()
    still = open_amounts(db, {row[5] for row in rows})
    return {
        pledge: Named(pledge, grouped(reference), giver, number, code, still[pledge])
        for pledge, reference, giver, number, code, _ in rows
        if still.get(pledge, 0) > 0
    }


@dataclass(frozen=True)
class Placed:
    """A line that stands in the books, wholly or in part: how much of it, and to which promises."""

    line: StatementLine
    booked_minor: int
    references: tuple[str, ...]


def placed(db: Session, commune_id: int, *, number: int = 1, size: int = SIZE) -> Page[Placed]:
    """The lines the books hold something of, the newest first."""
    used = booked(db, commune_id)
    held = [line for line, amount in used.items() if amount]
    asked = select(StatementLine).where(StatementLine.commune_id == commune_id, StatementLine.id.in_(held))
    rows = db.scalars(
        asked.order_by(StatementLine.booked.desc(), StatementLine.id.desc()).limit(size + 1).offset(size * (number - 1))
    ).all()
    names = _references(db, commune_id, [row.id for row in rows])
    found = [Placed(row, used[row.id], tuple(sorted(names.get(row.id, ())))) for row in rows[:size]]
    return Page(found, number, more=len(rows) > size)


def _references(db: Session, commune_id: int, lines: Collection[int]) -> dict[int, set[str]]:
    """Line -> references of the promises it stands for now."""
    taken_back = select(LedgerEntry.reverses).where(
        LedgerEntry.commune_id == commune_id, LedgerEntry.reverses.is_not(None)
    )
    rows = db.execute(
        select(LedgerEntry.statement_line, Pledge.reference)
        .join(Pledge, Pledge.id == LedgerEntry.pledge_id)
        .where(
            LedgerEntry.commune_id == commune_id,
            LedgerEntry.statement_line.in_(lines),
            LedgerEntry.reverses.is_(None),
            LedgerEntry.sequence.not_in(taken_back),
        )
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for line, reference in rows:
        found[int(line or 0)].add(grouped(reference))
    return found


def aside(db: Session, commune_id: int) -> list[tuple[StatementLine, str]]:
    """The lines that were set aside, with the reason, the newest first (a hundred)."""
    rows = db.execute(
        select(StatementLine, SetAside.reason)
        .join(SetAside, SetAside.line_id == StatementLine.id)
        .where(StatementLine.commune_id == commune_id)
        .order_by(SetAside.id.desc())
        .limit(100)
    )
    return [(line, reason) for line, reason in rows]


def calls_of(db: Session, pledge_id: int) -> list[PaymentCall]:
    """The calls of a promise with their accounts, the newest first."""
    asked = select(PaymentCall).where(PaymentCall.pledge_id == pledge_id).options(joinedload(PaymentCall.payee))
    return list(db.scalars(asked.order_by(PaymentCall.id.desc())))


def called(db: Session, pledge_ids: Collection[int]) -> set[int]:
    """Those of these promises that were called."""
    return (
        set(db.scalars(select(PaymentCall.pledge_id).where(PaymentCall.pledge_id.in_(pledge_ids))))
        if pledge_ids
        else set()
    )

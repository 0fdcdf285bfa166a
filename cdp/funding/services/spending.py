"""Spending step by step: engaged, service done, mandated, paid; two persons above a threshold, never the same."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import Expense, FundingLine, LedgerEntry
from cdp.funding.queries import entries_of
from cdp.funding.queries import spending as reads
from cdp.funding.rules.ledger import Account, Move, Op, Purse, balances
from cdp.funding.rules.units import MAD
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record

SECOND_FROM = 2_000_000
"""Centimes from which a second person is needed, where the commune has set no other sum."""


@dataclass(frozen=True)
class Engagement:
    """What is bought from whom, on which invoice or order; ``is_direct``: the funder pays the supplier itself."""

    supplier: str
    purpose: str
    invoice: str
    amount_minor: int
    on: date
    is_direct: bool = False
    file_id: int | None = None


def engage(db: Session, actor: Actor, line: FundingLine, given: Engagement, *, key: str) -> Expense:
    """Reserve money of a line for a spending; RuleBroken when the line has not that much left."""
    actor = actor.under_mandate(line.commune_id, Role.TREASURER, Role.OFFICER)
    lock(db, line.commune_id)
    known = db.scalar(select(Expense).where(Expense.idempotency_key == key))
    if known is not None:
        if (known.line_id, known.amount_minor, known.invoice) == (line.id, given.amount_minor, given.invoice.strip()):
            return known
        raise Conflict("errors.sent_before")
    if problem := _problem(given):
        raise RuleBroken(problem)
    left = left_on(db, line, is_direct=given.is_direct)
    if given.amount_minor > left:
        raise RuleBroken("funding.not_enough_committed" if given.is_direct else "funding.not_enough_held")
    made = Expense(
        commune_id=line.commune_id,
        project_id=line.project_id,
        line_id=line.id,
        supplier=given.supplier.strip(),
        purpose=given.purpose.strip(),
        invoice=given.invoice.strip(),
        amount_minor=given.amount_minor,
        is_direct=given.is_direct,
        file_id=given.file_id,
        engaged_on=given.on,
        engaged_by_id=actor.known(),
        engaged_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.engage", made)
    return made


def _problem(given: Engagement) -> str | None:
    doubts = {
        "funding.amount_not_positive": given.amount_minor <= 0,
        "funding.supplier_missing": not given.supplier.strip() or not given.purpose.strip(),
        "funding.evidence_missing": not given.invoice.strip(),
        "funding.day_in_the_future": given.on > today(),
    }
    return next((key for key, holds in doubts.items() if holds), None)


def left_on(db: Session, line: FundingLine, *, is_direct: bool = False) -> int:
    """What of a line is neither spent nor reserved: held money, or what its funder committed and has not sent."""
    books = balances(entries_of(db, line.commune_id, line.project_id))
    purse = Purse(line.project_id, line.id, None, MAD)
    there = books.available(purse, Account.COMMITTED if is_direct else Account.HELD)
    return there - reads.reserved(db, line.id, is_direct=is_direct)


def certify(db: Session, actor: Actor, expense: Expense, reception: str, on: date) -> None:
    """Say that the service is done, by the number of its reception report."""
    actor = actor.under_mandate(expense.commune_id, Role.OFFICER, Role.PRESIDENT)
    if not reception.strip():
        raise RuleBroken("funding.evidence_missing")
    if on > today() or on < expense.engaged_on:
        raise RuleBroken("funding.days_not_in_order")
    if expense.done_on is not None:
        raise RuleBroken("funding.step_was_taken")
    expense.reception, expense.done_on, expense.done_by_id = reception.strip()[:80], on, actor.known()
    db.flush()
    record(db, actor, "funding.certify", expense)


def mandate(db: Session, actor: Actor, expense: Expense, number: str, on: date) -> None:
    """Order the payment; above the threshold not by who engaged the spending."""
    actor = actor.under_mandate(expense.commune_id, Role.PRESIDENT, Role.OFFICER)
    if expense.done_on is None:
        raise RuleBroken("funding.service_not_done")
    if expense.mandated_on is not None:
        raise RuleBroken("funding.step_was_taken")
    if not number.strip():
        raise RuleBroken("funding.evidence_missing")
    if on > today() or on < expense.done_on:
        raise RuleBroken("funding.days_not_in_order")
    _another(db, expense, actor.known(), expense.engaged_by_id)
    expense.mandate, expense.mandated_on, expense.mandated_by_id = number.strip()[:80], on, actor.known()
    db.flush()
    record(db, actor, "funding.mandate", expense)


def pay(db: Session, actor: Actor, expense: Expense, paper: str, on: date) -> LedgerEntry:
    """Enter the payment into the books; above the threshold not by who ordered it. Twice sent it is paid once."""
    actor = actor.under_mandate(expense.commune_id, Role.TREASURER)
    lock(db, expense.commune_id)
    if expense.mandated_on is None or expense.mandated_by_id is None:
        raise RuleBroken("funding.not_mandated")
    if reads.paid(db, [expense.id]):
        raise RuleBroken("funding.step_was_taken")
    if on < expense.mandated_on:
        raise RuleBroken("funding.days_not_in_order")
    if not paper.strip():
        raise RuleBroken("funding.evidence_missing")
    second = None if actor.person_id == expense.mandated_by_id else expense.mandated_by_id
    _another(db, expense, actor.known(), expense.mandated_by_id)
    move = Move(
        op=Op.PAY_DIRECT if expense.is_direct else Op.SPEND,
        project=expense.project_id,
        line=expense.line_id,
        pledge=None,
        unit=MAD,
        amount_minor=expense.amount_minor,
        effective_date=on,
        actor=mark(actor.person_id),
        key=f"expense:{expense.id}:{reads.times_paid(db, expense.id)}",
        second_actor=mark(second) if second else None,
        mad_minor=expense.amount_minor,
        evidence=f"{expense.invoice} · {expense.reception} · {expense.mandate} · {paper.strip()}"[:200],
    )
    (entry,) = enter(db, expense.commune_id, [move], Beside(actor, second_id=second, file_id=expense.file_id))
    record(db, actor, "funding.pay", expense)
    return entry


def _another(db: Session, expense: Expense, one: int, other: int | None) -> None:
    """Above the threshold two steps are never one person's."""
    given = db.get_one(Commune, expense.commune_id).settings or {}
    if expense.amount_minor >= int(given.get("second_person_from_minor", SECOND_FROM)) and one == other:
        raise RuleBroken("funding.second_person_is_the_first")

"""Receipts for what came: numbered without a gap in each payee's year, never used twice, cancelled with a reason."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding.models import LedgerEntry, PayeeAccount, Receipt
from cdp.funding.queries import find_pledge
from cdp.funding.queries import receipts as reads
from cdp.funding.services.ledger import lock
from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record


def issue(db: Session, actor: Actor, entry: LedgerEntry, payee: PayeeAccount) -> Receipt:
    """Give a receipt for money that came; the same entry always gives the same receipt, its giver is told once."""
    actor = actor.under_mandate(entry.commune_id, Role.TREASURER)
    if payee.commune_id != entry.commune_id:
        raise RuleBroken("funding.no_receipt_for_this")
    lock(db, entry.commune_id)
    known = db.scalar(select(Receipt).where(Receipt.entry_id == entry.id))
    if known is not None:
        return known
    if not reads.may_have_one(db, entry):
        raise RuleBroken("funding.no_receipt_for_this")
    year = today().year
    last = db.scalar(select(func.max(Receipt.number)).where(Receipt.payee_id == payee.id, Receipt.year == year))
    made = Receipt(
        commune_id=entry.commune_id,
        payee_id=payee.id,
        year=year,
        number=(last or 0) + 1,
        entry_id=entry.id,
        issued_by_id=actor.known(),
        issued_at=now(),
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.receipt", made, number=made.number, year=year)
    _tell(db, entry, made)
    return made


def _tell(db: Session, entry: LedgerEntry, made: Receipt) -> None:
    if entry.pledge_id is None:
        return
    pledge = find_pledge(db, entry.commune_id, entry.pledge_id)
    once, number = f"receipt:{made.id}", pledge.project.number
    post(db, pledge.person_id, "receipt_issued", commune_id=entry.commune_id, once=once, number=number)


def issue_known(db: Session, actor: Actor, commune_id: int) -> int:
    """Give a receipt for everything that came whose payee is known; how many."""
    actor = actor.under_mandate(commune_id, Role.TREASURER)
    done = 0
    for entry, payee in reads.without_receipt(db, commune_id):
        if payee is not None:
            issue(db, actor, entry, payee)
            done += 1
    return done


def cancel(db: Session, actor: Actor, receipt: Receipt, reason: str) -> None:
    """Cancel a receipt: its number stays, with the reason."""
    actor = actor.under_mandate(receipt.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    if receipt.cancelled_at is not None:
        raise RuleBroken("funding.receipt_is_cancelled")
    receipt.cancelled_at, receipt.cancelled_by_id = now(), actor.known()
    receipt.cancel_reason = reason.strip()[:200]
    db.flush()
    record(db, actor, "funding.cancel_receipt", receipt)

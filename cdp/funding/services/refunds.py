"""Money given back to who gave it: asked for with a reason, paid on an outgoing paper, above a threshold by two."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import LedgerEntry, Pledge, Receipt, Refund
from cdp.funding.queries import find_pledge
from cdp.funding.queries import receipts as reads
from cdp.funding.rules.ledger import Move, Op
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.funding.services.promises import rated
from cdp.funding.services.receipts import cancel
from cdp.funding.services.spending import SECOND_FROM
from cdp.kernel.clock import now
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record


@dataclass(frozen=True)
class Asked:
    """How much of a promise goes back (minor units of its currency), and why."""

    amount_minor: int
    reason: str


def ask(db: Session, actor: Actor, pledge: Pledge, asked: Asked, *, key: str) -> Refund:
    """Ask that money of a promise is given back; RuleBroken when not that much of it is still here."""
    actor = actor.under_mandate(pledge.commune_id, Role.TREASURER, Role.OFFICER)
    lock(db, pledge.commune_id)
    known = db.scalar(select(Refund).where(Refund.idempotency_key == key))
    if known is not None:
        if (known.pledge_id, known.amount_minor) == (pledge.id, asked.amount_minor):
            return known
        raise Conflict("errors.sent_before")
    if asked.amount_minor <= 0:
        raise RuleBroken("funding.amount_not_positive")
    if not asked.reason.strip():
        raise RuleBroken("errors.reason_missing")
    there = {each.id: left for each, left in reads.refundable(db, pledge.commune_id, pledge.project_id)}
    waiting = [r for r in reads.refunds(db, pledge.commune_id, pledge.project_id) if r.pledge_id == pledge.id]
    if asked.amount_minor > there.get(pledge.id, 0) - sum(r.amount_minor for r in waiting if r.paid_on is None):
        raise RuleBroken("funding.not_enough_held")
    made = Refund(
        commune_id=pledge.commune_id,
        project_id=pledge.project_id,
        line_id=pledge.line_id,
        pledge_id=pledge.id,
        unit=pledge.unit,
        amount_minor=asked.amount_minor,
        reason=asked.reason.strip()[:200],
        asked_by_id=actor.known(),
        asked_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.ask_refund", made)
    return made


def pay(db: Session, actor: Actor, refund: Refund, paper: str, on: date) -> LedgerEntry:
    """Enter that the money went out, by the paper that shows it; above the threshold not by who asked.

    The receipt of what went back whole is cancelled; of what went back in part it says how much.
    """
    actor = actor.under_mandate(refund.commune_id, Role.TREASURER)
    if refund.paid_on is not None:
        raise RuleBroken("funding.step_was_taken")
    if not paper.strip():
        raise RuleBroken("funding.evidence_missing")
    values = rated(db, refund.commune_id, refund.unit, amount_minor=refund.amount_minor, day=on)
    _another(db, refund, actor.known(), values.get("mad_minor") or refund.amount_minor)
    second = refund.asked_by_id if refund.asked_by_id != actor.person_id else None
    move = Move(
        op=Op.REFUND,
        project=refund.project_id,
        line=refund.line_id,
        pledge=refund.pledge_id,
        unit=refund.unit,
        amount_minor=refund.amount_minor,
        effective_date=on,
        actor=mark(actor.person_id),
        second_actor=mark(second) if second else None,
        key=f"refund:{refund.id}",
        evidence=paper.strip()[:200],
        **values,
    )
    (entry,) = enter(db, refund.commune_id, [move], Beside(actor, second_id=second, reason=refund.reason))
    refund.paid_on, refund.entry_id = on, entry.id
    db.flush()
    record(db, actor, "funding.refund", refund)
    _annotate(db, actor, refund)
    return entry


def _another(db: Session, refund: Refund, person_id: int, dirhams: int) -> None:
    """Above the threshold who pays is never who asked."""
    given = db.get_one(Commune, refund.commune_id).settings or {}
    if dirhams >= int(given.get("second_person_from_minor", SECOND_FROM)) and person_id == refund.asked_by_id:
        raise RuleBroken("funding.second_person_is_the_first")


def _annotate(db: Session, actor: Actor, refund: Refund) -> None:
    """Receipts of a promise of which nothing is left are cancelled; the giver is told."""
    pledge = find_pledge(db, refund.commune_id, refund.pledge_id or 0)
    for row in reads.issued(db, refund.commune_id, person_id=pledge.person_id):
        if row.reference == pledge.reference and row.holds and row.given_back == row.amount:
            cancel(db, actor, db.get_one(Receipt, row.id), refund.reason)
    once, number = f"refund:{refund.id}", pledge.project.number
    post(db, pledge.person_id, "money_given_back", commune_id=refund.commune_id, once=once, number=number)

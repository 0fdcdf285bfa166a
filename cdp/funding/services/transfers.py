"""Money that goes from one project to another: asked for with a reason and a decision, above a threshold by two.

The books of both projects show it: what leaves a line of one comes to a line of the other under one link, and the
source and the givers stay what they were (L23).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import FundingLine, LedgerEntry, Transfer
from cdp.funding.queries import transfers as reads
from cdp.funding.rules.ledger import Move, Op
from cdp.funding.rules.units import MAD
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.funding.services.promises import line_of
from cdp.funding.services.spending import SECOND_FROM, left_on
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.store.audit import record


@dataclass(frozen=True)
class Wish:
    """Which project gets the money, how much (centimes), why, and which decision or consent allows it."""

    to: Project
    amount_minor: int
    reason: str
    decision: str


def ask(db: Session, actor: Actor, line: FundingLine, wish: Wish, *, key: str) -> Transfer:
    """Ask that held money serves another project; RuleBroken when it is engaged, asked for, or not there."""
    actor = actor.under_mandate(line.commune_id, Role.TREASURER, Role.OFFICER)
    lock(db, line.commune_id)
    known = db.scalar(select(Transfer).where(Transfer.idempotency_key == key))
    if known is not None:
        if (known.line_id, known.to_project_id, known.amount_minor) == (line.id, wish.to.id, wish.amount_minor):
            return known
        raise Conflict("errors.sent_before")
    if problem := _problem(line, wish):
        raise RuleBroken(problem)
    if wish.amount_minor > left_on(db, line) - reads.waiting(db, line.id):
        raise RuleBroken("funding.not_enough_held")
    made = Transfer(
        commune_id=line.commune_id,
        project_id=line.project_id,
        line_id=line.id,
        to_project_id=wish.to.id,
        to_line_id=line_of(db, wish.to, line.source, party=line.party).id,
        amount_minor=wish.amount_minor,
        reason=wish.reason.strip()[:200],
        decision=wish.decision.strip()[:120],
        asked_by_id=actor.known(),
        asked_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.ask_transfer", made)
    return made


def _problem(line: FundingLine, wish: Wish) -> str | None:
    doubts = {
        "funding.amount_not_positive": wish.amount_minor <= 0,
        "errors.reason_missing": not wish.reason.strip(),
        "funding.evidence_missing": not wish.decision.strip(),
        "funding.transfer_elsewhere": wish.to.commune_id != line.commune_id or wish.to.id == line.project_id,
    }
    return next((key for key, holds in doubts.items() if holds), None)


def carry_out(db: Session, actor: Actor, transfer: Transfer, on: date) -> LedgerEntry:
    """Enter that the money serves the other project from a day; above the threshold not by who asked."""
    actor = actor.under_mandate(transfer.commune_id, Role.TREASURER)
    lock(db, transfer.commune_id)
    if transfer.done_on is not None:
        raise RuleBroken("funding.step_was_taken")
    if on > today():
        raise RuleBroken("funding.day_in_the_future")
    given = db.get_one(Commune, transfer.commune_id).settings or {}
    limit = int(given.get("second_person_from_minor", SECOND_FROM))
    if transfer.amount_minor >= limit and actor.person_id == transfer.asked_by_id:
        raise RuleBroken("funding.second_person_is_the_first")
    if transfer.amount_minor > left_on(db, db.get_one(FundingLine, transfer.line_id)):
        raise RuleBroken("funding.not_enough_held")
    second = transfer.asked_by_id if transfer.asked_by_id != actor.person_id else None
    sides = (
        (Op.TRANSFER_OUT, transfer.project_id, transfer.line_id),
        (Op.TRANSFER_IN, transfer.to_project_id, transfer.to_line_id),
    )
    moves = [_move(transfer, op, actor, (project, line, second), on) for op, project, line in sides]
    out, _into = enter(db, transfer.commune_id, moves, Beside(actor, second_id=second, reason=transfer.reason))
    transfer.done_on, transfer.entry_id = on, out.id
    db.flush()
    record(db, actor, "funding.transfer", transfer)
    return out


def _move(transfer: Transfer, op: Op, actor: Actor, place: tuple[int, int, int | None], on: date) -> Move:
    project, line, second = place
    return Move(
        op=op,
        project=project,
        line=line,
        pledge=None,
        unit=MAD,
        amount_minor=transfer.amount_minor,
        effective_date=on,
        actor=mark(actor.person_id),
        second_actor=mark(second) if second else None,
        key=f"transfer:{transfer.id}:{op.value}",
        linked=f"transfer:{transfer.id}",
        mad_minor=transfer.amount_minor,
        evidence=transfer.decision,
    )

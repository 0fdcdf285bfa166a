"""Placing a line of a statement in the books: to promises and lines, with fee legs, the rest unallocated; undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import FundingLine, LedgerEntry, Pledge, SetAside, StatementLine
from cdp.funding.queries import banking
from cdp.funding.queries.banking import Waiting
from cdp.funding.rules.ledger import Move, Op, Purse
from cdp.funding.rules.sheet import COMMITTED
from cdp.funding.rules.standing import purse_figures
from cdp.funding.rules.units import IN_KIND, from_mad
from cdp.funding.services.ledger import Beside, enter, lock, mark, reverse
from cdp.funding.services.promises import rated
from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record

RATES_DIFFER = 1
"""Hundredths of a promise that the rate of a giver's bank may lie beside the commune's: the promise is kept then."""


@dataclass(frozen=True)
class Part:
    """So much of a line for one promise (or for a partner's line); ``fee_minor`` was taken by banks on the way."""

    amount_minor: int
    pledge_id: int | None = None
    line_id: int | None = None
    fee_minor: int = 0


def place(db: Session, actor: Actor, line: StatementLine, parts: Sequence[Part], *, key: str) -> list[LedgerEntry]:
    """Book a line: each part to its promise, what is left waits as unallocated; its givers are told.

    Sent twice with one key it counts once. RuleBroken when the parts are more than the line has left.
    """
    actor = actor.under_mandate(line.commune_id, Role.TREASURER)
    lock(db, line.commune_id)
    key = f"line:{line.id}:{_times_undone(db, line)}:{key}"
    known = db.scalars(select(LedgerEntry).where(LedgerEntry.key.startswith(f"{key}:", autoescape=True))).all()
    if known:
        return list(known)
    waits = _waits(db, line)
    _check(line, parts, waits)
    moves: list[Move] = []
    for number, part in enumerate(parts):
        moves += _moves(db, line, part, waits, _Common(mark(actor.person_id), f"{key}:{number}"))
    if waits.rest_minor > 0 and (rest := waits.rest_minor - _from_fresh(parts, waits)) > 0:
        moves.append(_unknown(db, line, rest, _Common(mark(actor.person_id), f"{key}:rest")))
    if not moves:
        raise RuleBroken("funding.nothing_to_place")
    entries = enter(db, line.commune_id, moves, Beside(actor))
    record(db, actor, "funding.place", line, parts=len(parts))
    _tell(db, line, parts)
    return entries


def _times_undone(db: Session, line: StatementLine) -> int:
    """How many entries of a line were taken back: a line placed again is a new act."""
    asked = select(func.count()).where(LedgerEntry.statement_line == line.id, LedgerEntry.reverses.is_not(None))
    return db.scalar(asked) or 0


@dataclass(frozen=True)
class _Common:
    actor: str
    key: str


def _waits(db: Session, line: StatementLine) -> Waiting:
    used = banking.booked(db, line.commune_id, [line.id]).get(line.id, 0)
    loose = banking.unallocated(db, line.commune_id, [line.id]).get(line.id, 0)
    return Waiting(line, line.amount_minor - used, loose)


def _check(line: StatementLine, parts: Sequence[Part], waits: Waiting) -> None:
    if line.amount_minor < 0:
        raise RuleBroken("funding.line_is_money_out")
    if any(part.amount_minor <= 0 or part.fee_minor < 0 for part in parts):
        raise RuleBroken("funding.amount_not_positive")
    if sum(part.amount_minor for part in parts) > waits.rest_minor + waits.unallocated_minor:
        raise RuleBroken("funding.more_than_the_line")
    if waits.unallocated_minor and waits.rest_minor > 0:
        raise RuleBroken("funding.more_than_the_line")


def _from_fresh(parts: Sequence[Part], waits: Waiting) -> int:
    """How much of the parts comes from what is not booked yet."""
    return 0 if waits.unallocated_minor else sum(part.amount_minor for part in parts)


def _moves(db: Session, line: StatementLine, part: Part, waits: Waiting, common: _Common) -> list[Move]:
    """One part: out of the unallocated if it lies there, then received; first what was called, then what was not."""
    target, pledge_id, unit = _target(db, line, part)
    purse = Purse(target.project_id, target.id, pledge_id, unit)
    if unit != line.currency:
        return _exchanged(db, line, part, waits, _At(purse, common, ""))
    link = common.key if waits.unallocated_minor else None
    steps = _steps(part, None if pledge_id is None else _called(db, purse))
    found = []
    if link:
        found.append(
            _move(
                db,
                line,
                Op.IDENTIFY,
                part.amount_minor,
                _At(Purse(None, None, None, line.currency), common, "out", link),
            )
        )
    for op, amount in steps:
        if amount:
            linked = link if op in {Op.RECEIVE, Op.RECEIVE_EARLY} else None
            found.append(_move(db, line, op, amount, _At(purse, common, op.value, linked)))
    return found


def _steps(part: Part, due: int | None) -> list[tuple[Op, int]]:
    """What a part does to its purse: first what was called (``due``), then what was not; None: a partner's line."""
    if due is None:
        return [(Op.RECEIVE, part.amount_minor), (Op.FEE, part.fee_minor)]
    steps: list[tuple[Op, int]] = []
    if part.fee_minor and due < part.amount_minor + part.fee_minor:
        steps.append((Op.COMMIT, part.amount_minor + part.fee_minor - due))
        due = part.amount_minor + part.fee_minor
    called = min(due, part.amount_minor)
    early = part.amount_minor - called
    return [*steps, (Op.RECEIVE, called), (Op.RECEIVE_EARLY, early), (Op.FEE, part.fee_minor)]


def _exchanged(db: Session, line: StatementLine, part: Part, waits: Waiting, at: "_At") -> list[Move]:
    """A part for a promise in another currency: received as promised, then exchanged into what really came.

    What it keeps of the promise is reckoned at the rates of the day, which are frozen with their sources on every
    entry; the exchange shows what the bank's own rate made of it.
    """
    if waits.unallocated_minor:
        raise RuleBroken("funding.undo_before_exchange")
    unit, link = at.purse.unit, f"{at.common.key}:exchange"
    own = replace(part, amount_minor=_kept(db, line, part.amount_minor, at.purse))
    own = replace(own, fee_minor=_worth(db, line, part.fee_minor, unit))
    steps = _steps(own, _called(db, at.purse))
    found = [_move(db, line, op, amount, replace(at, name=op.value)) for op, amount in steps if amount]
    pot = Purse(at.purse.project, at.purse.line, None, line.currency)
    out = _At(at.purse, at.common, Op.CONVERT_OUT.value, link)
    into = _At(pot, at.common, Op.CONVERT_IN.value, link)
    exchange = ((Op.CONVERT_OUT, own.amount_minor, out), (Op.CONVERT_IN, part.amount_minor, into))
    return found + [_move(db, line, op, amount, where) for op, amount, where in exchange]


def _worth(db: Session, line: StatementLine, amount: int, unit: str) -> int:
    """What an amount of a line is worth in another currency, at the rates of its day."""
    day = _day(line)
    mad: int = rated(db, line.commune_id, line.currency, amount_minor=amount, day=day)["mad_minor"]
    return from_mad(mad, unit, rated(db, line.commune_id, unit, amount_minor=0, day=day).get("rate"))


def _kept(db: Session, line: StatementLine, amount: int, purse: Purse) -> int:
    """What a part keeps of a promise: all that is open where only the rates of two banks lie between."""
    own = _worth(db, line, amount, purse.unit)
    ops = queries.flows(db, [purse.project or 0])[purse.project or 0].get(purse, {})
    still = purse_figures(ops)[0].open
    return still if 100 * abs(own - still) <= RATES_DIFFER * still else own


def _target(db: Session, line: StatementLine, part: Part) -> tuple[FundingLine, int | None, str]:
    """Line, promise and unit of a part."""
    if part.pledge_id is None:
        return queries.find_line(db, line.commune_id, part.line_id or 0), None, line.currency
    pledge = queries.find_pledge(db, line.commune_id, part.pledge_id)
    if pledge.unit in IN_KIND:
        raise RuleBroken("funding.other_currency", currency=pledge.unit)
    return queries.find_line(db, line.commune_id, pledge.line_id), pledge.id, pledge.unit


def _called(db: Session, purse: Purse) -> int:
    """What was called of a promise and is not here."""
    ops = queries.flows(db, [purse.project or 0])[purse.project or 0].get(purse, {})
    return sum(sign * ops[op].amount_minor for op, sign in COMMITTED.items() if op in ops)


@dataclass(frozen=True)
class _At:
    purse: Purse
    common: _Common
    name: str
    linked: str | None = None


def _move(db: Session, line: StatementLine, op: Op, amount: int, at: _At) -> Move:
    day = _day(line)
    values: dict[str, Any] = rated(db, line.commune_id, at.purse.unit, amount_minor=amount, day=day)
    return Move(
        op=op,
        project=at.purse.project,
        line=at.purse.line,
        pledge=at.purse.pledge,
        unit=at.purse.unit,
        amount_minor=amount,
        effective_date=min(day, today()),
        actor=at.common.actor,
        key=f"{at.common.key}:{at.name}",
        linked=at.linked,
        evidence=f"{line.bank_reference or line.end_to_end or 'statement'} {day.isoformat()}"[:200],
        statement_line=line.id,
        **values,
    )


def _day(line: StatementLine) -> date:
    return line.booked or line.value_date or today()


def _unknown(db: Session, line: StatementLine, amount: int, common: _Common) -> Move:
    return _move(db, line, Op.UNKNOWN, amount, _At(Purse(None, None, None, line.currency), common, "unknown"))


def _tell(db: Session, line: StatementLine, parts: Sequence[Part]) -> None:
    """Each giver once a line, after a person has confirmed."""
    for number in dict.fromkeys(part.pledge_id for part in parts if part.pledge_id is not None):
        pledge: Pledge = queries.find_pledge(db, line.commune_id, number)
        once = f"arrived:line:{line.id}:{number}"
        post(
            db, pledge.person_id, "pledge_arrived", commune_id=line.commune_id, once=once, number=pledge.project.number
        )


def place_decided(db: Session, actor: Actor, commune_id: int, *, key: str) -> int:
    """Book every waiting line whose reference decides; how many they were."""
    actor = actor.under_mandate(commune_id, Role.TREASURER)
    placed = 0
    for waits in banking.waiting(db, commune_id, size=1000).rows:
        found = waits.match
        if found and found.decided and found.parts and not waits.unallocated_minor:
            parts = [Part(each.amount_minor, pledge_id=each.pledge) for each in found.parts]
            place(db, actor, waits.line, parts, key=key)
            placed += 1
    return placed


def undo(db: Session, actor: Actor, line: StatementLine, reason: str) -> int:
    """Take back everything a line was booked as, the last first; the line waits again. How many entries."""
    actor = actor.under_mandate(line.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    lock(db, line.commune_id)
    rows = db.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.commune_id == line.commune_id, LedgerEntry.statement_line == line.id)
        .order_by(LedgerEntry.sequence.desc())
    ).all()
    gone = {row.reverses for row in rows}
    standing = [row for row in rows if row.reverses is None and row.sequence not in gone]
    if not standing:
        raise RuleBroken("funding.nothing_to_undo")
    for row in standing:
        reverse(db, line.commune_id, row, Beside(actor, reason=reason.strip()))
    record(db, actor, "funding.undo_placing", line, entries=len(standing))
    return len(standing)


def set_aside(db: Session, actor: Actor, line: StatementLine, reason: str) -> None:
    """Say that a line is none of these books' concern, and why; only what nothing was booked of."""
    actor = actor.under_mandate(line.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    if banking.booked(db, line.commune_id, [line.id]).get(line.id):
        raise RuleBroken("funding.line_is_booked")
    if db.scalar(select(SetAside.id).where(SetAside.line_id == line.id)) is None:
        made = SetAside(commune_id=line.commune_id, line_id=line.id, reason=reason.strip()[:200], at=now())
        made.by_id = actor.known()
        db.add(made)
        db.flush()
        record(db, actor, "funding.set_aside", line)


def take_up(db: Session, actor: Actor, line: StatementLine) -> None:
    """A line that was set aside waits again."""
    actor = actor.under_mandate(line.commune_id, Role.TREASURER)
    found = db.scalar(select(SetAside).where(SetAside.line_id == line.id))
    if found is not None:
        db.delete(found)
        record(db, actor, "funding.take_up", line)
        db.flush()

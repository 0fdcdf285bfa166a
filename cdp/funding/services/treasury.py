"""What the treasurer records: rates, signed agreements, receipts, spending, hours that were given."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import Agreement, FundingLine, LedgerEntry, Pledge, Rate
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import flows
from cdp.funding.rules.ledger import Move, Op, Purse
from cdp.funding.rules.sheet import COMMITTED
from cdp.funding.rules.units import IN_KIND, MAD
from cdp.funding.services import agreed
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.funding.services.ledger import reverse as take_back
from cdp.funding.services.promises import line_of, rated, still_promised
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.money import CURRENCIES
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.services.partners import party_of
from cdp.rounds.states import Source
from cdp.store.audit import record


@dataclass(frozen=True)
class Signed:
    """A signed agreement: with whom, for how much (centimes), since when, under which reference."""

    source: Source
    party: str
    amount_minor: int
    signed_on: date
    reference: str
    signatory: str = ""
    file_id: int | None = None


@dataclass(frozen=True)
class Payment:
    """Money that came in or went out: minor units of its currency, day, the paper that shows it."""

    amount_minor: int
    on: date
    evidence: str
    unit: str = MAD
    file_id: int | None = None


@dataclass(frozen=True)
class Quote:
    """What one unit of a currency is worth: dirhams as typed, the day, who says so."""

    currency: str
    dirhams: str
    day: date
    source: str


def enter_rate(db: Session, actor: Actor, commune: Commune, quote: Quote) -> Rate:
    """Enter what one unit of a currency is worth; a rate once entered stays for its day."""
    currency, dirhams, day, source = quote.currency, quote.dirhams, quote.day, quote.source
    actor = actor.under_mandate(commune.id, Role.TREASURER)
    try:
        value = Decimal(dirhams.replace(",", ".").strip())
    except InvalidOperation as error:
        raise RuleBroken("money.not_an_amount", text=dirhams[:40]) from error
    if currency not in CURRENCIES or currency == MAD or not Decimal("0.0001") <= value <= 1000:
        raise RuleBroken("funding.rate_not_likely")
    if day > today():
        raise RuleBroken("funding.day_in_the_future")
    if not source.strip():
        raise RuleBroken("funding.rate_without_source")
    known = db.scalar(select(Rate).where(Rate.commune_id == commune.id, Rate.currency == currency, Rate.day == day))
    if known is not None:
        if Decimal(known.dirhams) == value:
            return known
        raise Conflict("funding.rate_is_known", dirhams=known.dirhams)
    rate = Rate(
        commune_id=commune.id,
        currency=currency,
        day=day,
        dirhams=f"{value.normalize():f}",
        rate_source=source.strip(),
        entered_by_id=actor.known(),
    )
    db.add(rate)
    record(db, actor, "funding.rate", rate, currency=currency)
    return rate


def sign(db: Session, actor: Actor, project: Project, signed: Signed, *, key: str) -> Agreement:
    """Record a partner's signed agreement: its amount is committed in the books."""
    actor = _treasurer(actor, project)
    if signed.amount_minor <= 0:
        raise RuleBroken("funding.amount_not_positive")
    if signed.signed_on > today():
        raise RuleBroken("funding.day_in_the_future")
    if not signed.reference.strip():
        raise RuleBroken("funding.reference_missing")
    known = db.scalar(select(LedgerEntry).where(LedgerEntry.key == f"sign:{key}"))
    if known is not None:
        if known.amount_minor != signed.amount_minor or known.project_id != project.id:
            raise Conflict("errors.sent_before")
        return db.get_one(Agreement, known.agreement_id)
    line = line_of(db, project, signed.source, party=party_of(db, project.commune_id, signed.party))
    agreement = Agreement(
        commune_id=project.commune_id,
        line_id=line.id,
        reference=signed.reference.strip(),
        signed_on=signed.signed_on,
        signatory=signed.signatory.strip(),
        amount_minor=signed.amount_minor,
        file_id=signed.file_id,
        entered_by_id=actor.known(),
        entered_at=now(),
    )
    db.add(agreement)
    db.flush()
    move = _move(Op.SIGN, line, None, Payment(signed.amount_minor, signed.signed_on, signed.reference.strip()))
    move = _keyed(db, move, actor, line, key=f"sign:{key}")
    agreed.end(db, actor, line, reason=signed.reference.strip())
    enter(db, project.commune_id, [move], Beside(actor, file_id=signed.file_id, agreement_id=agreement.id))
    record(db, actor, "funding.sign", agreement, project=project.id)
    return agreement


def receive(db: Session, actor: Actor, line: FundingLine, payment: Payment, *, key: str) -> LedgerEntry:
    """Record money that came in under a partner's agreement (what is committed becomes received)."""
    actor = _treasurer(actor, line.project)
    move = _keyed(db, _move(Op.RECEIVE, line, None, payment), actor, line, key=f"receive:{key}")
    (entry,) = enter(db, line.commune_id, [move], Beside(actor, file_id=payment.file_id))
    record(db, actor, "funding.receive", entry)
    return entry


def receive_promise(
    db: Session, actor: Actor, line: FundingLine, pledge: Pledge, *, payment: Payment, key: str
) -> LedgerEntry:
    """Record money that came in for a promise, first what was called of it; its giver is told.

    Where only a part was called, two entries are made; the first of them is returned.
    """
    actor = _treasurer(actor, line.project)
    if pledge.line_id != line.id or pledge.unit != payment.unit:
        raise RuleBroken("funding.not_this_promise")
    lock(db, line.commune_id)
    known = db.scalar(select(LedgerEntry).where(LedgerEntry.key == f"receive:{key}"))
    if known is not None and known.pledge_id == pledge.id and known.amount_minor <= payment.amount_minor:
        return known
    called = min(_called(db, line, pledge), payment.amount_minor)
    parts = [(Op.RECEIVE, called), (Op.RECEIVE_EARLY, payment.amount_minor - called)]
    moves = [
        _keyed(
            db, _move(op, line, pledge, replace(payment, amount_minor=part)), actor, line, key=f"receive:{key}{tail}"
        )
        for (op, part), tail in zip([each for each in parts if each[1]] or parts[1:], ("", ":early"), strict=False)
    ]
    entry = enter(db, line.commune_id, moves, Beside(actor, file_id=payment.file_id))[0]
    record(db, actor, "funding.receive", entry)
    post(
        db,
        pledge.person_id,
        "pledge_arrived",
        commune_id=line.commune_id,
        once=f"arrived:{entry.id}",
        number=line.project.number,
    )
    return entry


def _called(db: Session, line: FundingLine, pledge: Pledge) -> int:
    """What was called of a promise and is not here."""
    ops = flows(db, [line.project_id])[line.project_id].get(Purse(line.project_id, line.id, pledge.id, pledge.unit), {})
    return sum(sign * ops[op].amount_minor for op, sign in COMMITTED.items() if op in ops)


def spend(db: Session, actor: Actor, line: FundingLine, payment: Payment, *, key: str) -> LedgerEntry:
    """Record a payment to a supplier out of what was received on a line."""
    actor = _treasurer(actor, line.project)
    move = _keyed(db, _move(Op.SPEND, line, None, payment), actor, line, key=f"spend:{key}")
    (entry,) = enter(db, line.commune_id, [move], Beside(actor, file_id=payment.file_id))
    record(db, actor, "funding.spend", entry)
    return entry


def deliver_hours(
    db: Session, actor: Actor, line: FundingLine, pledge: Pledge, *, payment: Payment, key: str
) -> LedgerEntry:
    """Record hours (minutes) or goods (pieces) that were given, seen by a second person: never by who gave."""
    authorize(MONEY, MoneyStep.VERIFY, actor, line.project)
    actor = actor.under_mandate(line.commune_id, Role.TREASURER, Role.OFFICER)
    if pledge.line_id != line.id or pledge.unit not in IN_KIND:
        raise RuleBroken("funding.not_this_promise")
    if pledge.person_id == actor.person_id:
        raise RuleBroken("funding.second_person_is_the_first")
    giver, second = mark(pledge.person_id), mark(actor.person_id)
    if payment.amount_minor > still_promised(db, pledge):
        raise RuleBroken("funding.not_enough_pledged")
    common: dict[str, Any] = {
        "project": line.project_id,
        "line": line.id,
        "pledge": pledge.id,
        "unit": pledge.unit,
        "amount_minor": payment.amount_minor,
        "effective_date": payment.on,
        "evidence": payment.evidence or None,
    }
    moves = [
        Move(op=Op.COMMIT, actor=second, key=f"accept:{key}", **common),
        Move(op=Op.DELIVER, actor=second, second_actor=giver, key=f"deliver:{key}", **common),
    ]
    entries = enter(db, line.commune_id, moves, Beside(actor, second_id=pledge.person_id))
    record(db, actor, "funding.deliver", entries[1])
    return entries[1]


def reverse(db: Session, actor: Actor, project: Project, entry: LedgerEntry, reason: str) -> LedgerEntry:
    """Take an entry back by its opposite, with a reason; the first entry stays readable.

    What belongs together (the two sides of an exchange, of a transfer) is taken back together, the last first.
    """
    authorize(MONEY, MoneyStep.REVERSE, actor, project)
    actor = actor.under_mandate(project.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    beside = Beside(actor, reason=reason.strip())
    taken = {each.id: take_back(db, project.commune_id, each, beside) for each in _together(db, entry)}
    for each in taken.values():
        record(db, actor, "funding.reverse", each, of=each.reverses)
    return taken[entry.id]


def _together(db: Session, entry: LedgerEntry) -> list[LedgerEntry]:
    """An entry with those that carry its linked key and still stand, the last first."""
    if entry.linked is None or entry.reverses is not None:
        return [entry]
    own = (LedgerEntry.commune_id == entry.commune_id, LedgerEntry.linked == entry.linked)
    rows = db.scalars(select(LedgerEntry).where(*own).order_by(LedgerEntry.sequence.desc())).all()
    taken_back = {row.reverses for row in rows if row.reverses is not None}
    return [row for row in rows if row is entry or (row.reverses is None and row.sequence not in taken_back)]


def _treasurer(actor: Actor, project: Project) -> Actor:
    authorize(MONEY, MoneyStep.ENTER, actor, project)
    return actor.under_mandate(project.commune_id, Role.TREASURER)


def _move(op: Op, line: FundingLine, pledge: Pledge | None, payment: Payment) -> Move:
    return Move(
        op=op,
        project=line.project_id,
        line=line.id,
        pledge=pledge.id if pledge else None,
        unit=payment.unit,
        amount_minor=payment.amount_minor,
        effective_date=payment.on,
        actor="",
        key="",
        evidence=payment.evidence.strip() or None,
    )


def _keyed(db: Session, move: Move, actor: Actor, line: FundingLine, *, key: str) -> Move:
    """The move with who, key and rate."""
    rate = rated(db, line.commune_id, move.unit, amount_minor=move.amount_minor, day=move.effective_date)
    fields = {name: getattr(move, name) for name in Move.__slots__}
    return Move(**fields | {"actor": mark(actor.person_id), "key": key} | rate)

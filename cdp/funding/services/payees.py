"""Accounts that givers may be told, each with its legal basis; calling a promise to one of them."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.models import PayeeAccount, PaymentCall, Pledge
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries.conditions import conditions
from cdp.funding.rules.accounts import compact, iban_of_rib, iban_problem, rib_problem
from cdp.funding.rules.ledger import Move, Op
from cdp.funding.rules.units import IN_KIND
from cdp.funding.services.ledger import Beside, enter, mark
from cdp.funding.services.promises import rated, still_promised
from cdp.funding.states import BASES, Channel, LegalBasis, PayeeKind
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.money import CURRENCIES
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record

BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True)
class Account:
    """An account as it is entered: RIB or IBAN, and why it may be named."""

    kind: PayeeKind
    holder: str
    number: str
    currency: str
    basis: LegalBasis
    basis_reference: str
    basis_on: date
    valid_from: date
    valid_until: date | None = None
    holder_ar: str = ""
    bic: str = ""
    bank: str = ""
    channels: tuple[Channel, ...] = (Channel.TRANSFER,)
    file_id: int | None = None


def account_problem(given: Account, day: date) -> str | None:
    """Message key of what is wrong with an account, or None: its number, its basis, its days."""
    bic = compact(given.bic)
    doubts = {
        "funding.holder_in_latin": not given.holder.strip() or not given.holder.isascii() or len(given.holder) > 70,
        "funding.currency_unknown": given.currency not in CURRENCIES,
        "funding.basis_does_not_serve": given.basis not in BASES[given.kind],
        "funding.basis_missing": not given.basis_reference.strip(),
        "funding.day_in_the_future": given.basis_on > day,
        "funding.days_not_in_order": given.valid_until is not None and given.valid_until < given.valid_from,
        "funding.basis_needs_an_end": given.basis is LegalBasis.AUTHORISATION and given.valid_until is None,
        "funding.bic_form": bool(bic) and not BIC.fullmatch(bic),
        "funding.channel_missing": not given.channels,
    }
    return number_problem(given.number) or next((key for key, holds in doubts.items() if holds), None)


def number_problem(number: str) -> str | None:
    """What is wrong with a RIB (24 digits and its key) or an IBAN."""
    digits = compact(number)
    return rib_problem(digits) if digits[:1].isdigit() else iban_problem(digits)


def enter_account(db: Session, actor: Actor, commune: Commune, given: Account, *, key: str) -> PayeeAccount:
    """Enter an account with its legal basis; the same form twice is one account."""
    actor = actor.under_mandate(commune.id, Role.TREASURER)
    if problem := account_problem(given, today()):
        raise RuleBroken(problem)
    digits = compact(given.number)
    number = iban_of_rib(digits) if digits[:1].isdigit() else digits
    known = db.scalar(select(PayeeAccount).where(PayeeAccount.idempotency_key == key))
    if known is not None:
        if (known.commune_id, known.number, known.basis_reference) == (
            commune.id,
            number,
            given.basis_reference.strip(),
        ):
            return known
        raise Conflict("errors.sent_before")
    made = PayeeAccount(
        commune_id=commune.id,
        kind=given.kind,
        holder=given.holder.strip(),
        holder_ar=given.holder_ar.strip(),
        number=number,
        bic=compact(given.bic),
        bank=given.bank.strip(),
        currency=given.currency,
        basis=given.basis,
        basis_reference=given.basis_reference.strip(),
        basis_on=given.basis_on,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
        channels=[channel.value for channel in given.channels],
        file_id=given.file_id,
        entered_by_id=actor.known(),
        entered_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "funding.enter_account", made, basis=given.basis.value)
    return made


def close_account(db: Session, actor: Actor, account: PayeeAccount, reason: str) -> None:
    """From today on nobody is told this account any more; calls that name it show no instructions."""
    actor = actor.under_mandate(account.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    if account.closed_on is None:
        account.closed_on, account.closing_reason = today(), reason.strip()[:200]
        record(db, actor, "funding.close_account", account)
        db.flush()


@dataclass(frozen=True)
class Calling:
    """How a promise is called: to which account, by which day.

    ``most_minor``: no more than that, an instalment for instance; None: the whole of what is still promised.
    """

    payee: PayeeAccount
    due_on: date
    most_minor: int | None = None


def call(db: Session, actor: Actor, pledge: Pledge, calling: Calling, *, key: str) -> PaymentCall:
    """Call a promise: it is committed from now on, and its giver is shown how to pay, inside the agreement alone."""
    authorize(MONEY, MoneyStep.ENTER, actor, pledge.project)
    actor = actor.under_mandate(pledge.commune_id, Role.TREASURER)
    known = db.scalar(select(PaymentCall).where(PaymentCall.idempotency_key == key))
    if known is not None:
        if (known.pledge_id, known.payee_id) == (pledge.id, calling.payee.id):
            return known
        raise Conflict("errors.sent_before")
    still = _callable(db, pledge)
    if calling.most_minor is not None:
        still = min(still, calling.most_minor)
    if problem := _call_problem(pledge, calling, still):
        raise RuleBroken(problem)
    made = PaymentCall(
        commune_id=pledge.commune_id,
        pledge_id=pledge.id,
        payee_id=calling.payee.id,
        amount_minor=still,
        due_on=calling.due_on,
        called_by_id=actor.known(),
        called_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    enter(db, pledge.commune_id, [_commit(db, actor, pledge, still, key=f"call:{made.id}")], Beside(actor))
    record(db, actor, "funding.call", made)
    post(
        db,
        pledge.person_id,
        "pledge_called",
        commune_id=pledge.commune_id,
        once=f"called:{made.id}",
        number=pledge.project.number,
        day=calling.due_on.isoformat(),
    )
    return made


def _callable(db: Session, pledge: Pledge) -> int:
    """What may be called of a promise: what is open, and of a ratio what the others' gifts make of it so far.

    RuleBroken("funding.condition_not_met") while its condition does not hold.
    """
    still = still_promised(db, pledge)
    if still <= 0:
        return still
    part, whole = conditions(db, pledge.project_id, today()).callable_share(pledge.id)
    if part == 0:
        raise RuleBroken("funding.condition_not_met")
    return still * part // whole


def _call_problem(pledge: Pledge, calling: Calling, still: int) -> str | None:
    doubts = {
        "funding.in_kind_is_not_money": pledge.unit in IN_KIND,
        "funding.nothing_to_call": still <= 0,
        "funding.promise_has_expired": pledge.until < today(),
        "funding.basis_has_ended": calling.payee.commune_id != pledge.commune_id or not calling.payee.holds_on(today()),
        "funding.due_in_the_past": calling.due_on < today(),
    }
    return next((key for key, holds in doubts.items() if holds), None)


def _commit(db: Session, actor: Actor, pledge: Pledge, amount: int, *, key: str) -> Move:
    return Move(
        op=Op.COMMIT,
        project=pledge.project_id,
        line=pledge.line_id,
        pledge=pledge.id,
        unit=pledge.unit,
        amount_minor=amount,
        effective_date=today(),
        actor=mark(actor.person_id),
        key=key,
        **rated(db, pledge.commune_id, pledge.unit, amount_minor=amount, day=today()),
    )

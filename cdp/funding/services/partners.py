"""What becomes of an agreement: its visa, its amendments, its instalments, the default of its funder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import Agreement, AgreementInstalment, AgreementVersion, FundingLine, PartnerStep
from cdp.funding.queries import partners as reads
from cdp.funding.rules.ledger import Move, Op
from cdp.funding.rules.units import MAD
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.funding.states import PartnerAct
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.store.audit import record


@dataclass(frozen=True)
class Amendment:
    """A new amount (centimes), the paper it stands in, and why."""

    amount_minor: int
    reference: str
    signed_on: date
    reason: str


def say(db: Session, actor: Actor, agreement: Agreement, act: PartnerAct, *, day: date, words: str) -> PartnerStep:
    """Enter a visa, a default of the funder or its end: a public fact. The same twice counts once."""
    actor = actor.under_mandate(agreement.commune_id, Role.TREASURER)
    if not words.strip():
        raise RuleBroken("errors.reason_missing")
    if not agreement.signed_on <= day <= today():
        raise RuleBroken("funding.days_not_in_order")
    lock(db, agreement.commune_id)
    steps = reads.steps(db, agreement.id)
    same = next((each for each in steps if (each.act, each.day, each.words) == (act, day, words.strip()[:200])), None)
    if same is not None:
        return same
    if act is PartnerAct.RESUMED and not reads.is_in_default(steps):
        raise RuleBroken("funding.no_default_to_end")
    made = PartnerStep(commune_id=agreement.commune_id, agreement_id=agreement.id, act=act, day=day)
    made.words, made.entered_by_id, made.entered_at = words.strip()[:200], actor.known(), now()
    db.add(made)
    db.flush()
    record(db, actor, f"funding.partner_{act.value}", agreement)
    return made


def amend(db: Session, actor: Actor, agreement: Agreement, given: Amendment, *, key: str) -> AgreementVersion:
    """Enter an amendment: a new version; the books commit the difference, or take it back. Nothing is rewritten."""
    actor = actor.under_mandate(agreement.commune_id, Role.TREASURER)
    lock(db, agreement.commune_id)
    known = db.scalar(select(AgreementVersion).where(AgreementVersion.idempotency_key == key))
    if known is not None:
        if (known.agreement_id, known.amount_minor) == (agreement.id, given.amount_minor):
            return known
        raise Conflict("errors.sent_before")
    _check(agreement, given)
    versions = reads.versions(db, agreement.id)
    before = versions[-1].amount_minor if versions else agreement.amount_minor
    made = AgreementVersion(
        commune_id=agreement.commune_id,
        agreement_id=agreement.id,
        version=len(versions) + 2,
        amount_minor=given.amount_minor,
        reference=given.reference.strip()[:80],
        signed_on=given.signed_on,
        reason=given.reason.strip()[:200],
        entered_by_id=actor.known(),
        entered_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    if difference := given.amount_minor - before:
        line = db.get_one(FundingLine, agreement.line_id)
        move = _difference(line, difference, made, actor)
        enter(db, agreement.commune_id, [move], Beside(actor, agreement_id=agreement.id, reason=made.reason))
    record(db, actor, "funding.amend", agreement, version=made.version)
    return made


def _check(agreement: Agreement, given: Amendment) -> None:
    if given.amount_minor < 0:
        raise RuleBroken("funding.amount_not_positive")
    if not given.reference.strip():
        raise RuleBroken("funding.reference_missing")
    if not given.reason.strip():
        raise RuleBroken("errors.reason_missing")
    if not agreement.signed_on <= given.signed_on <= today():
        raise RuleBroken("funding.days_not_in_order")


def _difference(line: FundingLine, difference: int, made: AgreementVersion, actor: Actor) -> Move:
    values: dict[str, Any] = {"project": line.project_id, "line": line.id, "pledge": None, "unit": MAD}
    return Move(
        op=Op.SIGN if difference > 0 else Op.DECOMMIT,
        amount_minor=abs(difference),
        mad_minor=abs(difference),
        effective_date=made.signed_on,
        actor=mark(actor.person_id),
        key=f"amend:{made.id}",
        evidence=made.reference,
        **values,
    )


def schedule(db: Session, actor: Actor, agreement: Agreement, dues: Sequence[tuple[date, int]]) -> None:
    """Enter the instalments of the agreement as it stands, once a version; together they are its amount."""
    actor = actor.under_mandate(agreement.commune_id, Role.TREASURER)
    lock(db, agreement.commune_id)
    versions = reads.versions(db, agreement.id)
    version, whole = (versions[-1].version, versions[-1].amount_minor) if versions else (1, agreement.amount_minor)
    known = [
        (each.due_on, each.amount_minor) for each in reads.instalments(db, agreement.id) if each.version == version
    ]
    if known:
        if known == sorted(dues):
            return
        raise RuleBroken("funding.schedule_is_known")
    if sum(amount for _day, amount in dues) != whole or any(amount <= 0 for _day, amount in dues):
        raise RuleBroken("funding.schedule_does_not_sum")
    if len({day for day, _amount in dues}) != len(dues):
        raise RuleBroken("funding.days_not_in_order")
    for day, amount in dues:
        made = AgreementInstalment(commune_id=agreement.commune_id, agreement_id=agreement.id, version=version)
        made.due_on, made.amount_minor = day, amount
        db.add(made)
    db.flush()
    record(db, actor, "funding.schedule", agreement, instalments=len(dues))

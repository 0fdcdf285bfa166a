"""What institutions agree to in principle, on a condition: promised in the books until it is signed or taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import FundingLine, LedgerEntry, PartnerPromise
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.rules.ledger import Move, Op, Purse
from cdp.funding.rules.sheet import PLEDGED
from cdp.funding.rules.terms import Term, term_problem
from cdp.funding.rules.units import MAD
from cdp.funding.services.ledger import Beside, enter, lock, mark
from cdp.funding.services.promises import line_of
from cdp.funding.services.terms import names_of_here
from cdp.funding.states import ConditionKind, TermKind
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.money import LARGEST
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.services.partners import party_of
from cdp.rounds.states import Source
from cdp.store.audit import record

NO_TERM = Term()


@dataclass(frozen=True)
class InPrinciple:
    """Who would bring how many centimes, on which condition, and the letter or minutes it stands in."""

    source: Source
    party: str
    amount_minor: int
    words: str
    term: Term = NO_TERM
    until: date | None = None
    """The last day on which the word holds; None: until it is signed or taken back."""


def agree(db: Session, actor: Actor, project: Project, given: InPrinciple, *, key: str) -> PartnerPromise:
    """Enter what an institution has agreed to; the same form twice counts once, one open promise a line."""
    authorize(MONEY, MoneyStep.ENTER, actor, project)
    actor = actor.under_mandate(project.commune_id, Role.TREASURER)
    lock(db, project.commune_id)
    known = db.scalar(select(PartnerPromise).where(PartnerPromise.idempotency_key == key))
    if known is not None:
        if (known.project_id, known.amount_minor) == (project.id, given.amount_minor):
            return known
        raise Conflict("errors.sent_before")
    if problem := _problem(given):
        raise RuleBroken(problem)
    names_of_here(db, project.commune_id, given.term)
    line = line_of(db, project, given.source, party=party_of(db, project.commune_id, given.party))
    if still_open(db, line) > 0:
        raise RuleBroken("funding.agreed_before")
    is_term = isinstance(given.term.kind, TermKind)
    made = PartnerPromise(
        commune_id=project.commune_id,
        project_id=project.id,
        line_id=line.id,
        amount_minor=given.amount_minor,
        condition=ConditionKind.NONE if is_term else given.term.kind,
        kind=given.term.kind if is_term else None,
        at_least=given.term.at_least,
        give=given.term.give,
        each=given.term.each,
        group_id=given.term.group_id,
        locality_id=given.term.locality_id,
        until=given.until,
        words=given.words.strip()[:200],
        entered_by_id=actor.known(),
        entered_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    _book(db, actor, line, Op.PLEDGE, made.amount_minor, key=f"agreed:{made.id}")
    record(db, actor, "funding.agree", made, project=project.id)
    return made


def _problem(given: InPrinciple) -> str | None:
    doubts = {
        "funding.amount_not_positive": not 0 < given.amount_minor <= LARGEST,
        "funding.paper_of_agreement_missing": not given.words.strip(),
        "teams.until_in_the_past": given.until is not None and given.until < today(),
        "funding.commune_waits_for_itself": given.source is Source.OWN
        and given.term.kind is ConditionKind.COMMUNE_SIGNS,
    }
    found = next((key for key, holds in doubts.items() if holds), None)
    return found or term_problem(given.term, is_cash=True)


def take_back(db: Session, actor: Actor, made: PartnerPromise, reason: str) -> None:
    """Enter that an institution no longer agrees; RuleBroken without a reason, or when nothing of it is open."""
    actor = actor.under_mandate(made.commune_id, Role.TREASURER)
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    lock(db, made.commune_id)
    line = db.get_one(FundingLine, made.line_id)
    if not end(db, actor, line, reason=reason.strip()[:200]):
        raise RuleBroken("funding.nothing_to_withdraw")
    record(db, actor, "funding.disagree", made)


def end(db: Session, actor: Actor, line: FundingLine, *, reason: str) -> int:
    """Let what is open on a line lapse, for other services: it was signed, or taken back; how much that was."""
    still = still_open(db, line)
    if still > 0:
        times = db.scalar(select(func.count()).where(LedgerEntry.line_id == line.id, LedgerEntry.op == Op.LAPSE))
        _book(db, actor, line, Op.LAPSE, still, key=f"agreed-ends:{line.id}:{times}", reason=reason)
    return max(0, still)


def end_past(db: Session, actor: Actor, day: date) -> int:
    """Let the words lapse whose last day is past, for the clock: how many ended."""
    rows = db.scalars(
        select(PartnerPromise)
        .where(PartnerPromise.until < day)
        .where(PartnerPromise.id.in_(select(func.max(PartnerPromise.id)).group_by(PartnerPromise.line_id)))
        .order_by(PartnerPromise.id)
    ).all()
    ended = 0
    for made in rows:
        line = db.get_one(FundingLine, made.line_id)
        if still_open(db, line) > 0:
            lock(db, made.commune_id)
            end(db, actor, line, reason=f"{made.until}")
            ended += 1
    return ended


def still_open(db: Session, line: FundingLine) -> int:
    """What of a line is only agreed to: neither signed nor taken back."""
    ops = queries.flows(db, [line.project_id])[line.project_id].get(Purse(line.project_id, line.id, None, MAD), {})
    return sum(sign * ops[op].amount_minor for op, sign in PLEDGED.items() if op in ops)


def _book(db: Session, actor: Actor, line: FundingLine, op: Op, amount: int, *, key: str, reason: str = "") -> None:
    values: dict[str, Any] = {"project": line.project_id, "line": line.id, "pledge": None, "unit": MAD}
    move = Move(
        op=op,
        amount_minor=amount,
        mad_minor=amount,
        effective_date=today(),
        actor=mark(actor.person_id),
        key=key,
        **values,
    )
    enter(db, line.commune_id, [move], Beside(actor, reason=reason))

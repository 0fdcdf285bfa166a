"""Promises to one project: made in the giver's currency, withdrawn freely until they are called."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import FundingLine, LedgerEntry, MoneyRule, Pledge
from cdp.funding.policy import MONEY, MoneyStep, names_for
from cdp.funding.queries.rates import rate_on
from cdp.funding.rules.chain import GENESIS
from cdp.funding.rules.ledger import Move, Op, Purse
from cdp.funding.rules.promises import instalments_problem
from cdp.funding.rules.references import grouped, new_reference
from cdp.funding.rules.sheet import PLEDGED
from cdp.funding.rules.terms import Term, term_problem
from cdp.funding.rules.units import HOURS, IN_KIND, ITEM, MAD, to_mad
from cdp.funding.services import room, terms
from cdp.funding.services.ledger import Beside, Head, enter, enter_new, last_of_books, lock, mark
from cdp.funding.states import ConditionKind, OverFunding
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.money import LARGEST
from cdp.kernel.predicate import authorize
from cdp.notices.services import post
from cdp.people.actor import Actor
from cdp.people.models import Group
from cdp.people.states import GroupKind, ShownAs
from cdp.programme.models import Project
from cdp.rounds.states import Source
from cdp.store.audit import record
from cdp.store.ready import Ready, write
from cdp.teams import queries as teams

LONGEST = timedelta(days=730)
MOST_MINUTES = 2000 * 60
MOST_PIECES = 100_000


@dataclass(frozen=True)
class Promise:
    """What somebody promises: an amount in minor units of a currency, or minutes (unit ``H``)."""

    unit: str
    amount_minor: int
    until: date
    shown_as: ShownAs
    note: str = ""
    condition: ConditionKind = ConditionKind.NONE
    condition_count: int | None = None
    group_id: int | None = None
    is_secret: bool = False
    """Nobody but the treasurer reads whose promise it is; then it is shown without a name, whatever else was asked."""
    term: Term | None = None
    """A condition with numbers, a place or a group; then ``condition`` is none."""
    instalments: tuple[tuple[date, int], ...] = ()


def line_of(db: Session, project: Project, source: Source, *, party: str = "") -> FundingLine:
    """The funding line of a source (and party) of a project, made when it is first needed."""
    found = db.scalar(
        select(FundingLine).where(
            FundingLine.project_id == project.id, FundingLine.source == source, FundingLine.party == party
        )
    )
    if found is None:
        found = FundingLine(commune_id=project.commune_id, project_id=project.id, source=source, party=party)
        db.add(found)
        db.flush()
    return found


_of_reference = Ready(lambda: select(Pledge.id).where(Pledge.reference == bindparam("reference")))


@dataclass(frozen=True)
class Ground:
    """What a promise stands on, read in one statement once the books are held."""

    sent_before: int | None
    """Number of the promise this key led to."""
    over_funding: OverFunding | None
    line_id: int | None
    membership_id: int | None
    of_reference: int | None
    """Number of the promise that has the reference just drawn."""
    last: int | None
    seal: str | None
    """Number and seal of the last entry of the books; None in empty books."""


def _project_row(column: Any, *more: Any) -> ScalarSelect[Any]:
    return select(column).where(column.class_.project_id == bindparam("project"), *more).scalar_subquery()


_ground = Ready(
    lambda: select(
        select(Pledge.id).where(Pledge.idempotency_key == bindparam("key")).scalar_subquery(),
        _project_row(MoneyRule.over_funding),
        _project_row(FundingLine.id, FundingLine.source == bindparam("source"), FundingLine.party == ""),
        teams.membership_part(),
        select(Pledge.id).where(Pledge.reference == bindparam("reference")).scalar_subquery(),
        last_of_books(LedgerEntry.sequence),
        last_of_books(LedgerEntry.hash),
    )
)


def pledge(db: Session, actor: Actor, project: Project, promise: Promise, *, key: str) -> Pledge:
    """Promise money or hours to one project; the same key with the same promise counts once."""
    authorize(MONEY, MoneyStep.PLEDGE, actor, project)
    actor = _capacity(actor, project, promise)
    return put(db, actor, project, promise, key=key, by=actor)


def put(db: Session, actor: Actor, project: Project, promise: Promise, *, key: str, by: Actor) -> Pledge:
    """Write a promise of ``actor`` down, for other services, which ask first who may; ``by``: who writes it."""
    lock(db, project.commune_id)
    source, reference = _source(db, promise), new_reference(SystemRandom())
    asked = {"key": key, "project": project.id, "source": source, "reference": reference}
    asked |= {"person": actor.known(), "proposal": project.proposal_id, "day": today(), "commune": project.commune_id}
    ground = Ground(*_ground.first(db, **asked))
    if ground.sent_before is not None:
        return _sent_before(db.get_one(Pledge, ground.sent_before), actor, project, promise)
    if problem := promise_problem(promise, today()):
        raise RuleBroken(problem)
    worth = rated(db, project.commune_id, promise.unit, amount_minor=promise.amount_minor, day=today())
    room.check(db, project, ground.over_funding, unit=promise.unit, dirhams_minor=worth.get("mad_minor"))
    stands = {
        "line_id": ground.line_id or line_of(db, project, source).id,
        "membership_id": ground.membership_id,
        "reference": reference if ground.of_reference is None else _free_reference(db),
        "idempotency_key": key,
    }
    made = _write(db, actor, project, promise, stands)
    if promise.term is not None or promise.instalments:
        terms.attach(db, made, promise.term, promise.instalments)
    _enter_promise(db, by, made, worth, Head(ground.last or 0, ground.seal or GENESIS))
    record(db, by, "funding.pledge", made, project=project.id)
    post(
        db,
        made.person_id,
        "pledge_received",
        commune_id=made.commune_id,
        once=f"pledge:{made.id}",
        number=project.number,
        reference=grouped(made.reference),
    )
    return made


def promise_problem(promise: Promise, day: date) -> str | None:
    """Message key of what is wrong with a promise on a day, or None."""
    most = {HOURS: MOST_MINUTES, ITEM: MOST_PIECES}.get(promise.unit, LARGEST)
    doubts = {
        "funding.amount_not_positive": promise.amount_minor <= 0,
        "funding.goods_without_words": promise.unit == ITEM and not promise.note.strip(),
        "money.too_large": promise.amount_minor > most,
        "teams.until_in_the_past": promise.until < day,
        "funding.until_too_far": promise.until > day + LONGEST,
        "funding.count_missing": promise.condition is ConditionKind.OTHERS_JOIN
        and not 0 < (promise.condition_count or 0) <= 100_000,
    }
    if (promise.term is not None or promise.instalments) and (problem := _more_problem(promise, day)):
        return problem
    return next((key for key, holds in doubts.items() if holds), None)


def _more_problem(promise: Promise, day: date) -> str | None:
    """What is wrong with a condition of more than one word, or with instalments."""
    is_cash = promise.unit not in IN_KIND
    if promise.term is not None and (problem := term_problem(promise.term, is_cash=is_cash)):
        return problem
    if not promise.instalments:
        return None
    if not is_cash:
        return "funding.instalments_are_of_money"
    return instalments_problem(promise.instalments, promise.amount_minor, since=day, until=promise.until)


def _capacity(actor: Actor, project: Project, promise: Promise) -> Actor:
    """For a group they may act for and whose promise this project takes, else as a member of the project today.

    Refused: "people.not_in_group", "funding.group_of_elsewhere", "teams.not_a_member".
    """
    if promise.group_id is not None:
        actor = actor.for_group(promise.group_id)
        if promise.group_id not in names_for(actor, project):
            raise Refused("funding.group_of_elsewhere")
        return actor
    return actor.as_member(project.proposal_id)


def _sent_before(known: Pledge, actor: Actor, project: Project, promise: Promise) -> Pledge:
    """The promise of the first sending; Conflict when something else was promised with the same key."""
    said = (actor.person_id, project.id, promise.unit, promise.amount_minor)
    if (known.person_id, known.project_id, known.unit, known.amount_minor) != said:
        raise Conflict("errors.sent_before")
    return known


def _write(db: Session, actor: Actor, project: Project, promise: Promise, stands: dict[str, Any]) -> Pledge:
    return write(
        db,
        Pledge,
        commune_id=project.commune_id,
        project_id=project.id,
        person_id=actor.known(),
        group_id=promise.group_id,
        capacity=str(actor.capacity),
        unit=promise.unit,
        amount_minor=promise.amount_minor,
        note=promise.note.strip(),
        condition=promise.condition,
        condition_count=promise.condition_count if promise.condition is ConditionKind.OTHERS_JOIN else None,
        shown_as=ShownAs.ANONYMOUS if promise.is_secret else promise.shown_as,
        is_secret=promise.is_secret,
        until=promise.until,
        pledged_at=now(),
        **stands,
    )


def _source(db: Session, promise: Promise) -> Source:
    """Where a promise belongs: persons and associations abroad are the diaspora, other groups associations."""
    if promise.group_id is None:
        return Source.DIASPORA
    kind = db.scalar(select(Group.kind).where(Group.id == promise.group_id))
    return Source.DIASPORA if kind is GroupKind.DIASPORA_ASSOCIATION else Source.ASSOCIATION


def _free_reference(db: Session) -> str:
    """A reference nobody has: drawn again in the rare case that it is taken."""
    while True:
        reference = new_reference(SystemRandom())
        if _of_reference.first(db, reference=reference) is None:
            return reference


def _enter_promise(db: Session, actor: Actor, made: Pledge, worth: dict[str, Any], head: Head) -> None:
    """The new promise enters the books behind their head, foreign money at its rate of the day (:func:`rated`)."""
    move = _move(actor, made, Op.PLEDGE, made.amount_minor, key=f"pledge:{made.id}", worth=worth)
    enter_new(db, made.commune_id, [move], Beside(actor), head)


def book(
    db: Session, actor: Actor, made: Pledge, op: Op, amount_minor: int, *, key: str, worth: dict[str, Any]
) -> None:
    """One move of a promise into the books today; ``worth``: its rate fields."""
    enter(db, made.commune_id, [_move(actor, made, op, amount_minor, key=key, worth=worth)], Beside(actor))


def _move(actor: Actor, made: Pledge, op: Op, amount_minor: int, *, key: str, worth: dict[str, Any]) -> Move:
    return Move(
        op=op,
        project=made.project_id,
        line=made.line_id,
        pledge=made.id,
        unit=made.unit,
        amount_minor=amount_minor,
        effective_date=today(),
        actor=mark(actor.person_id),
        key=key,
        **worth,
    )


def rated(db: Session, commune_id: int, unit: str, *, amount_minor: int, day: date) -> dict[str, Any]:
    """Rate fields of a move: none for hours and goods, the amount itself for dirhams, the rate of the day else.

    RuleBroken("funding.no_rate") when the commune has entered no rate of that currency that still holds.
    """
    if unit in IN_KIND:
        return {}
    if unit == MAD:
        return {"mad_minor": amount_minor}
    rate = rate_on(db, commune_id, unit, day)
    if rate is None:
        raise RuleBroken("funding.no_rate", currency=unit)
    return {
        "rate": rate.dirhams,
        "rate_date": rate.day,
        "rate_source": rate.rate_source,
        "mad_minor": to_mad(amount_minor, unit, rate.dirhams),
    }


def withdraw(db: Session, actor: Actor, made: Pledge) -> None:
    """Take back what is still only promised, without a reason; what was called or given stays."""
    if actor.known() != made.person_id:
        raise Refused("errors.not_allowed", step="withdraw")
    if not lapse(db, actor, made, key="withdraw"):
        raise RuleBroken("funding.nothing_to_withdraw")
    record(db, actor, "funding.withdraw", made)


def lapse(db: Session, actor: Actor, made: Pledge, *, key: str) -> int:
    """Let what is still only promised lapse in the books, for other services; how much that was, in its own unit."""
    still = still_promised(db, made)
    if still > 0:
        reduce(db, actor, made, still, key=key)
    return max(0, still)


def reduce(db: Session, actor: Actor, made: Pledge, less: int, *, key: str) -> None:
    """Let so much of what is still only promised lapse, at the rate of the promise; a later time is another act."""
    times = db.scalar(select(func.count()).where(LedgerEntry.pledge_id == made.id, LedgerEntry.op == Op.LAPSE))
    book(db, actor, made, Op.LAPSE, less, key=f"{key}:{made.id}:{less}:{times}", worth=_same_rate(db, made, less))


def still_promised(db: Session, made: Pledge) -> int:
    """What is still only promised of a pledge, in its own unit: neither called, received nor lapsed."""
    purse = Purse(made.project_id, made.line_id, made.id, made.unit)
    ops = queries.flows(db, [made.project_id])[made.project_id].get(purse, {})
    return sum(sign * ops[op].amount_minor for op, sign in PLEDGED.items() if op in ops)


def _same_rate(db: Session, made: Pledge, still: int) -> dict[str, Any]:
    """Rate fields of a move that takes a promise back: those of the promise itself."""
    entry = next(e for e in queries.entries_of(db, made.commune_id, made.project_id) if e.pledge == made.id)
    if made.unit in IN_KIND:
        return {}
    if made.unit == MAD:
        return {"mad_minor": still}
    return {
        "rate": entry.rate,
        "rate_date": entry.rate_date,
        "rate_source": entry.rate_source,
        "mad_minor": to_mad(still, made.unit, entry.rate),
    }

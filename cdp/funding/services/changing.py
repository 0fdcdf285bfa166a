"""Changing a promise before it is called: more, less, for longer; saying after a membership that it still stands."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Pledge, StillMeant
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.ledger import Purse as Place
from cdp.funding.rules.promises import Purse, change
from cdp.funding.services import room, terms
from cdp.funding.services.ledger import lock
from cdp.funding.services.promises import LONGEST, book, rated, reduce
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.money import LARGEST
from cdp.people.actor import Actor
from cdp.store.audit import record


def purse_of(db: Session, made: Pledge) -> Purse:
    """What the books say of one promise."""
    place = Place(made.project_id, made.line_id, made.id, made.unit)
    return Purse.of(queries.flows(db, [made.project_id])[made.project_id].get(place, {}))


def change_promise(db: Session, actor: Actor, made: Pledge, to: int, *, until: date) -> None:
    """Promise another amount, or until another day, without a reason; what was called or came stays as it is.

    RuleBroken: "funding.promise_already_called" for less than was called, what a new promise may break else.
    """
    if actor.known() != made.person_id:
        raise Refused("errors.not_allowed", step="change")
    lock(db, made.commune_id)
    if to <= 0 or to > LARGEST:
        raise RuleBroken("funding.amount_not_positive" if to <= 0 else "money.too_large")
    if not today() <= until <= today() + LONGEST:
        raise RuleBroken("teams.until_in_the_past" if until < today() else "funding.until_too_far")
    purse = purse_of(db, made)
    _enter(db, actor, made, purse, to=to)
    terms.schedule_anew(db, made, received=purse.received, to=to)
    made.amount_minor, made.until = to, until
    db.flush()
    record(db, actor, "funding.change", made)


def _enter(db: Session, actor: Actor, made: Pledge, purse: Purse, *, to: int) -> None:
    try:
        step = change(purse, to)
    except ValueError as error:
        raise RuleBroken(str(error)) from error
    if step is None:
        return
    op, amount = step
    if op is Op.LAPSE:
        reduce(db, actor, made, amount, key="change")
        return
    worth = rated(db, made.commune_id, made.unit, amount_minor=amount, day=today())
    project = queries.find_pledge(db, made.commune_id, made.id).project
    rule = room.rule_of(db, project.id)
    room.check(db, project, rule.over_funding if rule else None, unit=made.unit, dirhams_minor=worth.get("mad_minor"))
    times = db.scalar(select(func.count()).where(LedgerEntry.pledge_id == made.id, LedgerEntry.op == Op.PLEDGE))
    book(db, actor, made, Op.PLEDGE, amount, key=f"pledge:{made.id}:{times}", worth=worth)


def still_mean(db: Session, actor: Actor, made: Pledge) -> None:
    """Say after a membership ended that an open promise still stands; twice is once."""
    if actor.known() != made.person_id or made.membership_id is None:
        raise Refused("errors.not_allowed", step="still_mean")
    said = (StillMeant.pledge_id == made.id, StillMeant.membership_id == made.membership_id)
    if db.scalar(select(StillMeant.id).where(*said)) is None:
        answer = StillMeant(commune_id=made.commune_id, pledge_id=made.id, membership_id=made.membership_id)
        answer.said_at = now()
        db.add(answer)
        db.flush()
        record(db, actor, "funding.still_mean", made)

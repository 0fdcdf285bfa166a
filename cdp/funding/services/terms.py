"""What stands beside a promise from its first day: its condition with numbers, its instalments; and their changes."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.funding.models import Instalment, Pledge, PledgeTerm
from cdp.funding.rules.promises import rescheduled
from cdp.funding.rules.terms import Term
from cdp.funding.states import TermKind
from cdp.kernel.errors import NotFound
from cdp.people.models import Group
from cdp.people.states import GroupState


def attach(db: Session, made: Pledge, term: Term | None, parts: Iterable[tuple[date, int]]) -> None:
    """Keep the condition and the instalments of a promise just written; NotFound for places and groups of elsewhere."""
    if term is not None:
        names_of_here(db, made.commune_id, term)
        values = {name: getattr(term, name) for name in ("at_least", "give", "each", "group_id", "locality_id")}
        db.add(PledgeTerm(commune_id=made.commune_id, pledge_id=made.id, kind=TermKind(term.kind), **values))
    for day, amount in parts:
        db.add(Instalment(commune_id=made.commune_id, pledge_id=made.id, due_on=day, amount_minor=amount))
    db.flush()


def names_of_here(db: Session, commune_id: int, term: Term) -> None:
    """NotFound for a place or a group of elsewhere in a condition."""
    if term.locality_id is not None:
        place = (Locality.id == term.locality_id, Locality.commune_id == commune_id)
        if db.scalar(select(Locality.id).where(*place)) is None:
            raise NotFound
    if term.group_id is not None:
        club = (Group.id == term.group_id, Group.commune_id == commune_id, Group.state != GroupState.CLOSED)
        if db.scalar(select(Group.id).where(*club)) is None:
            raise NotFound


def schedule_anew(db: Session, made: Pledge, *, received: int, to: int) -> None:
    """Fit the instalments to a new amount (L18): never more of them, what was paid stays."""
    parts = list(db.scalars(select(Instalment).where(Instalment.pledge_id == made.id).order_by(Instalment.due_on)))
    if not parts:
        return
    amounts = rescheduled([part.amount_minor for part in parts], received, to)
    for part, amount in zip(parts, amounts, strict=True):
        if amount > 0:
            part.amount_minor = amount
        else:
            db.delete(part)
    db.flush()

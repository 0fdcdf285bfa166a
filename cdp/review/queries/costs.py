"""What proposals cost: the estimate that stands, for one and for a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from cdp.kernel.money import Money
from cdp.people.actor import Capacity, read_capacity
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name
from cdp.review.models import CostEstimate, CostLine
from cdp.review.rules import Line, cost, running_cost
from cdp.store.ready import Ready

LineRow = Line
"""A line as it is read is a line as it was written, with its exact amount."""


@dataclass(frozen=True)
class Estimate:
    """A version of the cost with its lines; ``by`` is the name its maker shows, empty for none."""

    id: int
    version: int
    price_year: int
    basis: str
    lines: tuple[Line, ...]
    by: str
    capacity: Capacity
    at: datetime

    @property
    def total(self) -> Money:
        """What it costs once."""
        return cost(self.lines)

    @property
    def running(self) -> Money:
        """What comes every year."""
        return running_cost(self.lines)


def _last_statement() -> Any:
    asked: Any = bindparam("proposal_id")
    newest = select(func.max(CostEstimate.version)).where(CostEstimate.proposal_id == asked).scalar_subquery()
    return (
        select(
            CostEstimate.id,
            CostEstimate.version,
            CostEstimate.price_year,
            CostEstimate.basis,
            CostEstimate.capacity,
            CostEstimate.estimated_at,
            said_name(),
            Person.shown_as,
            CostLine.kind,
            CostLine.label,
            CostLine.quantity_milli,
            CostLine.unit,
            CostLine.price_minor,
        )
        .join(Person, Person.id == CostEstimate.estimated_by_id)
        .join(CostLine, CostLine.estimate_id == CostEstimate.id)
        .where(CostEstimate.proposal_id == asked, CostEstimate.version == newest)
        .order_by(CostLine.position)
    )


_last = Ready(_last_statement)


def last_estimate(db: Session, proposal_id: int) -> Estimate | None:
    """The estimate that stands, with its lines, or None (one statement)."""
    rows = _last.rows(db, proposal_id=proposal_id)
    if not rows:
        return None
    first = rows[0]
    return Estimate(
        id=first.id,
        version=first.version,
        price_year=first.price_year,
        basis=first.basis,
        lines=tuple(Line(r.kind, r.label, r.quantity_milli, r.unit, r.price_minor) for r in rows),
        by=shown_name(first.name, first.shown_as),
        capacity=read_capacity(first.capacity),
        at=first.estimated_at,
    )


def costs(db: Session, proposal_ids: Sequence[int]) -> dict[int, Money]:
    """The cost that stands of each of these proposals that has one (one statement)."""
    return {number: Money(minor) for number, minor in db.execute(standing(), {"ids": list(proposal_ids)})}


def standing() -> Select[int, int]:
    """(proposal, centimes) of each of the proposals ``ids`` that has a cost: a select the board asks along."""
    newest = (
        select(CostEstimate.proposal_id, func.max(CostEstimate.version).label("version"))
        .where(CostEstimate.proposal_id.in_(bindparam("ids", expanding=True)))
        .group_by(CostEstimate.proposal_id)
        .subquery()
    )
    return select(CostEstimate.proposal_id, CostEstimate.total_minor).join(
        newest,
        (newest.c.proposal_id == CostEstimate.proposal_id) & (newest.c.version == CostEstimate.version),
    )

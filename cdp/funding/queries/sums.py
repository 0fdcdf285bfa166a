"""The money of all projects of a commune added up by the database, in one statement however large its books are.

The same reckoning as ``rules.sheet``: each purse is reckoned alone, what is promised in another currency at the rate
of its promise (half to even), and each project by itself, so that too much here hides no gap there. A purse so large
that its product would leave 64 bits cannot be reckoned by every engine: then None is given, and the books are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.orm import Session

from cdp.funding.models import EntrySum, Pledge
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.sheet import COMMITTED, HERE, PLEDGED
from cdp.funding.rules.units import IN_KIND
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.store.ready import Ready

PROMISED = {Op.PLEDGE: 1, Op.SIGN: 1}
"""The operations whose dirhams say at which rate a purse is reckoned."""

LARGEST = 3_000_000_000
"""Minor units: the product of two such still is a 64-bit number."""


@dataclass(frozen=True)
class CommuneSums:
    """Centimes of all projects that were not dropped."""

    cost: int
    received: int
    committed: int
    pledged: int
    sought: int


def _whole(value: Any) -> ColumnElement[int]:
    """A sum as a 64-bit number: PostgreSQL gives sums as decimals."""
    return cast(func.coalesce(value, 0), BigInteger)


def _net(amount: Any, signs: Mapping[Op, int]) -> ColumnElement[int]:
    """The net sum of some operations."""
    chosen = case(*((EntrySum.op == op, way) for op, way in signs.items()), else_=0)
    return _whole(func.sum(chosen * amount))


def _open(amount: Any, base: Any, dirhams: Any) -> ColumnElement[int]:
    """Dirhams of what stands open, at the rate of the promise, half to even."""
    product = amount * dirhams
    whole, rest = product // base, 2 * (product % base)
    up = or_(rest > base, and_(rest == base, whole % 2 == 1))
    reckoned = whole + case((up, 1), else_=0)
    return case((or_(amount <= 0, base == 0), 0), (base == dirhams, amount), else_=reckoned)


def _statement() -> Any:
    purse = (EntrySum.project_id, EntrySum.line_id, EntrySum.pledge_id, EntrySum.unit)
    dirhams = EntrySum.dirhams_minor
    purses = (
        select(
            *purse,
            _net(EntrySum.amount_minor, PLEDGED).label("pledged"),
            _net(EntrySum.amount_minor, COMMITTED).label("committed"),
            _net(EntrySum.amount_minor, PROMISED).label("base"),
            _net(dirhams, PROMISED).label("dirhams"),
            _net(dirhams, HERE).label("received"),
        )
        .where(EntrySum.commune_id == bindparam("commune_id"), EntrySum.unit.not_in(sorted(IN_KIND)))
        .group_by(*purse)
        .subquery()
    )
    own = purses.c
    is_past = and_(Pledge.until.is_not(None), Pledge.until < bindparam("day"))
    is_large = and_(own.base != own.dirhams, or_(own.pledged > LARGEST, own.committed > LARGEST, own.dirhams > LARGEST))
    parts = (
        select(
            Project.cost_minor.label("cost"),
            _whole(func.sum(own.received)).label("received"),
            _whole(func.sum(case((is_large, 0), else_=_open(own.committed, own.base, own.dirhams)))).label("committed"),
            _whole(func.sum(case((or_(is_large, is_past), 0), else_=_open(own.pledged, own.base, own.dirhams)))).label(
                "pledged"
            ),
            _whole(func.sum(case((is_large, 1), else_=0))).label("large"),
        )
        .outerjoin(purses, own.project_id == Project.id)
        .outerjoin(Pledge, Pledge.id == own.pledge_id)
        .where(Project.commune_id == bindparam("commune_id"), Project.state != ProjectState.DROPPED)
        .group_by(Project.id, Project.cost_minor)
        .subquery()
    )
    of = parts.c
    gap = of.cost - of.received - of.committed - of.pledged
    sought = case((gap > 0, gap), else_=0)
    return select(
        *(_whole(func.sum(part)) for part in (of.cost, of.received, of.committed, of.pledged, sought, of.large))
    )


_sums = Ready(_statement)


def commune_sums(db: Session, commune_id: int, day: date) -> CommuneSums | None:
    """The sums on a day; None where a purse is too large for them."""
    *parts, large = _sums.first(db, commune_id=commune_id, day=day)
    return None if large else CommuneSums(*(int(part) for part in parts))

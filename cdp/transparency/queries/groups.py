"""The groups of a commune as everybody reads them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from cdp.kernel.clock import day_of
from cdp.kernel.page import Page
from cdp.people.queries.groups import Row, board
from cdp.transparency.sheets import GroupSheet


def page(db: Session, commune_id: int, *, day: date, number: int = 1) -> Page[GroupSheet]:
    """A page of the groups of a commune, by name."""
    found = board(db, commune_id, day=day, page=number)
    return Page([_sheet(row) for row in found.rows], found.number, more=found.next is not None)


def every(db: Session, commune_id: int, *, day: date) -> Iterator[GroupSheet]:
    """All groups of a commune, by name, a page at a time."""
    number: int | None = 1
    while number is not None:
        found = page(db, commune_id, day=day, number=number)
        yield from found.rows
        number = found.next


def _sheet(row: Row) -> GroupSheet:
    return GroupSheet(
        id=row.id,
        kind=row.kind,
        state=row.state,
        name=row.name,
        place=row.place,
        city=row.city,
        is_registered=row.is_registered,
        papers_valid_until=row.valid_until,
        papers_seen_on=day_of(row.checked_at) if row.checked_at else None,
        members=row.members,
    )

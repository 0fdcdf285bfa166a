"""Reads of the outbox: what waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.errors import Message
from cdp.notices.models import Notice


@dataclass(frozen=True)
class Row:
    """A notice as a person reads it: its sentence is a catalog key with plain values."""

    id: int
    message: Message
    kind: str
    values: dict[str, Any]
    slug: str | None
    at: datetime
    is_new: bool


def of_person(db: Session, person_id: int, *, limit: int = 30) -> list[Row]:
    """A person's notices, the newest first."""
    rows = db.execute(
        select(Notice.id, Notice.kind, Notice.values, Commune.slug, Notice.at, Notice.read_at)
        .outerjoin(Commune, Commune.id == Notice.commune_id)
        .where(Notice.person_id == person_id)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return [
        Row(number, Message(f"notices.{kind}", read_days(values)), kind, values, slug, at, read is None)
        for number, kind, values, slug, at, read in rows
    ]


def read_days(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a notice with their ISO days as days, to be said as people say them."""
    return {name: _day(value) for name, value in values.items()}


def _day(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value

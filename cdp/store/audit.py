"""Every act in one append-only table: who, in which capacity, what, on which thing."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Index, String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from cdp.kernel.clock import now
from cdp.store.base import Base, BigId, table_of
from cdp.store.ready import Deed
from cdp.store.types import Document, UTCDateTime


class Event(Base):
    """One act. Triggers on both engines refuse UPDATE and DELETE; erasing a person only empties ``person``."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_thing", "commune_id", "thing", "thing_id"),
        Index("ix_event_person_id", "person_id"),
    )

    at: Mapped[datetime] = mapped_column(UTCDateTime)
    commune_id: Mapped[int | None] = mapped_column(BigId)
    person_id: Mapped[int | None] = mapped_column(BigId)
    capacity: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int] = mapped_column(BigId)
    detail: Mapped[Any] = mapped_column(Document)


class Acts(Protocol):
    """Who acts, as far as the record needs to know."""

    @property
    def person_id(self) -> int | None:
        """Number of the person, None for the clock."""

    @property
    def capacity(self) -> Any:
        """In which capacity; its text is kept."""


_INSERT = Deed(lambda _dialect: insert(table_of(Event)).inline())
"""Past the unit of work: an act is written down at once, and costs one statement."""


def record(db: Session, actor: Acts, act: str, thing: Any, **detail: Any) -> None:
    """Write an act down beside the change itself; ``act`` is ``<stage>.<verb>``.

    ``thing`` is a flushed row; its ``commune_id`` (if it has one) goes with the act. Names, addresses and
    other words of persons do not belong into ``detail``: the table is never emptied.
    """
    if thing.id is None:
        db.flush()
    row = {
        "at": now(),
        "commune_id": thing.id if thing.__tablename__ == "commune" else getattr(thing, "commune_id", None),
        "person_id": actor.person_id,
        "capacity": str(actor.capacity),
        "act": act,
        "thing": thing.__tablename__,
        "thing_id": thing.id,
        "detail": detail,
    }
    _INSERT.run(db, row)

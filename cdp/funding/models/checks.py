"""Table of the nightly checks: what the books held on a day, and the seal that was published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, not_negative


class BooksCheck(Base):
    """One check of a commune's books: entries, last seal, what was broken. Append-only: it is a checkpoint."""

    __tablename__ = "books_check"
    __table_args__ = (UniqueConstraint("commune_id", "day"), not_negative("entries"), not_negative("found"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    day: Mapped[date]
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entries: Mapped[int] = mapped_column(BigInteger)
    """How many entries there were; the sequence of the last one, when nothing is missing."""
    hash: Mapped[str] = mapped_column(String(64))
    found: Mapped[int]
    broken: Mapped[Any] = mapped_column(Document, default=list)
    """The first hundred: invariant, entry (0: the whole), why."""
    asked: Mapped[Any] = mapped_column(Document, default=list)
    """Names of the invariants that were looked at."""

"""Tables of paper: a batch of sheets from one place with its control totals, two entries by two people, evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, not_negative


class PaperBatch(Base):
    """Sheets of one box, or the hands of one village, with what was counted on the spot before any entry."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        Index("ix_paper_batch_ballot", "ballot_id", "id"),
        UniqueConstraint("idempotency_key"),
        CheckConstraint("(settled_at IS NULL) = (lines IS NULL)", name="settled_with_its_lines"),
        CheckConstraint("in_box <= issued", name="no_more_than_were_issued"),
        not_negative("issued"),
        not_negative("in_box"),
        not_negative("women"),
        not_negative("men"),
        not_negative("youth"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    label: Mapped[str] = mapped_column(String(80))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    issued: Mapped[int]
    """Sheets handed out; of a village count, who was there."""
    in_box: Mapped[int]
    """Sheets found in the box."""
    women: Mapped[int] = mapped_column(default=0)
    men: Mapped[int] = mapped_column(default=0)
    youth: Mapped[int] = mapped_column(default=0)
    lines: Mapped[Any | None] = mapped_column(Document)
    """The lines that count, once both entries agree or their differences are settled."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class PaperEntry(Base):
    """One person's reading of a batch; a batch has two, by two people; append-only."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        UniqueConstraint("batch_id", "entered_by_id"),
        UniqueConstraint("batch_id", "turn"),
        CheckConstraint("turn IN (1, 2)", name="two_readings"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    turn: Mapped[int]
    lines: Mapped[Any] = mapped_column(Document)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BatchFile(Base):
    """A scanned sheet or the minutes of a place, as evidence; read by the office."""

    __tablename__ = "batch_file"
    __table_args__ = (UniqueConstraint("batch_id", "file_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

"""Tables of the path on paper."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.kernel.words import Words
from cdp.papers.states import PaperKind
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, WordsType, choice, not_negative, positive


class LegalRule(Base):
    """A commune's own reading of a step of the legal calendar, in place of the reference's."""

    __tablename__ = "legal_rule"
    __table_args__ = (
        UniqueConstraint("commune_id", "key"),
        CheckConstraint("NOT is_checked OR (checked_by <> '' AND checked_on IS NOT NULL)", name="checked_by_somebody"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    key: Mapped[str] = mapped_column(String(60))
    article: Mapped[str] = mapped_column(String(120))
    rule: Mapped[Any] = mapped_column(Document)
    is_checked: Mapped[bool] = mapped_column(Boolean(name="is_checked_is_bool"), default=False)
    checked_by: Mapped[str] = mapped_column(String(120), default="")
    checked_on: Mapped[date | None]
    note: Mapped[Words] = mapped_column(WordsType, default=Words)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StepDay(Base):
    """The real day of a step of a round's path; the newest row of a step and occurrence holds. Append-only."""

    __tablename__ = "step_day"
    __table_args__ = (Index("ix_step_day_round", "round_id", "key"), positive("occurrence"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[str] = mapped_column(String(60))
    occurrence: Mapped[int] = mapped_column(default=1)
    """1 except for what comes every year."""
    happened_on: Mapped[date | None]
    """None: planned only, or taken back."""
    planned_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OfficialPaper(Base):
    """A paper made from the data: its kind, its day and what was filled in; the bytes are made again when asked."""

    __tablename__ = "official_paper"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index("ix_official_paper_round", "round_id", "step_key"),
        not_negative("occurrence"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind))
    step_key: Mapped[str] = mapped_column(String(60), default="")
    occurrence: Mapped[int] = mapped_column(default=1)
    meeting_id: Mapped[int | None]
    """Number of the meeting it belongs to, of a later stage (checked there)."""
    dated: Mapped[date]
    details: Mapped[Any] = mapped_column(Document, default=dict)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class PaperScan(Base):
    """The signed paper that came back, with its hash. Append-only; nothing is claimed about the signature."""

    __tablename__ = "paper_scan"
    __table_args__ = (UniqueConstraint("paper_id", "file_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("official_paper.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="ar")
    signed_on: Mapped[date | None]
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)

"""Tables of delivery."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cdp.delivery.states import MilestoneKind
from cdp.kernel.words import Words
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, WordsType, choice, not_negative


class Milestone(Base):
    """A step of the works: planned for a day, reported done on a day, measured, with a dated photo."""

    __tablename__ = "milestone"
    __table_args__ = (
        Index("ix_milestone_project", "project_id", "position"),
        CheckConstraint("(done_on IS NULL) = (reported_at IS NULL)", name="report_with_its_day"),
        not_negative("quantity_milli"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    kind: Mapped[MilestoneKind] = mapped_column(choice(MilestoneKind), default=MilestoneKind.WORKS)
    title: Mapped[Words] = mapped_column(WordsType)
    planned_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    delay_reason: Mapped[Words] = mapped_column(WordsType, default=Words)
    done_on: Mapped[date | None]
    quantity_milli: Mapped[int | None]
    quantity_unit: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[Words] = mapped_column(WordsType, default=Words)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    photo_taken_on: Mapped[date | None]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_capacity: Mapped[str] = mapped_column(String(80), default="")
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_because: Mapped[Words] = mapped_column(WordsType, default=Words)
    """Why the last report was taken back, if one was."""

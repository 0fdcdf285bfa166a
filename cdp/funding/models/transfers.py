"""The table of money that goes from one project to another."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base
from cdp.store.types import UTCDateTime, positive


class Transfer(Base):
    """Dirhams held for one project that are to serve another: asked by one, entered by another above the threshold.

    ``decision`` names the paper that allows it (consent of the givers, deliberation); ``entry_id`` is the entry that
    took the money out, its pair carries the same link.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint("project_id <> to_project_id", name="between_two_projects"),
        CheckConstraint("(done_on IS NULL) = (entry_id IS NULL)", name="done_with_an_entry"),
        Index("ix_transfer_project", "project_id", "id"),
        Index("ix_transfer_to_project", "to_project_id", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"))
    to_project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    to_line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(120))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_on: Mapped[date | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

"""Table of spending on its way: engaged, service done, mandated; paid is what the books say."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.funding.models.books import FundingLine
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, positive


class Expense(Base):
    """A spending of a funding line: what, from whom, and who took which step (decree 2-17-451, chapter of spending)."""

    __tablename__ = "expense"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint("(done_on IS NULL) = (done_by_id IS NULL)", name="done_with_who"),
        CheckConstraint("(mandated_on IS NULL) = (mandated_by_id IS NULL)", name="mandated_with_who"),
        CheckConstraint("mandated_on IS NULL OR done_on IS NOT NULL", name="done_before_mandated"),
        Index("ix_expense_project", "project_id", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"))
    supplier: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(200))
    invoice: Mapped[str] = mapped_column(String(80))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    is_direct: Mapped[bool] = mapped_column(Boolean(name="is_direct_is_bool"), default=False)
    """The funder pays the supplier itself: nothing passes through the commune's account."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    engaged_on: Mapped[date]
    engaged_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    engaged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reception: Mapped[str] = mapped_column(String(80), default="")
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate: Mapped[str] = mapped_column(String(80), default="")
    mandated_on: Mapped[date | None]
    mandated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    line: Mapped[FundingLine] = relationship(lazy="raise_on_sql")

"""Tables of receipts and of money given back."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base
from cdp.store.types import UTCDateTime, positive


class Receipt(Base):
    """A receipt for one entry of the books, numbered in the payee's year; a cancelled one keeps its number."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("payee_id", "year", "number"),
        UniqueConstraint("entry_id"),
        positive("number"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason = '')", name="cancelled_with_a_reason"),
        Index("ix_receipt_commune", "commune_id", "year"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee_account.id"))
    year: Mapped[int]
    number: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")


class Refund(Base):
    """Money to be given back to who gave it: asked by one, paid by another above the threshold."""

    __tablename__ = "refund"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint("(paid_on IS NULL) = (entry_id IS NULL)", name="paid_with_an_entry"),
        Index("ix_refund_project", "project_id", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"))
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"))
    unit: Mapped[str] = mapped_column(String(4))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paid_on: Mapped[date | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

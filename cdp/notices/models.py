"""The outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base, BigId
from cdp.store.types import Document, UTCDateTime


class Notice(Base):
    """A message to one person: seen in their space, and mailed where there is an address."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_waiting", "sent_at", "id"),
        Index("ix_notice_person", "person_id", "at"),
    )

    commune_id: Mapped[int | None] = mapped_column(BigId)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    values: Mapped[Any] = mapped_column(Document, default=dict)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was handed to the mail, or found to have nowhere to go."""
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mail(Base):
    """A letter ready to go, written with the act; what it says is emptied once it has left."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_waiting", "sent_at", "not_before", "id"),)

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it may be tried (again): a try pushes it back first, so that a killed worker loses nothing."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")

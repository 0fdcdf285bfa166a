"""The outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base, BigId
from cdp.store.types import Document, UTCDateTime


class Notice(Base):
    """A message to one person: seen in their space, and mailed where there is an address."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_waiting", "sent_at", "tries", "id"),
        Index("ix_notice_person", "person_id", "at"),
    )

    commune_id: Mapped[int | None] = mapped_column(BigId)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    values: Mapped[Any] = mapped_column(Document, default=dict)
    once: Mapped[str | None] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")

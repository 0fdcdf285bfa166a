"""Table of reminders: few, far apart, each once."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.store.base import Base


class Reminder(Base):
    """A giver was reminded on a day of a promise that was called and is open. Append-only."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("pledge_id", "day"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    day: Mapped[date]
    due_on: Mapped[date | None]
    """The day by which the part that was reminded of is due; each part is reminded of by itself."""

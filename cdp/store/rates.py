"""How often something was tried: counted in the database, so that several workers count together."""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, case, delete
from sqlalchemy.orm import Mapped, mapped_column

from cdp.kernel.clock import now
from cdp.store.base import Base
from cdp.store.engine import Store, insert_or
from cdp.store.types import UTCDateTime


class RateCount(Base):
    """Tries under one key until a moment; keys are hashed by who counts, they hold no address."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_ends_at", "ends_at"),)

    key: Mapped[str] = mapped_column(String(64), unique=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)


def count_up(store: Store, key: str, seconds: int) -> int:
    """Add a try and give the number in this window; the window starts with its first try."""
    moment = now()
    ends = moment + timedelta(seconds=seconds)
    with store.begin() as db:
        fresh = RateCount.ends_at <= moment
        insert = insert_or(db, RateCount).values(key=key, count=1, ends_at=ends)
        counted = db.scalar(
            insert.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": case((fresh, 1), else_=RateCount.count + 1),
                    "ends_at": case((fresh, insert.excluded.ends_at), else_=RateCount.ends_at),
                },
            ).returning(RateCount.count)
        )
        if counted == 1:
            db.execute(delete(RateCount).where(RateCount.ends_at <= moment, RateCount.key != key))
    return int(counted or 0)

"""Rates of a commune: what a unit of a currency is worth in dirhams, and for how long that holds."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from cdp.funding.models import Rate
from cdp.store.ready import Ready

RATE_HOLDS = timedelta(days=120)
"""A rate older than this is not used for a new promise."""


def rate_on(db: Session, commune_id: int, currency: str, day: date) -> Rate | None:
    """The latest rate of a currency on a day that still holds, or None."""
    return db.scalar(
        select(Rate)
        .where(
            Rate.commune_id == commune_id,
            Rate.currency == currency,
            Rate.day <= day,
            Rate.day >= day - RATE_HOLDS,
        )
        .order_by(Rate.day.desc())
        .limit(1)
    )


def rates_on(db: Session, commune_id: int, day: date) -> dict[str, Decimal]:
    """All currencies a promise can be made in on a day, with their dirhams (MAD is one)."""
    rows = _rates.rows(db, commune=commune_id, first=day - RATE_HOLDS, last=day)
    return {"MAD": Decimal(1)} | {currency: Decimal(dirhams) for currency, dirhams in rows}


_days = Rate.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
_rates = Ready(
    lambda: select(Rate.currency, Rate.dirhams).where(Rate.commune_id == bindparam("commune"), _days).order_by(Rate.day)
)

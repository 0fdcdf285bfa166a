"""Reads about teams."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.teams.models import Membership


def last_days(db: Session, person_id: int, day: date) -> dict[int, date]:
    """Proposals a person is a member of on a day, each with the last day of the membership."""
    rows = db.execute(
        select(Membership.proposal_id, Membership.until).where(
            Membership.person_id == person_id,
            Membership.since <= day,
            Membership.until >= day,
            Membership.ended_on.is_(None) | (Membership.ended_on >= day),
        )
    )
    return {proposal_id: until for proposal_id, until in rows}  # noqa: C416

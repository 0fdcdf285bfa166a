"""When a membership ends: what was given stays, what is still open is asked about, once."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding.models import Pledge, StillMeant
from cdp.funding.queries.banking import open_amounts
from cdp.notices.services import post
from cdp.people.models import Person
from cdp.programme.models import Project
from cdp.teams.models import Membership

LOOK_BACK = timedelta(days=14)
"""Days without a worker after which nobody is asked late."""


def ask(db: Session, day: date) -> int:
    """Ask the givers whose membership has ended whether what is open still stands (daily duty); how many were told."""
    last = func.coalesce(Membership.ended_on, Membership.until)
    answered = (StillMeant.pledge_id == Pledge.id) & (StillMeant.membership_id == Pledge.membership_id)
    rows = db.execute(
        select(Pledge.id, Pledge.commune_id, Pledge.project_id, Pledge.person_id, Project.number, Membership.id)
        .join(Membership, Membership.id == Pledge.membership_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Person, Person.id == Pledge.person_id)
        .outerjoin(StillMeant, answered)
        .where(
            last.between(day - LOOK_BACK, day - timedelta(days=1)),
            Pledge.until >= day,
            StillMeant.id.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Pledge.id)
    ).all()
    still = open_amounts(db, {row[2] for row in rows})
    told = 0
    for pledge, commune, _project, person, number, membership in rows:
        if still.get(pledge, 0) > 0:
            once = f"promise-asked:{membership}"
            told += post(db, person, "promise_asked", commune_id=commune, once=once, number=number)
    db.flush()
    return told

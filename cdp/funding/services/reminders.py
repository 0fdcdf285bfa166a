"""Reminding givers of what was called and has not come: at most three times, at least two weeks apart."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding.models import PaymentCall, Pledge, Reminder
from cdp.funding.queries.banking import open_amounts
from cdp.funding.rules.promises import Reminding, may_remind
from cdp.funding.states import PledgeStatus
from cdp.notices.services import post
from cdp.people.models import Person
from cdp.programme.models import Project

BEFORE = timedelta(days=7)
"""The first reminder goes out so long before the last day to pay."""

RULE = Reminding()


def remind(db: Session, day: date) -> int:
    """Remind whoever is due on a day; never of what has come, lapsed or expired. How many."""
    due = func.max(PaymentCall.due_on)
    rows = db.execute(
        select(Pledge.id, Pledge.commune_id, Pledge.project_id, Pledge.person_id, Project.number, due)
        .join(PaymentCall, PaymentCall.pledge_id == Pledge.id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Person, Person.id == Pledge.person_id)
        .where(Person.erased_at.is_(None), Pledge.until >= day)
        .group_by(Pledge.id, Project.id)
        .having(due <= day + BEFORE)
    ).all()
    still = open_amounts(db, {row.project_id for row in rows})
    sent = _sent(db, [row.id for row in rows])
    told = 0
    for pledge, commune, _project, person, number, until in rows:
        status = PledgeStatus.OVERDUE if until < day else PledgeStatus.CALLED
        if still.get(pledge, 0) <= 0 or not may_remind(status, sent[pledge], day, RULE):
            continue
        db.add(Reminder(commune_id=commune, pledge_id=pledge, day=day))
        values = {"number": number, "day": until.isoformat()}
        told += post(db, person, "pledge_reminder", commune_id=commune, once=f"reminder:{pledge}:{day}", **values)
    db.flush()
    return told


def _sent(db: Session, pledges: list[int]) -> defaultdict[int, list[date]]:
    """Promise -> the days on which its giver was reminded."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    for pledge, day in db.execute(select(Reminder.pledge_id, Reminder.day).where(Reminder.pledge_id.in_(pledges))):
        found[pledge].append(day)
    return found

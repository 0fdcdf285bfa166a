"""Reminding givers of what was called and has not come: each part at most three times, two weeks apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import PaymentCall, Pledge, Reminder
from cdp.funding.queries import flows
from cdp.funding.queries.banking import open_amounts
from cdp.funding.queries.cards import calls_by_promise
from cdp.funding.rules.promises import Purse, Reminding, may_remind, unpaid
from cdp.funding.states import PledgeStatus
from cdp.notices.services import post
from cdp.people.models import Person
from cdp.programme.models import Project

BEFORE = timedelta(days=7)
"""The first reminder goes out so long before the last day to pay."""

RULE = Reminding()


def remind(db: Session, day: date) -> int:
    """Remind whoever is due on a day, of each call by itself; never of what has come, lapsed or expired. How many."""
    rows = db.execute(
        select(Pledge.id, Pledge.commune_id, Pledge.project_id, Pledge.person_id, Project.number)
        .join(Project, Project.id == Pledge.project_id)
        .join(Person, Person.id == Pledge.person_id)
        .where(
            Person.erased_at.is_(None),
            Pledge.until >= day,
            Pledge.id.in_(select(PaymentCall.pledge_id).where(PaymentCall.due_on <= day + BEFORE)),
        )
    ).all()
    late = _unpaid(db, {row.project_id for row in rows}, [row.id for row in rows])
    sent = _sent(db, [row.id for row in rows])
    told = 0
    for pledge, commune, _project, person, number in rows:
        due = _due(late.get(pledge, ()), sent[pledge], day)
        if due is None:
            continue
        db.add(Reminder(commune_id=commune, pledge_id=pledge, day=day, due_on=due))
        values = {"number": number, "day": due.isoformat()}
        told += post(db, person, "pledge_reminder", commune_id=commune, once=f"reminder:{pledge}:{day}", **values)
    db.flush()
    return told


def _due(late: Iterable[date], sent: Sequence[tuple[date, date | None]], day: date) -> date | None:
    """The earliest call that may be reminded of today; the days between reminders hold over all parts of a promise."""
    if any(on + timedelta(days=RULE.days_apart) > day for on, _ in sent):
        return None
    for due in late:
        status = PledgeStatus.OVERDUE if due < day else PledgeStatus.CALLED
        if due <= day + BEFORE and may_remind(status, [on for on, part in sent if part in {due, None}], day, RULE):
            return due
    return None


def _unpaid(db: Session, projects: set[int], pledges: list[int]) -> dict[int, list[date]]:
    """Promise -> the days of its calls that are not wholly here, the earliest first; none where nothing is open."""
    calls, still, found = calls_by_promise(db, pledges), open_amounts(db, projects), {}
    for sums in flows(db, projects).values():
        for purse, ops in sums.items():
            if purse.pledge in calls and still.get(purse.pledge or 0, 0) > 0:
                own = Purse.of(ops)
                found[purse.pledge or 0] = [on for on, _ in unpaid(calls[purse.pledge], own.committed)]
    return found


def _sent(db: Session, pledges: list[int]) -> defaultdict[int, list[tuple[date, date | None]]]:
    """Promise -> the days on which its giver was reminded, each with the day of the part."""
    found: defaultdict[int, list[tuple[date, date | None]]] = defaultdict(list)
    asked = select(Reminder.pledge_id, Reminder.day, Reminder.due_on).where(Reminder.pledge_id.in_(pledges))
    for pledge, day, due in db.execute(asked):
        found[pledge].append((day, due))
    return found

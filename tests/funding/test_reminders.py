from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import Pledge, Reminder, StatementLine
from cdp.funding.queries.banking import calls_of
from cdp.funding.queries.cards import promises_for_treasurer
from cdp.funding.services import payees, placing, reminders, statements
from cdp.funding.services.payees import Calling
from cdp.funding.services.placing import Part
from cdp.funding.services.statements import Brought
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.notices.models import Notice
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account

DUE = date(2027, 5, 12)


@pytest.fixture
def scene(db: Session) -> Scene:
    """A promise of 300 dirhams that is called until 12 May."""
    made = make_scene(db)
    payee = payees.enter_account(db, made.treasurer, made.commune, account(), key="a")
    pledge = queries.find_pledge(db, made.commune.id, pledged(db, made, unit="MAD", amount=30_000).id)
    payees.call(db, made.treasurer, pledge, Calling(payee, DUE), key="c")
    pledged(db, made, "not called", unit="MAD", amount=10_000)
    return made


def reminded(db: Session, since: date, until: date) -> list[date]:
    """The days on which somebody was reminded while the clock lived every day."""
    day = since
    while day <= until:
        with clock.held_at(day):
            reminders.remind(db, day)
            reminders.remind(db, day)
        day += timedelta(days=1)
    return list(db.scalars(select(Reminder.day).order_by(Reminder.day)))


def test_three_times_two_weeks_apart_and_never_again(db: Session, scene: Scene) -> None:
    days = reminded(db, today(), date(2027, 9, 30))
    first = DUE - timedelta(days=7)
    assert days == [first, first + timedelta(days=14), first + timedelta(days=28)]
    assert len(db.scalars(select(Notice).where(Notice.kind == "pledge_reminder")).all()) == 3
    assert prove(db, scene.commune.id, today()).of("L15") == []
    called = next(card for card in promises_for_treasurer(db, date(2027, 9, 30), scene.project.id) if card.due)
    assert (called.due, called.reminded, called.withdrawable_minor) == ((DUE, 30_000), tuple(days), 0)


def test_nobody_is_reminded_of_what_has_come_or_expired(db: Session, scene: Scene) -> None:
    assert reminded(db, date(2027, 10, 1), date(2027, 10, 20)) == []


def test_a_promise_that_was_kept_is_left_in_peace(db: Session, scene: Scene) -> None:
    pledge = db.scalars(select(Pledge.id).order_by(Pledge.id).limit(1)).one()
    (payee,) = [call.payee for call in calls_of(db, pledge)]
    data = b"Date;Libelle;Montant;Devise\n05/04/2027;VIR;300,00;MAD\n"
    statements.bring(db, scene.treasurer, payee, Brought("x.csv", data))
    placing.place(db, scene.treasurer, db.scalars(select(StatementLine)).one(), [Part(30_000, pledge)], key="k")
    assert reminded(db, DUE - timedelta(days=8), DUE + timedelta(days=40)) == []


def test_a_reminder_once_sent_cannot_be_denied(db: Session, scene: Scene) -> None:
    reminded(db, DUE, DUE)
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("DELETE FROM reminder"))

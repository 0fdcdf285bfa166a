"""A promise in parts: each is called, late and reminded of by itself; what is late is worked out, never stored."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import PaymentCall, Pledge, Reminder
from cdp.funding.queries.cards import part_to_call, promises_of
from cdp.funding.queries.open_accounts import open_accounts
from cdp.funding.rules.promises import unpaid
from cdp.funding.services import payees, reminders, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.treasury import Payment
from cdp.funding.states import PledgeStatus
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account

PARTS = ((date(2027, 5, 1), 10_000), (date(2027, 7, 1), 10_000), (date(2027, 9, 1), 10_000))


@pytest.fixture
def scene(db: Session) -> Scene:
    """A promise of three parts of a hundred dirhams; nothing is called yet."""
    made = make_scene(db)
    payees.enter_account(db, made.treasurer, made.commune, account(), key="a")
    pledged(db, made, unit="MAD", amount=30_000, instalments=PARTS)
    return made


def the_pledge(db: Session, scene: Scene) -> Pledge:
    return queries.find_pledge(db, scene.commune.id, db.scalars(select(Pledge.id)).one())


def call_next(db: Session, scene: Scene) -> PaymentCall:
    pledge = the_pledge(db, scene)
    part = part_to_call(db, pledge)
    assert part is not None
    payee = queries.banking.accounts(db, scene.commune.id)[0]
    return payees.call(db, scene.treasurer, pledge, Calling(payee, part[0], part[1]), key=f"c{part[0]}")


def pay(db: Session, scene: Scene, amount: int) -> None:
    pledge, paid = the_pledge(db, scene), Payment(amount, today(), "OV")
    line = queries.find_line(db, scene.commune.id, pledge.line_id)
    treasury.receive_promise(db, scene.treasurer, line, pledge, payment=paid, key=f"r{amount}")


def status_on(db: Session, scene: Scene, day: date) -> PledgeStatus:
    (card,) = promises_of(db, day, scene.member.known())
    return card.status


def test_parts_are_called_one_by_one_until_all_are(db: Session, scene: Scene) -> None:
    calls = [call_next(db, scene) for _ in PARTS]
    assert [(each.due_on, each.amount_minor) for each in calls] == list(PARTS)
    assert part_to_call(db, the_pledge(db, scene)) is None


def test_a_promise_is_late_by_its_earliest_part_that_is_not_here_though_a_later_one_is_called(
    db: Session, scene: Scene
) -> None:
    call_next(db, scene)
    call_next(db, scene)
    assert status_on(db, scene, date(2027, 5, 1)) is PledgeStatus.CALLED
    assert status_on(db, scene, date(2027, 5, 2)) is PledgeStatus.OVERDUE
    assert open_accounts(db, scene.commune.id, date(2027, 5, 2)).overdue == 1
    pay(db, scene, 10_000)
    assert status_on(db, scene, date(2027, 5, 2)) is PledgeStatus.PART_RECEIVED
    assert open_accounts(db, scene.commune.id, date(2027, 5, 2)).overdue == 0
    assert status_on(db, scene, date(2027, 7, 2)) is PledgeStatus.OVERDUE


def test_each_part_is_reminded_of_by_itself_and_none_before_it_is_called(db: Session, scene: Scene) -> None:
    call_next(db, scene)
    call_next(db, scene)
    day = today()
    while day <= date(2027, 9, 20):
        with clock.held_at(day):
            reminders.remind(db, day)
            if day == date(2027, 6, 1):
                pay(db, scene, 10_000)
        day += timedelta(days=1)
    sent = db.execute(select(Reminder.due_on, Reminder.day).order_by(Reminder.day)).all()
    assert [due for due, _ in sent] == [PARTS[0][0]] * 3 + [PARTS[1][0]] * 3
    gaps = [(later[1] - earlier[1]).days for earlier, later in pairwise(sent)]
    assert min(gaps) >= 14
    assert prove(db, scene.commune.id, today()).of("L15") == []


def test_the_treasurer_is_offered_the_next_part_and_the_giver_pays_that_alone(
    browser: Browser, db: Session, scene: Scene
) -> None:
    pledge = the_pledge(db, scene)
    number, pledge_id, payee = scene.project.number, pledge.id, queries.banking.accounts(db, scene.commune.id)[0].id
    db.commit()
    browser.sign_in(scene.treasurer.known())
    address = f"/fr/tirsal/treasury/bank/calls/{pledge_id}"
    assert "La prochaine échéance" in browser.get(address).text
    browser.follow(browser.post(address, payee=str(payee), what="part", days="30"))
    assert db.scalars(select(PaymentCall.amount_minor)).all() == [10_000]
    browser.sign_in(scene.member.known())
    page = browser.get(f"/fr/tirsal/projects/{number}/promise/{pledge_id}/payment").text
    assert "100\u00a0DH" in page or "100\u202fDH" in page or ">100" in page
    assert "300" not in page


@given(st.lists(st.tuples(st.dates(), st.integers(1, 1000)), max_size=6), st.integers(0, 3000))
def test_what_is_unpaid_is_the_last_of_what_was_called(calls: list[tuple[date, int]], committed: int) -> None:
    found = unpaid(calls, committed)
    whole = sum(amount for _, amount in calls)
    assert sum(lack for _, lack in found) == min(whole, committed)
    assert [day for day, _ in found] == sorted(day for day, _ in calls)[len(calls) - len(found) :]

"""Receipts and money given back: numbers without a gap, one for each entry, cancelled with a reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, PayeeAccount, Pledge, Receipt
from cdp.funding.queries import receipts as reads
from cdp.funding.rules.ledger import Op
from cdp.funding.services import payees, placing, receipts, refunds, statements, treasury
from cdp.funding.services.refunds import Asked
from cdp.funding.services.treasury import Payment
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.notices.models import Notice
from cdp.people.actor import NOBODY
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


@pytest.fixture
def payee(db: Session, scene: Scene) -> PayeeAccount:
    return payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")


@pytest.fixture
def pledge(db: Session, scene: Scene) -> Pledge:
    """Twenty-five thousand dirhams promised by the member."""
    return queries.find_pledge(db, scene.commune.id, pledged(db, scene, unit="MAD", amount=2_500_000).id)


def came(db: Session, scene: Scene, pledge: Pledge, amount: int = 50_000, key: str = "r") -> LedgerEntry:
    line = queries.find_line(db, scene.commune.id, pledge.line_id)
    paid = Payment(amount, date(2027, 4, 2), f"Bordereau {key}")
    return treasury.receive_promise(db, scene.treasurer, line, pledge, payment=paid, key=key)


def test_numbers_follow_each_other_in_the_year_of_the_account(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    given = [receipts.issue(db, scene.treasurer, came(db, scene, pledge, key=key), payee) for key in "abc"]
    assert [(each.year, each.number) for each in given] == [(today().year, number) for number in (1, 2, 3)]
    receipts.cancel(db, scene.treasurer, given[1], "Wrong name")
    more = receipts.issue(db, scene.treasurer, came(db, scene, pledge, key="d"), payee)
    assert more.number == 4
    assert [row.holds for row in reads.issued(db, scene.commune.id)] == [True, True, False, True]


def test_an_entry_has_one_receipt_however_often_it_is_asked_for(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    entry = came(db, scene, pledge)
    first, again = (receipts.issue(db, scene.treasurer, entry, payee) for _ in range(2))
    assert first.id == again.id
    assert reads.without_receipt(db, scene.commune.id) == []
    told = db.scalars(select(Notice).where(Notice.kind == "receipt_issued")).all()
    assert [notice.person_id for notice in told] == [scene.person.id]


def test_what_was_taken_back_has_no_receipt_and_loses_the_one_it_had(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    one, two = came(db, scene, pledge, key="1"), came(db, scene, pledge, key="2")
    given = receipts.issue(db, scene.treasurer, one, payee)
    for entry in (one, two):
        treasury.reverse(db, scene.treasurer, scene.project, entry, "Of another commune")
    assert given.cancel_reason == "Of another commune"
    with pytest.raises(RuleBroken, match="no_receipt_for_this"):
        receipts.issue(db, scene.treasurer, two, payee)


def test_money_for_a_promise_that_was_called_is_entered_by_hand_once(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    calling = payees.Calling(payee, today() + timedelta(days=30))
    payees.call(db, scene.treasurer, pledge, calling, key="c")
    entry = came(db, scene, pledge, 50_000)
    rows = db.scalars(select(LedgerEntry).where(LedgerEntry.key.startswith("receive:"))).all()
    assert [(row.op, row.amount_minor) for row in rows] == [(Op.RECEIVE, 50_000)]
    assert came(db, scene, pledge, 50_000).id == entry.id


def test_a_promise_is_no_money_that_came(db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge) -> None:
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.op == Op.PLEDGE)).one()
    with pytest.raises(RuleBroken, match="no_receipt_for_this"):
        receipts.issue(db, scene.treasurer, entry, payee)


def test_only_the_treasurer_gives_and_cancels(db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge) -> None:
    entry = came(db, scene, pledge)
    for who in (scene.member, scene.officer, scene.president, NOBODY):
        with pytest.raises(Refused):
            receipts.issue(db, who, entry, payee)
    given = receipts.issue(db, scene.treasurer, entry, payee)
    with pytest.raises(Refused):
        receipts.cancel(db, scene.officer, given, "no")
    with pytest.raises(RuleBroken, match="reason_missing"):
        receipts.cancel(db, scene.treasurer, given, " ")


def test_money_goes_back_by_two_persons_above_the_threshold(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    given = receipts.issue(db, scene.treasurer, came(db, scene, pledge, 2_500_000), payee)
    alone = refunds.ask(db, scene.treasurer, pledge, Asked(2_500_000, "The works are dropped"), key="k")
    with pytest.raises(RuleBroken, match="second_person"):
        refunds.pay(db, scene.treasurer, alone, "OV 9", today())
    db.delete(alone)
    db.flush()
    asked = refunds.ask(db, scene.officer, pledge, Asked(2_500_000, "The works are dropped"), key="l")
    entry = refunds.pay(db, scene.treasurer, asked, "OV 9", today())
    assert (entry.op, entry.pledge_id, entry.second_by_id) == (Op.REFUND, pledge.id, scene.officer.person_id)
    assert given.cancel_reason == "The works are dropped"
    assert queries.money_sheet(db, scene.project, today()).received == Money(0)
    assert prove(db, scene.commune.id, today()).broken == ()
    with pytest.raises(RuleBroken, match="step_was_taken"):
        refunds.pay(db, scene.treasurer, asked, "OV 9", today())


def test_a_part_that_went_back_is_said_on_the_receipt(
    db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge
) -> None:
    given = receipts.issue(db, scene.treasurer, came(db, scene, pledge, 50_000), payee)
    asked = refunds.ask(db, scene.treasurer, pledge, Asked(20_000, "Paid twice"), key="k")
    refunds.pay(db, scene.treasurer, asked, "OV 9", today())
    row = reads.find(db, scene.commune.id, given.id)
    assert row.holds
    assert row.given_back == Money(20_000)
    year = reads.Year(2027, tuple(reads.issued(db, scene.commune.id, person_id=scene.person.id, year=2027)))
    assert year.sums == [Money(30_000)]


def test_no_more_goes_back_than_came_and_the_same_wish_counts_once(db: Session, scene: Scene, pledge: Pledge) -> None:
    came(db, scene, pledge, 50_000)
    first, again = (refunds.ask(db, scene.officer, pledge, Asked(40_000, "x"), key="k") for _ in range(2))
    assert first.id == again.id
    with pytest.raises(Conflict):
        refunds.ask(db, scene.officer, pledge, Asked(1, "x"), key="k")
    with pytest.raises(RuleBroken, match="not_enough_held"):
        refunds.ask(db, scene.officer, pledge, Asked(20_000, "x"), key="l")
    for who in (scene.member, scene.president, NOBODY):
        with pytest.raises(Refused):
            refunds.ask(db, who, pledge, Asked(1, "x"), key="m")


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_treasurer_gives_receipts_and_the_giver_reads_them_and_the_year(
    browser: Browser, db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge, language: str
) -> None:
    entry = came(db, scene, pledge, 25_005)
    db.commit()
    at = f"/{language}/tirsal/receipts"
    browser.sign_in(scene.treasurer.known())
    assert f"/entry/{entry.id}" in browser.get(f"{at}/").text
    browser.post(f"{at}/entry/{entry.id}", payee=str(payee.id))
    given = db.scalars(select(Receipt)).one()
    browser.sign_in(scene.member.known())
    page = browser.get(f"{at}/{given.id}").text
    assert "مائتان وخمسون درهما وخمسة سنتيمات" in page
    assert "deux cent cinquante dirhams et cinq centimes" in page
    assert browser.get(f"{at}/{given.id}/paper.pdf").data.startswith(b"%PDF")
    assert f"{given.year}/0001" in browser.get(f"{at}/mine/2027").text
    assert browser.get(f"{at}/mine/2027/paper.pdf").data.startswith(b"%PDF")
    assert "0001" not in browser.get(f"{at}/mine/2026").text


@pytest.mark.parametrize(("language", "said"), [("fr", "relevé bancaire"), ("ar", "كشف بنكي")])
def test_the_line_of_a_statement_is_named_in_words_on_its_receipt(
    browser: Browser, db: Session, scene: Scene, payee: PayeeAccount, pledge: Pledge, language: str, said: str
) -> None:
    text = f"Date;Libellé;Montant;Devise\n05/04/2027;VIR {pledge.reference};10,00;{payee.currency}\n"
    statements.bring(db, scene.treasurer, payee, statements.Brought("x.csv", text.encode()))
    placing.place_decided(db, scene.treasurer, scene.commune.id, key="d")
    (entry,) = db.scalars(select(LedgerEntry).where(LedgerEntry.statement_line.is_not(None)))
    scene.person.name_ar = "سلمى بنعلي"
    given = receipts.issue(db, scene.treasurer, entry, payee)
    db.commit()
    browser.sign_in(scene.member.known())
    page = browser.get(f"/{language}/tirsal/receipts/{given.id}").text
    assert said in page
    assert "statement" not in page
    assert ("سلمى بنعلي" if language == "ar" else "Salma Benali") in page

import io
import re
from base64 import b64decode
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import FundingLine
from cdp.funding.services import payees, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.treasury import Payment
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.kernel import clock
from cdp.kernel.clock import today
from tests.browser_of_pages import Browser
from tests.factories import make_person
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account

ABROAD = {
    "kind": PayeeKind.FOREIGN_ASSOCIATION, "holder": "Amis de Tirsal", "number": "FR76 3000 6000 0112 3456 7890 189",
    "currency": "EUR", "basis": LegalBasis.STATUTES, "basis_reference": "Mandate 3/2026",
}  # fmt: skip
UNTIL = date(2027, 7, 31)


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def called(db: Session, scene: Scene, over: dict[str, object] | None = None, unit: str = "MAD") -> str:
    """A promise that was called; the address of its payment sheet."""
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(valid_until=UNTIL, **over or {}), key="a")
    made = pledged(db, scene, unit=unit, amount=25_000)
    pledge = queries.find_pledge(db, scene.commune.id, made.id)
    payees.call(db, scene.treasurer, pledge, Calling(payee, today() + timedelta(days=30)), key="c")
    db.commit()
    return f"/tirsal/projects/{scene.project.number}/promise/{made.id}/payment"


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_giver_reads_how_to_pay_and_takes_it_away_as_paper(
    browser: Browser, db: Session, scene: Scene, language: str
) -> None:
    at = f"/{language}" + called(db, scene)
    browser.sign_in(scene.member.known())
    page = browser.get(at).text
    assert "011 519 0000012050005349 21" in page
    assert "Deliberation 12/2027" in page
    assert "data:image/svg" not in page
    assert "/payment" in browser.get(f"/{language}/me/promises").text
    paper = browser.get(at + ".pdf")
    assert paper.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    assert re.search(r"RF\d\d ?\d{4} ?\d{4}", text)
    assert "011519000001205000534921" in re.sub(r"\s", "", text)


def test_a_euro_account_in_the_payments_area_has_a_code_that_says_the_same(
    browser: Browser, db: Session, scene: Scene
) -> None:
    at = "/fr" + called(db, scene, ABROAD, unit="EUR")
    browser.sign_in(scene.member.known())
    found = re.search(r"data:image/svg\+xml;base64,([^\"]+)", browser.get(at).text)
    assert found
    assert b"<svg" in b64decode(found[1])


def test_nobody_else_sees_it_and_nobody_after_the_basis_has_ended(browser: Browser, db: Session, scene: Scene) -> None:
    at = "/fr" + called(db, scene)
    other = make_person(db)
    db.commit()
    browser.get(at, status=302)
    for who in (other.id, scene.treasurer.known(), scene.officer.known()):
        browser.sign_in(who)
        browser.get(at, status=404)
    browser.sign_in(scene.member.known())
    browser.get(at)
    with clock.held_at(UNTIL + timedelta(days=1)):
        answer = browser.get(at, status=422)
    assert "011519" not in answer.text


def test_money_that_came_before_the_call_does_not_pay_for_it_and_a_paid_call_asks_for_nothing(
    browser: Browser, db: Session, scene: Scene
) -> None:
    payee = payees.enter_account(db, scene.treasurer, scene.commune, account(valid_until=UNTIL), key="a")
    pledge = queries.find_pledge(db, scene.commune.id, pledged(db, scene, unit="MAD", amount=25_000).id)
    line = db.get_one(FundingLine, pledge.line_id)
    came = Payment(15_000, today(), "Slip 1")
    treasury.receive_promise(db, scene.treasurer, line, pledge, payment=came, key="early")
    payees.call(db, scene.treasurer, pledge, Calling(payee, today() + timedelta(days=30)), key="c")
    db.commit()
    at = f"/fr/tirsal/projects/{scene.project.number}/promise/{pledge.id}/payment"
    browser.sign_in(scene.member.known())
    assert "<bdi>100\u00a0DH</bdi>" in browser.get(at).text
    rest = Payment(10_000, today(), "Slip 2")
    treasury.receive_promise(db, scene.treasurer, line, pledge, payment=rest, key="rest")
    db.commit()
    page = browser.get(at, status=422).text
    assert "Il ne reste rien à payer" in page
    assert "011519" not in page


def test_a_promise_that_was_not_called_has_no_sheet(browser: Browser, db: Session, scene: Scene) -> None:
    made = pledged(db, scene, unit="MAD", amount=25_000)
    db.commit()
    browser.sign_in(scene.member.known())
    browser.get(f"/fr/tirsal/projects/{scene.project.number}/promise/{made.id}/payment", status=404)

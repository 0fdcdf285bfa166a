import io
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import LedgerEntry, PayeeAccount, StatementLine
from cdp.funding.rules.references import grouped
from cdp.funding.services import payees
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account, sheet

AT = "/fr/tirsal/treasury/bank"


@pytest.fixture
def scene(db: Session) -> Scene:
    made = make_scene(db)
    payees.enter_account(db, made.treasurer, made.commune, account(), key="a")
    db.commit()
    return made


def payee(browser: Browser) -> int:
    """The number of the first account."""
    with browser.app.extensions["store"].reader() as db:
        return int(db.scalars(select(PayeeAccount.id).order_by(PayeeAccount.id).limit(1)).one())


def bring(browser: Browser, data: bytes) -> str:
    answer = browser.post(
        f"{AT}/bring", account=str(payee(browser)), columns="0", file=(io.BytesIO(data), "releve.csv")
    )
    return browser.follow(answer).text if answer.status_code == 302 else answer.text


def test_a_statement_is_brought_confirmed_shared_out_undone_and_set_aside(
    browser: Browser, db: Session, scene: Scene
) -> None:
    named = pledged(db, scene, "n", unit="MAD", amount=50_000)
    liked = pledged(db, scene, "l", unit="MAD", amount=31_700)
    db.commit()
    browser.sign_in(scene.treasurer.known())
    page = bring(
        browser,
        sheet(
            f"05/04/2027;VIR {grouped(named.reference)};500,00;MAD",
            "06/04/2027;VIR SALMA BENALI;317,00;MAD",
            "07/04/2027;VIR X;90,00;MAD",
            "08/04/2027;FRAIS;-12,00;MAD",
        ),
    )
    assert "Lignes nouvelles" in page
    assert grouped(named.reference) in page
    browser.follow(browser.post(f"{AT}/decided", form_at=f"{AT}/"))
    sent = re.search(
        rf'lines/(\d+)/confirm.*?name="parts" value="({liked.id}:\d+)"', browser.get(f"{AT}/").text, re.DOTALL
    )
    assert sent
    for _ in range(2):
        browser.post(f"{AT}/lines/{sent[1]}/confirm", form_at=f"{AT}/lines/{sent[1]}", parts=sent[2])
    rows = list(db.scalars(select(LedgerEntry).where(LedgerEntry.statement_line.is_not(None))))
    assert sorted(row.amount_minor for row in rows) == [31_700, 50_000]
    third, fourth = db.scalars(select(StatementLine).order_by(StatementLine.id)).all()[2:]
    browser.follow(browser.post(f"{AT}/lines/{third.id}", **{"place_1": "", "amount_1": ""}))
    assert "attend, non affecté" in browser.get(f"{AT}/").text
    browser.follow(browser.post(f"{AT}/lines/{fourth.id}/aside", reason="Frais de tenue de compte"))
    assert "Frais de tenue de compte" in browser.get(f"{AT}/lines").text
    browser.follow(browser.post(f"{AT}/lines/{sent[1]}/undo", reason="Un autre Benali"))
    assert "VIR SALMA BENALI" in browser.get(f"{AT}/").text


def test_what_is_over_is_said_and_a_reference_used_up_offers_nothing(
    browser: Browser, db: Session, scene: Scene
) -> None:
    named = pledged(db, scene, unit="MAD", amount=50_000)
    db.commit()
    browser.sign_in(scene.treasurer.known())
    row = f"VIR {grouped(named.reference)}"
    page = bring(browser, sheet(f"05/04/2027;{row};700,00;MAD", f"06/04/2027;{row};1,00;MAD"))
    assert page.count('name="parts"') == 1
    assert re.search(r'non affecté\W+bdi class="money">200\W+DH', page)


def test_a_payment_that_went_back_is_shown_with_the_one_it_takes_back(
    browser: Browser, db: Session, scene: Scene
) -> None:
    named = pledged(db, scene, unit="MAD", amount=50_000)
    db.commit()
    browser.sign_in(scene.treasurer.known())
    row = grouped(named.reference)
    page = bring(browser, sheet(f"05/04/2027;VIR {row};500,00;MAD", f"06/04/2027;REJET VIR {row};-500,00;MAD"))
    assert "un paiement retourné" in page
    assert "5 avril 2027" in page


def test_a_file_that_is_no_statement_is_refused_with_its_line(browser: Browser, db: Session, scene: Scene) -> None:
    browser.sign_in(scene.treasurer.known())
    for row in ("05/04/2027;VIR;abc;MAD", "30/02/2027;VIR;5,00;MAD", "05/04/2027;VIR;5,12345;MAD"):
        page = bring(browser, sheet("04/04/2027;VIR;1,00;MAD", row))
        assert "Ligne ou écriture 3" in page
        assert 'role="alert"' in page
    assert db.scalars(select(StatementLine)).all() == []


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_all_pages_are_said_in_three_languages(browser: Browser, db: Session, scene: Scene, language: str) -> None:
    pledge = pledged(db, scene, "n", unit="MAD", amount=50_000)
    db.commit()
    browser.sign_in(scene.treasurer.known())
    bring(browser, sheet("06/04/2027;VIR SALMA BENALI;500,00;MAD"))
    line = db.scalars(select(StatementLine.id)).one()
    at = f"/{language}/tirsal/treasury/bank"
    for place in (
        "/", "/bring", "/lines", "/accounts", "/accounts/new", "/maps/new", f"/calls/{pledge.id}",
        f"/accounts/{payee(browser)}/close",
        f"/lines/{line}", f"/lines/{line}/undo", f"/lines/{line}/aside",
    ):  # fmt: skip
        browser.get(at + place)


def test_a_map_is_kept_an_account_entered_and_a_promise_called(browser: Browser, db: Session, scene: Scene) -> None:
    pledge = pledged(db, scene, "n", unit="MAD", amount=50_000)
    db.commit()
    browser.sign_in(scene.treasurer.known())
    browser.follow(browser.post(f"{AT}/maps/new", name="Banque A", booked="1", amount="4", text="Libellé", decimal=","))
    assert "Banque A" in browser.get(f"{AT}/bring").text
    wrong = {"kind": "association", "holder": "Tirsal", "number": "123", "currency": "MAD", "basis": "convention"}
    wrong |= {"basis_reference": "C 1", "basis_on": "2027-01-01", "valid_from": "2027-01-01", "channels": "transfer"}
    assert 'role="alert"' in browser.post(f"{AT}/accounts/new", **wrong).text
    browser.follow(browser.post(f"{AT}/accounts/new", **wrong | {"number": "001810007800020110620318"}))
    browser.follow(browser.post(f"{AT}/calls/{pledge.id}", payee=str(payee(browser)), days="30"))
    assert db.scalars(select(LedgerEntry.op).order_by(LedgerEntry.sequence)).all() == ["pledge", "commit"]

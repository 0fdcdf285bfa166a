import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from cdp.config import Settings
from cdp.kernel.words import Words
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_round

PAGES = ("accessibility", "personal-data", "open-data", "taking-part")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_what_must_be_said_stands_with_and_without_a_commune(
    browser: Browser, db: Session, language: str, page: str
) -> None:
    make_round(db, make_commune(db, slug="tirsal"))
    db.commit()
    for address in (f"/{language}/about/{page}", f"/{language}/tirsal/about/{page}"):
        assert len(browser.get(address).data) <= 15 * 1024


def test_every_page_leads_there_within_its_commune(browser: Browser, db: Session) -> None:
    make_commune(db, slug="tirsal")
    db.commit()
    assert 'href="/fr/tirsal/about/personal-data"' in browser.get("/fr/tirsal/").text
    assert 'href="/fr/about/personal-data"' in browser.get("/fr/").text
    assert 'href="/ar/tirsal/about/open-data"' in browser.get("/fr/tirsal/about/open-data").text


def test_the_commune_says_who_answers_for_personal_data(browser: Browser, db: Session) -> None:
    make_commune(
        db, slug="tirsal", controller=Words(fr="Le président (inventé)"), cndp_receipt="D-1/2027", contact="a@b.example"
    )
    make_commune(db, slug="silent")
    db.commit()
    page = browser.get("/fr/tirsal/about/personal-data").text
    for said in ("Le président (inventé)", "D-1/2027", "mailto:a@b.example"):
        assert said in page
    assert "La commune n’en a pas saisi." in browser.get("/fr/silent/about/personal-data").text


def test_every_file_that_is_named_can_be_opened(browser: Browser, db: Session) -> None:
    make_round(db, make_commune(db, slug="tirsal"))
    db.commit()
    page = browser.get("/fr/tirsal/about/open-data").text
    files = re.findall(r'href="([^"]+(?:\.csv|\.json|/api/[^"]+))"', page)
    assert len(files) >= 9
    for address in files:
        assert browser.client.get(address).status_code == 200, address


def test_a_licence_is_named_only_when_the_commune_has_set_one(browser: Browser, db: Session) -> None:
    make_commune(db, slug="silent")
    make_commune(db, slug="open", settings={"licence": "ODbL 1.0"})
    db.commit()
    assert "pas encore fixé de licence" in browser.get("/fr/silent/about/open-data").text
    assert "ODbL 1.0" in browser.get("/fr/open/about/open-data").text


def test_whoever_uses_it_finds_the_source(app: Flask, browser: Browser, tmp_path: Path) -> None:
    assert 'href="/fr/about/open-data#source"' in browser.get("/fr/").text
    said = Settings(instance=tmp_path, secret_key="k" * 40, source_address="https://code.example.org/cdp")
    app.config["SETTINGS"] = said
    assert 'href="https://code.example.org/cdp"' in browser.get("/fr/").text
    with pytest.raises(ValueError, match="source_address"):
        Settings(instance=tmp_path, source_address="javascript:alert(1)")

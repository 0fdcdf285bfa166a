from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_round


def test_the_front_page_speaks_each_language_in_its_direction(browser: Browser) -> None:
    assert 'dir="rtl"' in browser.get("/ar/").text
    assert 'lang="fr" dir="ltr"' in browser.get("/fr/").text


def test_an_unknown_language_commune_or_page_is_told_so(browser: Browser) -> None:
    assert browser.get("/xx/", status=404).status_code == 404
    assert "Aucune commune" in browser.get("/fr/nowhere/", status=404).text
    browser.get("/fr/one/two/three/four", status=404)


def test_a_commune_has_its_front_door(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    db.commit()
    assert round_.first_year == 2028
    browser.get("/ar/tirsal/")


def test_every_answer_carries_the_strict_headers(browser: Browser) -> None:
    headers = browser.get("/fr/").headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_footer_leads_to_the_source_or_says_that_none_is_named(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'open-data#source">Code source' in browser.get("/fr/").text
    settings = replace(app.config["SETTINGS"], source_address="https://example.org/cdp")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert 'href="https://example.org/cdp">Code source' in browser.get("/fr/").text

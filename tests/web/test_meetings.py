"""The pages of meetings and of the diagnosis: what anyone reads, what is called, written up, corrected, taken back."""

import pytest
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.meetings import queries
from cdp.people.states import Role
from cdp.rounds.models import Round
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_locality, make_official, make_round

PAGE = "/fr/tirsal/2028/meetings/"


@pytest.fixture
def round_(db: Session, browser: Browser) -> Round:
    """A round of a commune with a douar, and its facilitator signed in."""
    commune = make_commune(db, slug="tirsal")
    made = make_round(db, commune)
    make_locality(db, commune)
    person = make_official(db, commune, Role.FACILITATOR)
    db.commit()
    browser.sign_in(person.id)
    return made


def call(browser: Browser, **over: str) -> None:
    given = {"kind": "workshop", "title-fr": "Atelier du Nord", "held_on": today().isoformat(), "begins_at": "14:00"}
    browser.post(f"{PAGE}new", form_at=f"{PAGE}new", **given | over)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_before_there_is_a_meeting_the_page_says_what_comes(browser: Browser, round_: Round, language: str) -> None:
    browser.sign_out()
    text = browser.get(f"/{language}/tirsal/2028/meetings/").text
    assert "/new" not in text
    assert "empty" in text


def test_a_facilitator_calls_writes_up_and_corrects_and_anyone_reads_it(
    db: Session, browser: Browser, round_: Round
) -> None:
    call(browser)
    (row,) = queries.meetings(db, round_.id)
    page = f"{PAGE}{row.id}"
    given = {"present": "30", "sex_women": "18", "sex_men": "12", "kind_0": "need", "sector_0": "water"}
    wrong = browser.post(page, form_at=page, **given | {"sex_men": "40"})
    assert "is-danger" in wrong.text
    browser.post(page, form_at=page, **given | {"text_0-fr": "L’eau manque l’été", "minutes-fr": "Tous ont parlé"})
    browser.post(page, form_at=page, **given | {"text_0-fr": "L’eau manque en août", "sex_women": "16"})
    browser.sign_out()
    text = browser.get(PAGE).text
    assert "L’eau manque en août" in text
    assert "L’eau manque l’été" not in text
    assert "16" in text
    assert f"{PAGE}{row.id}" not in text


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_title_and_day_of_a_meeting_are_changed_on_its_page(
    db: Session, browser: Browser, round_: Round, language: str
) -> None:
    call(browser)
    (row,) = queries.meetings(db, round_.id)
    page = f"/{language}/tirsal/2028/meetings/{row.id}/call"
    assert 'value="14:00"' in browser.get(page).text
    sent = {"kind": "workshop", "title-fr": "Atelier du Sud", "held_on": "2027-04-20", "begins_at": "15:00"}
    assert "Atelier du Sud" in browser.follow(browser.post(page, form_at=page, **sent)).text
    db.rollback()
    (row,) = queries.meetings(db, round_.id)
    assert (row.begins_at, str(row.held_on)) == ("15:00", "2027-04-20")


def test_a_call_by_mistake_is_called_off(db: Session, browser: Browser, round_: Round) -> None:
    call(browser)
    (row,) = queries.meetings(db, round_.id)
    browser.post(f"{PAGE}{row.id}/call-off", form_at=PAGE)
    db.rollback()
    assert queries.meetings(db, round_.id) == ()


def test_a_figure_needs_its_source_stands_beside_the_census_and_is_taken_back(browser: Browser, round_: Round) -> None:
    page = f"{PAGE}figures"
    given = {"indicator": "sewer", "value": "0.7", "year": "2026"}
    assert "is-danger" in browser.post(page, form_at=page, **given).text
    browser.post(page, form_at=page, **given | {"source": "Relevé de la commune"})
    assert "Relevé de la commune" in browser.get(PAGE).text
    browser.post(f"{page}/sewer/take-back", form_at=page)
    assert "Relevé de la commune" not in browser.get(PAGE).text

"""The page of the legal path: what anyone reads, what the office does on it."""

import io

import pytest
from sqlalchemy.orm import Session

from cdp.communes.queries import find
from tests.browser_of_pages import Browser
from tests.exports.plan_books import blank_pdf, make_adopted
from tests.factories import make_official

PATH = "/fr/tirsal/2028/path"


@pytest.fixture
def _planned(db: Session) -> None:
    """A commune whose plan was adopted."""
    make_adopted(db)


def sign_in(db: Session, browser: Browser) -> None:
    person = make_official(db, find(db, "tirsal"))
    db.commit()
    browser.sign_in(person.id)


@pytest.mark.usefixtures("_planned")
@pytest.mark.parametrize(
    ("language", "says"), [("ar", "لا"), ("fr", "vérifié par un juriste\u00a0: non"), ("en", "no")]
)
def test_anyone_reads_the_steps_and_that_no_lawyer_has_read_them(browser: Browser, language: str, says: str) -> None:
    text = browser.get(f"/{language}/tirsal/2028/path/").text
    assert says in text
    assert "113-14" in text
    assert ("المادة 78" if language == "ar" else "113-14, art. 78") in text
    assert "/step" not in text


@pytest.mark.usefixtures("_planned")
def test_the_feed_is_a_calendar(browser: Browser) -> None:
    answer = browser.get(f"{PATH}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.text.count("BEGIN:VEVENT") > 3


@pytest.mark.usefixtures("_planned")
def test_the_office_notes_a_day_and_reads_a_rule_otherwise(db: Session, browser: Browser) -> None:
    sign_in(db, browser)
    page = f"{PATH}/visa/step"
    browser.post(f"{PATH}/visa/day", form_at=page, happened_on="2027-04-01")
    rule = {
        "rule_kind": "at_latest",
        "counts_from": "deliberation_received",
        "days": "25",
        "reason": "Écrit du gouverneur",
    }
    assert (
        "Dites pourquoi" in browser.post(page, form_at=page, article="113-14, art. 118", **rule | {"reason": " "}).text
    )
    browser.post(page, form_at=page, article="113-14, art. 118", **rule)
    text = browser.get(f"{PATH}/").text
    assert "1er avril 2027" in text
    assert "selon la lecture de cette commune" in text
    assert "Écrit du gouverneur" in text
    assert "réputé donné" not in text
    browser.post(page, form_at=page, article="113-14, art. 118", **rule, silence_grants="y")
    assert "réputé donné" in browser.get(f"{PATH}/").text


@pytest.mark.usefixtures("_planned")
def test_the_report_of_each_year_is_a_step_and_an_event_of_its_own(db: Session, browser: Browser) -> None:
    sign_in(db, browser)
    browser.post(f"{PATH}/visa/day", form_at=f"{PATH}/visa/step", happened_on="2027-04-01")
    third = f"{PATH}/evaluation_report/step?time=3"
    browser.post(f"{PATH}/evaluation_report/day?time=3", form_at=third, happened_on="2027-04-02")
    page = browser.get(f"{PATH}/").text
    assert page.count("evaluation_report/step?time=") == 5
    assert 'id="evaluation_report-3"' in page
    assert page.count("yearly_report.pdf?time=3") == 1
    feed = browser.get(f"{PATH}/calendar.ics").text.replace("\r\n ", "")
    assert feed.count("-evaluation_report-3@cdp") == 1
    assert "(2029)" in feed
    browser.get(f"{PATH}/evaluation_report/step?time=7", status=404)
    assert browser.get(f"{PATH}/papers/yearly_report.docx?time=3").data.startswith(b"PK")


@pytest.mark.usefixtures("_planned")
def test_months_are_read_otherwise_and_what_is_no_month_is_refused(db: Session, browser: Browser) -> None:
    sign_in(db, browser)
    update, session = f"{PATH}/update/step", f"{PATH}/council_session/step"
    rule = {"rule_kind": "not_before", "counts_from": "visa", "reason": "Avis du juriste"}
    assert "Écrivez un nombre" in browser.post(update, form_at=update, article="x", **rule, months=" ").text
    browser.follow(browser.post(update, form_at=update, article="113-14, art. 80", months="30", **rule))
    assert 'value="30"' in browser.get(update).text
    month = {"rule_kind": "month", "reason": "Avis du juriste"}
    for language, says in (("fr", "de 1 à 12"), ("ar", "من 1 إلى 12"), ("en", "1 to 12")):
        at = session.replace("/fr/", f"/{language}/")
        assert says in browser.post(at, form_at=at, article="113-14, art. 33", in_months="2, 13", **month).text
    browser.follow(browser.post(session, form_at=session, article="113-14, art. 33", in_months="3 6 9", **month))
    assert "3, 6, 9" in browser.get(session).text


@pytest.mark.usefixtures("_planned")
def test_a_signed_scan_comes_back_and_anyone_may_read_it(db: Session, browser: Browser) -> None:
    sign_in(db, browser)
    pdf = (io.BytesIO(blank_pdf()), "decision.pdf")
    browser.post(
        f"{PATH}/decision_to_draw_up/scan",
        form_at=f"{PATH}/decision_to_draw_up/step",
        kind="decision",
        dated="2027-04-01",
        file=pdf,
    )
    browser.sign_out()
    assert "SHA-256" in browser.get(f"{PATH}/").text


@pytest.mark.usefixtures("_planned")
def test_papers_come_as_word_and_as_pdf_for_the_office_alone(db: Session, browser: Browser) -> None:
    browser.get(f"{PATH}/papers/decision.docx", status=302)
    sign_in(db, browser)
    assert browser.get(f"{PATH}/papers/decision.docx").data.startswith(b"PK")
    assert browser.get(f"{PATH}/papers/deliberation.pdf").data.startswith(b"%PDF-")
    browser.get(f"{PATH}/papers/nothing.pdf", status=404)


@pytest.mark.usefixtures("_planned")
def test_the_plan_can_be_taken_away_by_anyone(browser: Browser) -> None:
    assert "plan.pdf" in browser.get("/fr/tirsal/2028/plan/").text
    answer = browser.get("/ar/tirsal/2028/plan/1/plan.pdf")
    assert answer.data.startswith(b"%PDF-")
    browser.get("/fr/tirsal/2028/plan/1/plan.xlsx")
    assert browser.get("/fr/tirsal/2028/plan/1/plan.json").json["data_sha256"]
    browser.get("/fr/tirsal/2028/plan/1/no_such.csv", status=404)
    browser.get("/fr/tirsal/2028/plan/9/plan.pdf", status=404)

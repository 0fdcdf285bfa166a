"""The treasurer chooses a project's rules in pages; everybody reads what is missing before a partner comes."""

import pytest
from sqlalchemy.orm import Session

from cdp.funding.services import treasury
from cdp.funding.services.treasury import Signed
from cdp.kernel.clock import today
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene


@pytest.fixture
def scene(browser: Browser, db: Session) -> Scene:
    made = make_scene(db)
    signed = Signed(Source.MINISTRY, "", 90_000_00, today(), "CONV-1")
    treasury.sign(db, made.treasurer, made.project, signed, key="s")
    db.commit()
    browser.sign_in(made.treasurer.known())
    return made


LANGUAGES = {
    "fr": ("3x1 (clubs de migrants)", "Ce qui débloque les partenaires", "avant que viennent"),
    "ar": ("3×1 (أندية المهاجرين)", "ما يحرر مساهمات الشركاء", "قبل أن تأتي"),
    "en": ("3x1 (migrants’ clubs)", "What unlocks the partners", "more received before"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_is_chosen_and_everybody_reads_what_unlocks_the_partner(
    browser: Browser, scene: Scene, language: str
) -> None:
    name, title, missing = LANGUAGES[language]
    number = scene.project.number
    assert name in browser.get(f"/{language}/tirsal/treasury/rules").text
    address = f"/{language}/tirsal/treasury/projects/{number}/shares"
    assert name in browser.get(address).text
    browser.follow(browser.post(address, rule="dar_1_3", since=str(today()), reason=""))
    assert missing in browser.get(f"/{language}/tirsal/treasury/projects/{number}").text
    browser.sign_out()
    page = browser.get(f"/{language}/tirsal/projects/{number}").text
    assert title in page
    assert missing in page
    assert "dar_1_3" not in page


def test_a_project_keeps_a_rule_with_other_numbers_and_a_sponsor(browser: Browser, scene: Scene) -> None:
    number = scene.project.number
    own = f"/en/tirsal/treasury/projects/{number}/shares/own?rule=dar_1_3"
    given = {"name-en": "DAR of the region", "sources_1": "ministry", "most_1": "40", "sources_2": "diaspora"}
    given |= {"least_2": "12,5", "since": str(today()), "reason": "Call of 2027"}
    assert "percentages from 0 to 100" in browser.post(own, **given | {"least_2": "12,555"}).text
    browser.follow(browser.post(own, **given))
    match = f"/en/tirsal/treasury/projects/{number}/match"
    sponsor = {"source": "region", "party": "Region", "give": "1", "each": "2", "of": "diaspora", "since": str(today())}
    assert "must be above zero" in browser.post(match, **sponsor).text
    browser.follow(browser.post(match, **sponsor, pool="20 000"))
    page = browser.get(f"/en/tirsal/projects/{number}").text
    for words in ("DAR of the region", ">12.5<", "Call of 2027", "adds", "Added so far"):
        assert words in page, words


def test_a_communes_own_copy_stands_in_the_register_and_may_be_chosen(browser: Browser, scene: Scene) -> None:
    given = {"name-en": "INDH of our province", "sources_1": "indh", "most_1": "80", "since": str(today())}
    address = "/en/tirsal/treasury/rules/own"
    assert "A reason is needed" in browser.post(f"{address}?rule=indh_70_30", **given).text
    browser.follow(browser.post(f"{address}?rule=indh_70_30", **given, reason="Call of 2027"))
    assert "INDH of our province" in browser.get("/en/tirsal/treasury/rules").text
    assert "INDH of our province" in browser.get(f"/en/tirsal/treasury/projects/{scene.project.number}/shares").text
    assert browser.get(f"{address}?rule=nowhere", status=404)

"""The charter's form: it keeps what it does not ask, and lets texts be written anew while nothing depends on them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.kernel.money import Money
from cdp.priorities.models import Mark, MarkSheet
from cdp.rounds import queries
from cdp.rounds.models import Round
from cdp.rounds.rules.charter import CharterRules, Envelope
from cdp.rounds.states import Source, Sureness
from tests.browser_of_pages import Browser
from tests.factories import charter_rules, make_commune, make_official, make_proposal, make_round
from tests.factories import keep as flushed

ADDRESS = "/fr/tirsal/rounds/2028/charter"

MIXED = {2028: Sureness.SIGNED, 2029: Sureness.PROMISED, 2030: Sureness.EXPECTED}


@pytest.fixture
def round_(db: Session, browser: Browser) -> Round:
    """A round whose provincial money is signed for one year, promised for the next, expected after; its officer."""
    rules = charter_rules()
    mixed = tuple(Envelope(year, Source.PROVINCE, Money(10_000_000), sure) for year, sure in MIXED.items())
    commune = make_commune(db, slug="tirsal")
    made = make_round(db, commune, rules=replace(rules, envelopes=(*rules.envelopes, *mixed)))
    officer = make_official(db, commune)
    db.commit()
    browser.sign_in(officer.id)
    return made


def filled(page: str) -> dict[str, Any]:
    """The form as it stands on the page: what a person sends who changes nothing."""
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and (not re.search(r'type="(?:checkbox|radio)"', tag) or " checked" in tag):
            fields[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        fields[name] = chosen[1] if chosen else re.findall(r'value="([^"]*)"', body)[0]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        fields[name] = text.strip()
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def charter(db: Session, round_: Round) -> CharterRules:
    db.rollback()
    return queries.card(db, queries.find(db, round_.commune_id, 2028)).charter


def sent(browser: Browser, **over: Any) -> Any:
    return browser.post(ADDRESS, **filled(browser.get(ADDRESS).text) | over)


def test_sending_the_form_unchanged_leaves_every_year_as_sure_as_it_was(
    browser: Browser, db: Session, round_: Round
) -> None:
    before = charter(db, round_)
    assert sent(browser).status_code == 302
    after = charter(db, round_)
    assert set(after.envelopes) == set(before.envelopes)
    assert {e.year: e.sureness for e in after.envelopes if e.source is Source.PROVINCE} == MIXED


def test_choosing_one_answer_for_a_source_holds_for_all_its_years(browser: Browser, db: Session, round_: Round) -> None:
    sent(browser, sureness_province="signed")
    found = {e.sureness for e in charter(db, round_).envelopes if e.source is Source.PROVINCE}
    assert found == {Sureness.SIGNED}


def test_the_texts_of_a_criterion_are_written_anew_while_nobody_has_marked(
    browser: Browser, db: Session, round_: Round
) -> None:
    texts = {"name_of_need-fr": "Urgence", "help_of_need-fr": "Qui attend ?", "mark_5_of_need-fr": "Tout le douar"}
    assert sent(browser, **texts).status_code == 302
    need = next(c for c in charter(db, round_).criteria if c.key == "need")
    assert (need.name["fr"], need.name["ar"], need.weight) == ("Urgence", "الحاجة", 3)
    assert (need.help["fr"], need.anchors[5]["fr"]) == ("Qui attend ?", "Tout le douar")


def test_a_criterion_without_a_name_keeps_the_one_it_had(browser: Browser, db: Session, round_: Round) -> None:
    sent(browser, **{"name_of_need-fr": "", "name_of_need-ar": "", "name_of_need-en": ""})
    assert next(c for c in charter(db, round_).criteria if c.key == "need").name["fr"] == "Besoin"


def test_once_somebody_has_marked_the_texts_are_no_longer_offered(browser: Browser, db: Session, round_: Round) -> None:
    proposal, member = make_proposal(db, round_), round_.opened_by_id
    of = {"commune_id": round_.commune_id, "round_id": round_.id, "proposal_id": proposal.id, "member_id": member}
    sheet = flushed(db, MarkSheet(**of, charter_version=1, handed_in_at=now()))
    flushed(db, Mark(commune_id=round_.commune_id, sheet_id=sheet.id, criterion="need", value=3))
    db.commit()
    page = browser.get(ADDRESS).text
    assert "name_of_need" not in page


def test_once_a_proposal_is_handed_in_the_weights_stand(browser: Browser, db: Session, round_: Round) -> None:
    assert "weight_need" in browser.get(ADDRESS).text
    make_proposal(db, round_)
    db.commit()
    page = browser.get(ADDRESS).text
    assert "weight_need" not in page
    assert "les poids ne changent plus" in page
    before = charter(db, round_)
    assert sent(browser, **{"weight_need": "99", "new_criterion-fr": "Autre", "reason": "Essai."}).status_code == 302
    assert charter(db, round_).weights() == before.weights()

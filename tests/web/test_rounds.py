import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.conduct.reference import reference
from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.people.models import Person
from cdp.people.states import Role
from cdp.rounds import queries
from cdp.rounds.models import Charter, PhaseDecision, PhaseWindow, Round
from cdp.rounds.rules.defaults import charter_of
from cdp.rounds.states import DecisionKind, Phase, Source
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official, make_proposal, make_resident, make_round


def office(db: Session, browser: Browser, commune: Commune, role: Role = Role.OFFICER) -> Person:
    person = make_official(db, commune, role, name="Fatima Ouali")
    db.commit()
    browser.sign_in(person.id)
    return person


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back of a form as it stands."""
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in given and given["name"] != "csrf_token":
            sent[given["name"]] = given.get("value", "y")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.mark.parametrize(
    ("language", "words"),
    [("ar", "أين وصلنا؟"), ("fr", "Où en sommes-nous"), ("en", "Where are we?")],
)
def test_everybody_reads_the_path_and_the_charter_of_a_round(
    browser: Browser, db: Session, language: str, words: str
) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    db.commit()
    assert round_.first_year == 2028
    text = browser.get(f"/{language}/tirsal/rounds/2028/").text
    assert words in text
    assert text.count("path__step is-") == 9
    assert "is-now" in text
    assert "rounds/2028/charter" not in text
    browser.get(f"/{language}/tirsal/rounds/")


def test_the_page_says_the_days_that_are_left_and_the_money_by_year_and_source(browser: Browser, db: Session) -> None:
    make_round(db, make_commune(db, slug="tirsal"))
    db.commit()
    text = browser.get("/fr/tirsal/rounds/2028/").text
    assert "encore 20 jours" in text
    assert "8\u202f400\u202f000" in text.replace("&#8239;", "\u202f")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_charter_in_full_says_each_mark_and_each_year(browser: Browser, db: Session, language: str) -> None:
    make_round(db, make_commune(db, slug="tirsal"), rules=charter_of(reference()))
    make_round(db, db.scalars(select(Commune).where(Commune.slug == "tirsal")).one(), first_year=2034, last_year=2039)
    db.commit()
    text = browser.get(f"/{language}/tirsal/rounds/2028/rules").text
    assert text.count("<details") >= 6
    assert 'id="years"' in browser.get(f"/{language}/tirsal/rounds/2034/rules").text


def test_the_page_of_a_round_with_the_whole_reference_charter_is_light(browser: Browser, db: Session) -> None:
    make_round(db, make_commune(db, slug="tirsal"), rules=charter_of(reference()))
    db.commit()
    assert len(browser.get("/ar/tirsal/rounds/2028/").data) <= 15 * 1024


def test_a_round_of_another_commune_or_year_is_not_found(browser: Browser, db: Session) -> None:
    make_round(db, make_commune(db, slug="tirsal"))
    make_commune(db, slug="elsewhere")
    db.commit()
    for address in ("/fr/elsewhere/rounds/2028/", "/fr/tirsal/rounds/2035/", "/fr/nowhere/rounds/2028/"):
        browser.get(address, status=404)


def test_who_does_not_keep_the_round_is_refused_on_every_page_of_the_office(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    commune = db.get_one(Commune, round_.commune_id)
    others = [
        make_resident(db, commune),
        make_official(db, commune, Role.FACILITATOR),
        make_official(db, make_commune(db)),
    ]
    db.commit()
    pages = ("new", "2028/charter", "2028/phases", "2028/decision")
    for page in pages:
        assert browser.get(f"/fr/tirsal/rounds/{page}", status=302).location
    for person in others:
        browser.sign_in(person.id)
        for page in pages:
            browser.get(f"/fr/tirsal/rounds/{page}", status=403)


def opened(browser: Browser, language: str = "ar", **over: Any) -> Any:
    address = f"/{language}/tirsal/rounds/new?first_year=2028&last_year=2033&starts_on=2027-05-03"
    sent = fields_of(browser.get(address).text) | over
    return browser.post(address, **sent)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_officer_opens_a_round_from_what_is_proposed(browser: Browser, db: Session, language: str) -> None:
    office(db, browser, make_commune(db, slug="tirsal"))
    page = browser.get(f"/{language}/tirsal/rounds/new")
    assert 'name="first_year"' in page.text
    answer = opened(browser, language, **{"money_own_2028": "1 450 000", "money_indh_2029": "500000,50"})
    assert answer.status_code == 302, answer.text
    browser.follow(answer)
    round_ = db.scalars(select(Round)).one()
    card = queries.card(db, round_)
    assert set(round_.title) == {"ar", "fr", "en"}
    assert [w.phase for w in card.windows] == list(Phase)
    assert sum(c.weight for c in card.charter.criteria) == 100
    assert {(e.year, e.source, e.amount) for e in card.charter.envelopes} == {
        (2028, Source.OWN, Money(145_000_000)),
        (2029, Source.INDH, Money(50_000_050)),
    }
    assert opened(browser, language, money_own_2028="1 450 000", money_indh_2029="500000,50").status_code == 302
    assert len(db.scalars(select(Round)).all()) == 1


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"money_own_2028": "-5"}, "négatif|dessous de zéro|inférieur"),
        ({"money_own_2028": "beaucoup"}, "n’est pas un montant"),
        ({"starts_review": "2027-01-01"}, "chevauchent|avant de commencer"),
        ({"starts_proposals": "", "ends_proposals": ""}, "jours pour les propositions"),
        ({"starts_visa": ""}, "Donnez aussi le premier jour"),
        ({"weight_need": "-1"}, "weight_need"),
        ({"supports_each": "0"}, "supports_each"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_nothing_is_opened(
    browser: Browser, db: Session, over: dict[str, str], said: str
) -> None:
    office(db, browser, make_commune(db, slug="tirsal"))
    answer = opened(browser, "fr", **over)
    assert answer.status_code == 422
    assert re.search(said, answer.text)
    assert db.scalars(select(Round)).all() == []


def test_years_that_cannot_frame_a_plan_are_asked_again(browser: Browser, db: Session) -> None:
    office(db, browser, make_commune(db, slug="tirsal"))
    for query in (
        "first_year=2033&last_year=2028&starts_on=2027-05-03",
        "first_year=x",
        "first_year=2028&last_year=2090&starts_on=2027-05-03",
    ):
        text = browser.get(f"/fr/tirsal/rounds/new?{query}").text
        assert 'name="first_year"' in text
        assert 'role="alert"' in text


def test_the_charter_is_edited_in_place_then_frozen_and_changed_with_a_reason(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    office(db, browser, db.get_one(Commune, round_.commune_id))
    address = "/fr/tirsal/rounds/2028/charter"
    sent = fields_of(browser.get(address).text)
    assert browser.post(address, **sent | {"supports_each": "4"}).status_code == 302
    assert db.scalars(select(Charter.version)).all() == [1]
    make_proposal(db, round_)
    db.commit()
    assert "Déjà figé" in browser.get(address).text
    refused = browser.post(address, **sent | {"supports_each": "5"})
    assert refused.status_code == 422
    assert "il sera public" in refused.text
    changed = sent | {"supports_each": "5", "new_sector-fr": "École", "reason": "Demandé par l’atelier."}
    page = browser.follow(browser.post(address, **changed))
    assert "Demandé par l’atelier." in page.text
    assert "École" in page.text
    assert "Version 2" in page.text


def test_phases_to_come_are_planned_on_their_page(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    office(db, browser, db.get_one(Commune, round_.commune_id))
    address = "/fr/tirsal/rounds/2028/phases"
    sent = fields_of(browser.get(address).text)
    assert "starts_review" in sent
    assert "starts_proposals" not in sent
    assert browser.post(address, **sent | {"starts_visa": "", "ends_visa": ""}).status_code == 302
    assert Phase.VISA not in set(db.scalars(select(PhaseWindow.phase)))
    assert browser.post(address, **sent | {"starts_review": "2027-01-01"}).status_code == 422


def test_a_decision_about_the_phase_is_public_with_its_reason(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    office(db, browser, db.get_one(Commune, round_.commune_id))
    address = "/ar/tirsal/rounds/2028/decision"
    window = queries.card(db, round_).window_on(today())
    assert window
    assert window.ends_on
    sent = {
        "kind": DecisionKind.EXTEND,
        "ends_on": (window.ends_on + timedelta(days=7)).isoformat(),
        "reason": "أمطار غزيرة.",
    }
    assert browser.post(address, **sent | {"reason": ""}).status_code == 422
    assert browser.post(address, **sent | {"ends_on": today().isoformat()}).status_code == 422
    browser.follow(browser.post(address, **sent))
    browser.sign_out()
    page = browser.get("/ar/tirsal/rounds/2028/")
    assert "أمطار غزيرة." in page.text
    assert "Fatima O." in page.text
    db.rollback()
    assert db.scalars(select(PhaseDecision.reason_language)).all() == ["ar"]


def test_a_forged_form_changes_nothing(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    office(db, browser, db.get_one(Commune, round_.commune_id))
    sent = {"kind": "extend", "ends_on": "2027-12-01", "reason": "x"}
    assert browser.client.post("/fr/tirsal/rounds/2028/decision", data=sent).status_code == 400
    assert db.scalars(select(PhaseDecision)).all() == []

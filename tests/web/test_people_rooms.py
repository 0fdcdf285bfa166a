"""Rooms about people: one's own space, groups, cards, mandates, wishes, looking around."""

import json
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.app import create_app
from cdp.kernel.clock import today
from cdp.notices.models import Notice
from cdp.notices.services import post
from cdp.people.models import Belonging, Group, Mandate, Person
from cdp.people.services import data_requests
from cdp.people.states import DataRequestKind, GroupState, Role
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_group, make_locality, make_official, make_person, make_resident

LANGUAGES = ("ar", "fr", "en")


def one(db: Session, statement):
    found = db.scalars(statement).one()
    db.commit()
    return found


@pytest.fixture
def place(db: Session):
    commune = make_commune(db, slug="tirsal")
    make_locality(db, commune)
    db.commit()
    return commune


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_pages_open_in_each_language(browser: Browser, db: Session, place, language: str) -> None:
    person = make_resident(db, place)
    make_group(db, place, person, make_resident(db, place))
    post(db, person.id, "data_answered", commune_id=place.id)
    db.commit()
    browser.get(f"/{language}/me/", status=302)
    browser.sign_in(person.id)
    for page in ("", "settings", "data", "ties", "ties/tirsal"):
        browser.get(f"/{language}/me/{page}")


def test_notices_are_new_until_they_are_seen(browser: Browser, db: Session, place) -> None:
    person = make_resident(db, place)
    post(db, person.id, "data_answered", commune_id=place.id)
    db.commit()
    browser.sign_in(person.id)
    assert "nouveau" in browser.get("/fr/me/").text
    browser.post("/fr/me/seen", form_at="/fr/me/")
    assert one(db, select(Notice.read_at)) is not None


def test_a_person_says_where_they_belong_and_takes_it_back(browser: Browser, db: Session, place) -> None:
    person = make_person(db)
    db.commit()
    browser.sign_in(person.id)
    browser.follow(browser.post("/fr/me/ties/tirsal", tie="roots", locality_id="0", since="2001-01-01"))
    tie = one(db, select(Belonging))
    assert "Mes racines sont ici" in browser.get("/fr/me/").text
    browser.post(f"/fr/me/ties/{tie.id}/end", form_at="/fr/me/")
    assert one(db, select(Belonging.until).execution_options(populate_existing=True)) is not None


def test_settings_change_the_language_at_once(browser: Browser, db: Session) -> None:
    person = make_person(db)
    db.commit()
    browser.sign_in(person.id)
    fields = {"name": "Zineb Amrani", "shown_as": "first", "language": "ar", "city": "Lyon"}
    assert browser.post("/fr/me/settings", **fields).location == "/ar/me/settings"
    assert "Zineb A." in browser.get("/ar/me/settings").text


def test_everything_held_comes_as_a_file(browser: Browser, db: Session, place) -> None:
    person = make_resident(db, place, name="Zineb Amrani")
    db.commit()
    browser.get("/fr/me/data/file", status=302)
    browser.sign_in(person.id)
    answer = browser.get("/fr/me/data/file")
    held = json.loads(answer.text)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert held["held_about_you"]["person"][0]["name"] == "Zineb Amrani"
    assert held["held_about_you"]["belonging"][0]["tie"] == "lives"


def test_a_wish_goes_to_the_office_and_comes_back_answered(browser: Browser, db: Session, place) -> None:
    person, officer = make_resident(db, place), make_official(db, place)
    db.commit()
    browser.sign_in(person.id)
    browser.post("/fr/me/data", commune_id=place.id, kind="correct", text="Mon prénom")
    browser.sign_in(officer.id)
    page = browser.get("/fr/tirsal/wishes/").text
    assert "22 avril 2027" in page
    link = re.search(r'href="(/fr/tirsal/wishes/\d+)"', page)[1]
    browser.post(link, text="C’est corrigé.")
    browser.sign_in(person.id)
    assert "C’est corrigé." in browser.get("/fr/me/data").text


def test_only_the_office_of_that_commune_sees_its_wishes(browser: Browser, db: Session, place) -> None:
    other = make_commune(db, slug="elsewhere")
    person = make_resident(db, place)
    wish = data_requests.ask(db, actor_of(db, person), place.id, kind=DataRequestKind.ERASE, text="")
    strangers = [person, make_official(db, other), make_official(db, place, Role.FACILITATOR)]
    db.commit()
    for who in strangers:
        browser.sign_in(who.id)
        browser.get("/fr/tirsal/wishes/", status=403)
        browser.get(f"/fr/tirsal/wishes/{wish.id}", status=403)
    browser.sign_in(strangers[1].id)
    browser.get(f"/fr/elsewhere/wishes/{wish.id}", status=404)


def test_an_officer_erases_who_asked_for_it(browser: Browser, db: Session, place) -> None:
    person, officer = make_resident(db, place), make_official(db, place)
    wish = data_requests.ask(db, actor_of(db, person), place.id, kind=DataRequestKind.ERASE, text="")
    db.commit()
    browser.sign_in(officer.id)
    page = f"/fr/tirsal/wishes/{wish.id}"
    browser.post(f"{page}/erase", form_at=page)
    assert one(db, select(Person.name).where(Person.id == person.id)) == ""
    browser.sign_in(person.id)
    browser.get("/fr/me/", status=302)


@pytest.mark.parametrize("language", LANGUAGES)
def test_group_pages_open_in_each_language(browser: Browser, db: Session, place, language: str) -> None:
    group = make_group(db, place, checked_at=None)
    officer, facilitator = make_official(db, place), make_official(db, place, Role.FACILITATOR)
    db.commit()
    base = f"/{language}/tirsal/groups"
    browser.get(f"{base}/")
    browser.get(f"{base}/{group.id}")
    browser.get(f"{base}/new", status=302)
    browser.sign_in(officer.id)
    for page in ("new", "join", f"{group.id}/check", f"{group.id}"):
        browser.get(f"{base}/{page}")
    browser.sign_in(facilitator.id)
    browser.get(f"{base}/new-for-others")
    browser.get(f"{base}/{group.id}/check", status=403)


def test_two_members_make_a_group_by_pages(browser: Browser, db: Session, place) -> None:
    first, second = make_resident(db, place), make_resident(db, place)
    db.commit()
    browser.sign_in(first.id)
    fields = {"kind": "womens_group", "name-ar": "نساء الدوار", "standing": "informal", "vouched_by": "اجماعة"}
    page = browser.follow(browser.post("/ar/tirsal/groups/new", **fields, locality_id="0"))
    code = re.search(r"<code><bdi>([A-Z0-9-]+)</bdi>", page.text)[1]
    group = one(db, select(Group))
    assert "<code>" not in browser.get(f"/ar/tirsal/groups/{group.id}").text
    browser.sign_in(second.id)
    browser.follow(browser.post("/ar/tirsal/groups/join", code=code.lower()))
    assert one(db, select(Group.state)) is GroupState.STANDING


def test_a_group_of_another_commune_is_not_there(browser: Browser, db: Session, place) -> None:
    make_commune(db, slug="elsewhere")
    group = make_group(db, place)
    db.commit()
    browser.get(f"/fr/elsewhere/groups/{group.id}", status=404)


def test_names_of_members_are_shown_as_they_chose_but_in_full_to_the_group(
    browser: Browser, db: Session, place
) -> None:
    member = make_resident(db, place, name="Zineb Amrani")
    group = make_group(db, place, member, make_resident(db, place))
    db.commit()
    assert "Zineb A." in browser.get(f"/fr/tirsal/groups/{group.id}").text
    assert "Amrani" not in browser.get(f"/fr/tirsal/groups/{group.id}").text
    browser.sign_in(member.id)
    assert "Zineb Amrani" in browser.get(f"/fr/tirsal/groups/{group.id}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_is_printed_once_and_signs_in(browser: Browser, db: Session, place, language: str) -> None:
    facilitator = make_official(db, place, Role.FACILITATOR)
    db.commit()
    browser.sign_in(facilitator.id)
    base = f"/{language}/tirsal/cards"
    browser.get(base)
    fields = {"name": "Fatima Aït", "locality_id": "0", "tie": "lives", "language": "ar", "shown_as": "first"}
    assert browser.post(f"{base}/new", **fields).status_code == 200, "nothing without consent"
    browser.follow(browser.post(f"{base}/new", **fields, consent="y"))
    person = one(db, select(Person).where(Person.entered_by_id.is_not(None)))
    page = browser.follow(browser.post(f"{base}/{person.id}/print", form_at=base)).text
    code = re.search(r"<code>([A-Z0-9-]+)</code>", page)[1]
    assert "data:image/svg+xml" in page
    assert "اقرؤوا الصورة" in page
    assert code not in browser.get(f"{base}/{person.id}").text

    guest = Browser(browser.app)
    assert guest.post("/ar/account/card", code="AAAAA-BBBBB-CCCCC").status_code == 422
    guest.post("/ar/account/card", code=code.lower())
    assert "Fatima" in guest.get("/ar/me/").text
    browser.post(f"{base}/{person.id}/revoke", form_at=base)
    assert Browser(browser.app).post("/ar/account/card", code=code).status_code == 422


def test_guessing_cards_has_to_wait(browser: Browser, db: Session) -> None:
    answers = [browser.post("/fr/account/card", code=f"{n}").status_code for n in range(61)]
    assert answers[-1] == 429


def test_the_card_in_the_picture_holds_the_code_behind_the_hash_only(browser: Browser, db: Session, place) -> None:
    person = make_resident(db, place, email=None)
    officer = make_official(db, place)
    db.commit()
    browser.sign_in(officer.id)
    page = browser.follow(browser.post(f"/fr/tirsal/cards/{person.id}/print", form_at="/fr/tirsal/cards")).text
    assert "account/card?" not in page


def test_cards_are_for_who_meets_people_here(browser: Browser, db: Session, place) -> None:
    other = make_commune(db)
    person = make_resident(db, place, email=None)
    strangers = [
        make_resident(db, place),
        make_official(db, other, Role.FACILITATOR),
        make_official(db, place, Role.PANEL),
    ]
    db.commit()
    for who in strangers:
        browser.sign_in(who.id)
        for page in ("cards", "cards/new", f"cards/{person.id}"):
            browser.get(f"/fr/tirsal/{page}", status=403)
        assert browser.post(f"/fr/tirsal/cards/{person.id}/print", form_at="/fr/account/link").status_code in {302, 403}


@pytest.mark.parametrize("language", LANGUAGES)
def test_mandates_are_given_and_ended_by_pages(browser: Browser, db: Session, place, language: str) -> None:
    officer, person = make_official(db, place), make_person(db)
    db.commit()
    browser.sign_in(officer.id)
    base = f"/{language}/tirsal/mandates/"
    browser.get(base)
    fields = {"role": "panel", "since": today().isoformat()}
    assert browser.post(f"{base}new", email="nobody@example.org", **fields).status_code == 200
    browser.follow(browser.post(f"{base}new", email=person.email, **fields))
    given = one(db, select(Mandate).where(Mandate.role == Role.PANEL))
    browser.follow(browser.post(f"{base}{given.id}/end", last_day=today().isoformat()))
    own = one(db, select(Mandate).where(Mandate.role == Role.OFFICER))
    assert browser.post(f"{base}{own.id}/end", last_day=today().isoformat()).status_code == 200


def test_mandates_are_for_the_office_of_that_commune(browser: Browser, db: Session, place) -> None:
    other = make_commune(db, slug="elsewhere")
    strangers = [make_resident(db, place), make_official(db, other), make_official(db, place, Role.TREASURER)]
    officer = make_official(db, place)
    db.commit()
    mandate = one(db, select(Mandate).where(Mandate.person_id == officer.id))
    for who in strangers:
        browser.sign_in(who.id)
        for page in ("mandates/", "mandates/new", f"mandates/{mandate.id}/end"):
            browser.get(f"/fr/tirsal/{page}", status=403)
    browser.sign_in(strangers[1].id)
    browser.get(f"/fr/elsewhere/mandates/{mandate.id}/end", status=404)


def test_looking_around_as_somebody_exists_only_in_the_demonstration(app: Flask, db: Session, place) -> None:
    officer = make_official(db, place, name="Amina Officer")
    db.commit()
    Browser(app).get("/fr/look-around/", status=404)
    assert "demo.switch" not in app.view_functions
    demo = create_app(replace(app.config["SETTINGS"], demo=True), TESTING=True)
    browser = Browser(demo)
    for language in LANGUAGES:
        assert "Amina Officer" in browser.get(f"/{language}/look-around/").text
    browser.post(f"/fr/look-around/{officer.id}", form_at="/fr/look-around/")
    assert "Amina Officer" in browser.get("/fr/me/").text
    demo.extensions["store"].dispose()

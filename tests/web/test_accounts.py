import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.people.models import Person
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official, make_person
from tests.web.letters import again, letters, link_in

PASSWORD = "a short sentence"


def known(db: Session, app: Flask, **over: object) -> Person:
    """A person with a password."""
    from flask_security import hash_password

    with app.test_request_context():
        person = make_person(db, password=hash_password(PASSWORD), **over)
    db.commit()
    return person


def sign_in(browser: Browser, person: Person, password: str = PASSWORD, **more: object):
    return browser.post("/fr/account/login", email=person.email, password=password, **more)


def who(browser: Browser) -> str | None:
    with browser.client.session_transaction() as session:
        return session.get("_user_id")


@pytest.mark.parametrize("page", ["login", "register", "reset", "confirm", "link", "card", "registered"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_before_the_sign_in_opens(browser: Browser, page: str, language: str) -> None:
    assert f'lang="{language}"' in browser.get(f"/{language}/account/{page}").text


@pytest.mark.parametrize(
    "page", ["strong", "change", "change-email", "tf-setup", "wan-register", "mf-recovery-codes", "verify"]
)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_of_an_account_opens(browser: Browser, db: Session, page: str, language: str) -> None:
    person = make_person(db)
    db.commit()
    browser.sign_in(person.id)
    browser.get(f"/{language}/account/{page}")


def test_a_new_account_is_confirmed_by_letter_and_then_signs_in(browser: Browser, db: Session) -> None:
    fields = {"name": "Zineb  Amrani", "email": "zineb@example.org", "language": "ar"}
    browser.follow(browser.post("/fr/account/register", **fields, password=PASSWORD, password_confirm=PASSWORD))
    person = db.scalars(select(Person)).one()
    db.commit()
    assert (person.name, person.language, person.confirmed_at) == ("Zineb Amrani", "ar", None)
    assert sign_in(browser, person).status_code == 200
    assert who(browser) is None

    [mail] = letters(db)
    assert mail.address == "zineb@example.org"
    browser.follow(browser.get(link_in(mail), status=302))
    answer = sign_in(browser, person)
    assert browser.get(answer.location, status=302).location == "/ar/me/"
    assert who(browser) == person.fs_uniquifier


def test_an_address_is_told_the_same_whether_it_is_known_or_not(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    for page in ("reset", "confirm", "link"):
        answers = []
        for address in (person.email, "nobody@example.org"):
            answer = browser.post(f"/fr/account/{page}", email=address)
            page_after = browser.get(answer.location).text if answer.status_code == 302 else answer.text
            answers.append(re.sub(r'value="[^"]*"', "", page_after).replace(str(address), ""))
        assert answers[0] == answers[1], page
    wrong = browser.post("/fr/account/login", email=person.email, password="not the password").text
    unknown = browser.post("/fr/account/login", email="nobody@example.org", password="not the password").text
    assert next(re.sub(r'value="[^"]*"', "", text) for text in (wrong, unknown)) == re.sub(
        r'value="[^"]*"', "", unknown
    )


def test_registering_a_known_address_says_nothing_but_writes_to_it(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    fields = {"name": "Somebody Else", "email": person.email, "language": "fr"}
    answer = browser.post("/fr/account/register", **fields, password=PASSWORD, password_confirm=PASSWORD)
    assert answer.status_code == 302
    assert letters(db)[-1].kind == "account.welcome_existing"
    assert len(db.scalars(select(Person)).all()) == 1


def test_a_link_signs_in_once(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app, language="en")
    browser.post("/fr/account/link", email=str(person.email).upper())
    link = link_in(letters(db)[-1])
    assert person.name in browser.get(link).text
    assert who(browser) is None
    browser.post(link)
    assert who(browser) == person.fs_uniquifier
    browser.sign_out()
    assert browser.get(link, status=302).location.endswith("/fr/account/link")


def test_a_link_is_dead_after_half_an_hour_and_when_forged(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    browser.post("/fr/account/link", email=person.email)
    link = link_in(letters(db)[-1])
    browser.get(link[:-3] + "xyz", status=302)
    browser.get("/fr/account/link/nonsense", status=302)
    import time
    from unittest import mock

    with mock.patch("time.time", return_value=time.time() + 31 * 60):
        browser.get(link, status=302)


def test_a_forgotten_password_is_chosen_anew_by_letter(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    browser.post("/fr/account/reset", email=person.email)
    link = link_in(letters(db)[-1])
    browser.get(link)
    browser.post(link, password="another short sentence", password_confirm="another short sentence")
    assert letters(db)[-1].kind == "account.reset_notice"
    assert sign_in(browser, person).status_code == 200
    assert sign_in(browser, person, "another short sentence").status_code == 302


def test_a_password_is_changed_and_the_old_one_dies(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    sign_in(browser, person)
    new = "a wholly new sentence"
    browser.post("/fr/account/change", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert letters(db)[-1].kind == "account.change_notice"
    browser.sign_out()
    assert sign_in(browser, person).status_code == 200
    assert sign_in(browser, person, new).status_code == 302


def test_an_address_changes_once_its_letter_is_opened(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    sign_in(browser, person)
    browser.post("/fr/account/change-email", email="new@example.org")
    assert letters(db)[-1].address == "new@example.org"
    browser.get(link_in(letters(db)[-1]), status=302)
    assert again(db, person).email == "new@example.org"


def test_signing_out_needs_a_sent_form(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    sign_in(browser, person)
    browser.get("/fr/account/logout", status=405)
    assert who(browser)
    browser.client.post("/fr/account/logout")
    assert who(browser)
    browser.post("/fr/account/logout", form_at="/fr/account/strong")
    assert who(browser) is None


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "http:evil.example", "///evil.example"]
)
def test_the_way_back_never_leads_to_another_host(browser: Browser, db: Session, app: Flask, target: str) -> None:
    person = known(db, app)
    for answer in (sign_in(browser, person, next=target),):
        assert "evil" not in (answer.location or "") or answer.location.startswith("/%5C")
    browser.sign_out()
    browser.post("/fr/account/link", email=person.email, next=target)
    assert "evil" not in letters(db)[-1].text


def test_who_must_sign_in_comes_back_to_the_page_they_wanted(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app)
    answer = browser.get("/fr/me/settings", status=302)
    assert "next=" in answer.location
    page = browser.get(answer.location)
    assert 'name="next"' in page.text
    back = browser.post(answer.location, email=person.email, password=PASSWORD, next="/fr/me/settings")
    assert back.location.endswith("/fr/me/settings")


def test_a_wrong_password_tried_again_and_again_has_to_wait(browser: Browser, db: Session, app: Flask) -> None:
    person, other = known(db, app), known(db, app)
    for _ in range(8):
        assert sign_in(browser, person, "wrong wrong wrong").status_code == 200
    answer = sign_in(browser, person)
    assert answer.status_code == 429
    assert "Trop d’essais" in answer.text
    assert sign_in(browser, other).status_code == 302
    browser.sign_out()
    with clock.held_at(clock.now() + timedelta(minutes=11)):
        assert sign_in(browser, person).status_code == 302


def test_another_worker_counts_the_same_tries(app: Flask, db: Session) -> None:
    from cdp.app import create_app

    person = known(db, app)
    second = create_app(app.config["SETTINGS"], TESTING=True)
    for maker in (app, second) * 4:
        sign_in(Browser(maker), person, "wrong wrong wrong")
    assert sign_in(Browser(second), person).status_code == 429
    second.extensions["store"].dispose()


def test_an_unconfirmed_or_closed_account_gets_no_link(browser: Browser, db: Session, app: Flask) -> None:
    for over in ({"confirmed_at": None}, {"active": False}):
        person = known(db, app, **over)
        before = len(letters(db))
        browser.post("/fr/account/link", email=person.email)
        assert len(letters(db)) == before


def strong_app(app: Flask, **over: object) -> Flask:
    from cdp.app import create_app

    return create_app(replace(app.config["SETTINGS"], **({"strong_sign_in": True} | over)), TESTING=True)


def test_an_officer_without_second_factor_gets_only_the_page_that_sets_one_up(app: Flask, db: Session) -> None:
    commune = make_commune(db)
    officer, neighbour = make_official(db, commune), make_person(db)
    db.commit()
    made = strong_app(app)
    browser = Browser(made)
    browser.sign_in(officer.id)
    assert browser.get("/fr/me/", status=302).location == "/fr/account/strong"
    assert 'href="/fr/account/tf-setup"' in browser.get("/fr/account/strong").text
    browser.sign_in(neighbour.id)
    browser.get("/fr/me/")
    officer.tf_primary_method, officer.tf_totp_secret = "authenticator", "kept"
    db.commit()
    browser.sign_in(officer.id)
    browser.get("/fr/me/")
    made.extensions["store"].dispose()


def test_codes_of_an_application_are_set_up_and_asked_at_the_next_sign_in(
    browser: Browser, db: Session, app: Flask
) -> None:
    from passlib.totp import TOTP

    person = known(db, app)
    sign_in(browser, person)
    page = browser.post("/fr/account/tf-setup", setup="authenticator")
    key = re.search(r"<code><bdi>([A-Z0-9 -]+)</bdi>", page.text)
    action = re.search(r'action="(/fr/account/tf-(?:setup|validate)[^"]*)"', page.text)
    assert key
    assert action
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    code = TOTP(key=key[1].replace(" ", "").replace("-", "")).generate().token
    browser.client.post(action[1], data={"code": code, "csrf_token": token[1]})
    assert again(db, person).tf_primary_method == "authenticator"
    codes = browser.post("/fr/account/mf-recovery-codes", generate_new_codes="1")
    recovery = re.findall(r"<code><bdi>([^<]+)</bdi>", codes.text)
    assert len(recovery) >= 3

    browser.sign_out()
    asked = sign_in(browser, person)
    assert who(browser) is None
    browser.get(asked.location)
    browser.post(asked.location, code="000000")
    assert who(browser) is None
    browser.post("/fr/account/mf-recovery", code=recovery[0])
    assert who(browser) == person.fs_uniquifier
    browser.sign_out()
    sign_in(browser, person)
    browser.post("/fr/account/mf-recovery", code=recovery[0])
    assert who(browser) is None


def test_letters_are_kept_with_the_act_and_their_words_are_not_html(browser: Browser, db: Session, app: Flask) -> None:
    person = known(db, app, name="O'Brien & Sons")
    browser.post("/ar/account/reset", email=person.email)
    mail = letters(db)[-1]
    assert mail.sent_at is None
    assert mail.person_id == person.id
    assert "O'Brien & Sons" in mail.text
    assert "&amp;" not in mail.text


def test_guessing_the_password_of_an_open_session_has_to_wait(browser: Browser, db: Session, app: Flask) -> None:
    person, other = known(db, app), known(db, app)
    sign_in(browser, person)
    for _ in range(8):
        browser.post("/fr/account/verify", password="wrong wrong wrong")
    assert browser.post("/fr/account/verify", password=PASSWORD).status_code == 429
    browser.sign_out()
    sign_in(browser, other)
    assert browser.post("/fr/account/verify", password=PASSWORD).status_code == 302

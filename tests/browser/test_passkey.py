"""A passkey in a real Chromium: added, then asked for as second factor. Needs JavaScript, nothing else does."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from cdp.people.models import Passkey, Person
from tests.factories import make_person

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def known(db: Session, app: Flask) -> Person:
    with app.test_request_context():
        person = make_person(db, password=hash_password("a short sentence"))
    db.commit()
    return person


def test_a_passkey_is_added_and_then_asked_for_at_the_sign_in(
    app: Flask, db: Session, address: str, chromium: Browser
) -> None:
    person = known(db, app)
    with chromium.new_context() as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

        def sign_in() -> None:
            page.goto(f"{address}/fr/account/login")
            page.fill("[name=email]", str(person.email))
            page.fill("[name=password]", "a short sentence")
            page.click("main form button[type=submit]")

        sign_in()
        page.goto(f"{address}/fr/account/wan-register")
        page.fill("[name=name]", "mon téléphone")
        page.click("main form[action$='/wan-register'] button")
        page.wait_for_url("**/account/strong")
        assert db.scalars(select(Passkey.name)).all() == ["mon téléphone"]
        db.commit()
        page.click("form[action$='/logout'] button")
        sign_in()
        assert "/account/wan-signin" in page.url
        page.click("main form button[type=submit]")
        page.wait_for_url("**/fr/me/")
        assert not troubles

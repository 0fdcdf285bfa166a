"""A cookie that was proven once is known again, for as long as it holds and for nobody else's use."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, session
from itsdangerous import TimestampSigner

from cdp.http.security import PROVEN, Sessions


@pytest.fixture
def app() -> Flask:
    """An application with our sessions and nothing else."""
    made = Flask("cookies")
    made.secret_key, made.session_interface = "a key", Sessions()
    made.permanent_session_lifetime = timedelta(days=1)

    @made.get("/")
    def held() -> dict[str, Any]:
        found = dict(session)
        session.setdefault("seen", 1)
        return found

    @made.get("/list")
    def lists() -> dict[str, Any]:
        session.setdefault("words", []).append("one")
        return {"words": len(session["words"])}

    return made


def cookie(app: Flask, values: dict[str, Any]) -> dict[str, str]:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {"Cookie": f"session={signer.dumps(values)}"}


def test_a_proven_cookie_says_the_same_again_whatever_a_request_did_with_it(app: Flask) -> None:
    client, sent = app.test_client(use_cookies=False), cookie(app, {"who": "amal", "at": 1.5})
    assert [client.get("/", headers=sent).json for _ in range(3)] == [{"who": "amal", "at": 1.5}] * 3


def test_what_a_request_could_change_within_is_not_kept(app: Flask) -> None:
    client, sent = app.test_client(use_cookies=False), cookie(app, {"words": []})
    assert [client.get("/list", headers=sent).json for _ in range(3)] == [{"words": 1}] * 3


def test_a_proven_cookie_grows_old(app: Flask) -> None:
    client, sent = app.test_client(use_cookies=False), cookie(app, {"who": "amal"})
    assert client.get("/", headers=sent).json == {"who": "amal"}
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert client.get("/", headers=sent).json == {}


def test_an_old_cookie_is_not_proven_by_being_sent_often(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: 1_000_000)
    sent = cookie(app, {"who": "amal"})
    monkeypatch.undo()
    client = app.test_client(use_cookies=False)
    assert [client.get("/", headers=sent).json for _ in range(2)] == [{}, {}]


def test_a_cookie_of_another_key_is_never_known(app: Flask) -> None:
    client, sent = app.test_client(use_cookies=False), cookie(app, {"who": "amal"})
    client.get("/", headers=sent)
    app.secret_key = "another key"
    assert client.get("/", headers=sent).json == {}
    forged = {"Cookie": sent["Cookie"][:-1] + ("A" if sent["Cookie"][-1] != "A" else "B")}
    assert client.get("/", headers=forged).json == {}


def test_a_worker_knows_no_more_than_so_many(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for number in range(PROVEN + 5):
        client.get("/", headers=cookie(app, {"number": number}))
    assert len(app.session_interface._proven) <= PROVEN  # type: ignore[attr-defined]

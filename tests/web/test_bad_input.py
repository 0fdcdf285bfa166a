"""What cannot be meant gets a clear sentence in the reader's language, and not one row of any table changes."""

import io
import re
import time
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from cdp.app import create_app
from cdp.config import Settings
from cdp.kernel import clock
from cdp.tables import metadata
from tests.browser.words import HOLE, said
from tests.conftest import TODAY
from tests.web.bad_input import CASES, IMPORT, TWICE, Case
from tests.web.scene_of_rights import Scene, make_scene

LANGUAGES = ("ar", "fr", "en")


@pytest.fixture(scope="module")
def stage(template: str, engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Scene]]:
    """One application on one filled database: what is refused leaves it as it was."""
    from tests.web.stage_of_rights import _drop, _own_database

    folder = tmp_path_factory.mktemp("bad-input")
    url = _own_database(template, engine_name, folder, name="bad_input")
    settings = Settings(
        instance=folder,
        database_url=url,
        secret_key="a key of bad input",
        password_salt="salt",
        strong_sign_in=False,
        secure_cookies=False,
    )
    app = create_app(settings, TESTING=True)
    with clock.held_at(TODAY), Session(app.extensions["store"].engine, expire_on_commit=False) as db:
        scene = make_scene(db, folder / "files")
        db.commit()
    yield app, scene
    app.extensions["store"].dispose()
    if engine_name == "postgresql":
        _drop(url)


def everything(app: Flask) -> dict[str, list[str]]:
    """All rows of all tables, but the count of how often somebody tried."""
    with app.extensions["store"].engine.connect() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
            if name != "rate_count"
        }


def changed(app: Flask, before: dict[str, list[str]]) -> set[str]:
    """Tables that are not as they were."""
    return {name for name, rows in everything(app).items() if rows != before[name]}


def send(app: Flask, scene: Scene, case: Case, language: str) -> TestResponse:
    """Send the form as that person, with a cookie as after signing in."""
    held = {"csrf_token": "0" * 40, "_fresh": True, "fs_cc": "set", "fs_paa": time.time()}
    held |= {"_user_id": scene.people[case.who]} if scene.people[case.who] else {}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    tokens = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
    token = {"good": tokens.dumps("0" * 40), "other": tokens.dumps("1" * 40)}.get(case.token or "", case.token)
    files = {name: FileStorage(io.BytesIO(data), title) for name, (data, title) in case.files.items()}
    boundary, body = encode_multipart(case.sent | files | ({"csrf_token": token} if token else {}))
    return app.test_client(use_cookies=False).post(
        f"/{language}" + address(scene, case.address),
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"},
    )


def address(scene: Scene, pattern: str) -> str:
    """An address of the scene; built is a project in delivery, ranked a proposal that is marked."""
    numbers = {"built": scene.own["projects."]["number"], "ranked": scene.own["panel."]["number"]}
    return pattern.format(**scene.values | numbers)


def heard(answer: TestResponse) -> str:
    """What a page says first, for who reads a failure."""
    found = re.findall(
        r'<h1>.*?</h1>|role="alert".*?</div>|<p class="error.*?</p>|field__error.*?</', answer.text, re.S
    )
    return re.sub(r"<[^>]+>|\s+", " ", " | ".join(found))


def tells(answer: TestResponse, key: str, language: str) -> bool:
    """Whether a page says a message, whatever values stand in its holes."""
    page = unescape(answer.text)
    return all(piece.strip() in page for piece in HOLE.split(said(key, language)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_told_and_changes_nothing(stage: tuple[Flask, Scene], case: Case, language: str) -> None:
    app, scene = stage
    before = everything(app)
    with clock.held_at(case.on):
        answer = send(app, scene, case, language)
    assert answer.status_code == case.status, heard(answer)
    assert f'<html lang="{language}"' in answer.text
    assert tells(answer, case.says, language), heard(answer)
    assert changed(app, before) <= case.keeps


@pytest.mark.parametrize(
    ("asked", "spoken", "says"),
    [
        ("/de/tirsal/", "fr", "errors.not_found"),
        ("/fr/tirsal/nowhere", "fr", "errors.not_found"),
        ("/ar/tirsal/nowhere", "ar", "errors.not_found"),
        ("/en/atlantis/", "en", "communes.unknown"),
        ("/fr/tirsal/proposals/TZ-2028-999", "fr", "proposals.unknown"),
        ("/ar/tirsal/rounds/1999/", "ar", "rounds.unknown"),
    ],
)
def test_an_unknown_language_or_page_is_told_in_a_language_of_the_reader(
    stage: tuple[Flask, Scene], asked: str, spoken: str, says: str
) -> None:
    app, _scene = stage
    answer = app.test_client().get(asked, headers={"Accept-Language": "de, fr;q=0.8"})
    assert answer.status_code == 404
    assert f'<html lang="{spoken}"' in answer.text
    assert tells(answer, says, spoken), heard(answer)


def test_one_stroke_too_many_leads_to_the_page_that_was_meant(stage: tuple[Flask, Scene]) -> None:
    app, _scene = stage
    answer = app.test_client().get("/fr/tirsal/2028/proposals/?order=recent")
    assert (answer.status_code, answer.location) == (301, "/fr/tirsal/2028/proposals?order=recent")
    assert app.test_client().get("/fr/tirsal/nowhere/").status_code == 404
    assert app.test_client().post("/fr/tirsal/2028/proposals/").status_code in {400, 404}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_table_of_an_old_office_program_is_read_and_looking_changes_nothing(
    stage: tuple[Flask, Scene], delimiter: str, encoding: str
) -> None:
    app, scene = stage
    rows = [("titre", "besoin", "domaine", "femmes"), ("Château d’eau de l’été", "Déjà loin", "water", "3")]
    data = "\n".join(delimiter.join(row) for row in rows).encode(encoding)
    before = everything(app)
    with clock.held_at(TODAY):
        answer = send(
            app, scene, Case("officer", IMPORT, {"go": "look"}, 200, "", files={"file": (data, "l.csv")}), "fr"
        )
    assert "Château d’eau de l’été" in unescape(answer.text)
    assert changed(app, before) == set()


@pytest.mark.parametrize("case", TWICE.values(), ids=TWICE)
def test_sent_twice_it_counts_once(stage: tuple[Flask, Scene], case: Case) -> None:
    app, scene = stage
    with clock.held_at(TODAY):
        untouched = everything(app)
        first = send(app, scene, case, "fr")
        once = everything(app)
        second = send(app, scene, case, "fr")
    assert first.status_code == second.status_code == case.status, heard(first)
    assert once != untouched
    assert {name: len(rows) for name, rows in everything(app).items() if name not in {"event", "outbox"}} == {
        name: len(rows) for name, rows in once.items() if name not in {"event", "outbox"}
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["a promise", "an agreement"])
def test_the_same_form_with_other_content_is_told_and_changes_nothing(
    stage: tuple[Flask, Scene], name: str, language: str
) -> None:
    app, scene = stage
    first = TWICE[name]
    other = Case(first.who, first.address, first.sent | {"amount": "700"}, 409, "errors.sent_before")
    with clock.held_at(TODAY):
        send(app, scene, first, language)
        before = everything(app)
        answer = send(app, scene, other, language)
    assert answer.status_code in {200, 409}
    assert tells(answer, other.says, language), heard(answer)
    assert changed(app, before) == set()

"""The application on which every address is tried for every role."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cdp.app import create_app
from cdp.config import Settings
from cdp.kernel import clock
from cdp.store.engine import Store
from tests.conftest import TODAY
from tests.web.scene_of_rights import Scene, make_scene


class Unkept(Session):
    """A session whose commits are forgotten when the request ends."""

    def commit(self) -> None:
        """Show what the database says to it; keep nothing."""
        self.flush()


class UnkeptStore(Store):
    """A store that stays as it was filled."""

    def writer(self) -> Session:
        """A session for one act."""
        return Unkept(self._writer, expire_on_commit=False)


@contextmanager
def staged(template: str, engine_name: str, folder: Path) -> Iterator[tuple[Flask, Scene]]:
    """One application on one filled database, which every request leaves as it was."""
    url = _own_database(template, engine_name, folder)
    with clock.held_at(TODAY):
        store = UnkeptStore(url, pool_size=2)
        with Session(store.engine, expire_on_commit=False) as db:
            scene = make_scene(db, folder / "files")
            db.commit()
        settings = Settings(
            instance=folder, database_url=url, secret_key="a key of rights", password_salt="salt", strong_sign_in=False,
            secure_cookies=False, demo=True,
        )  # fmt: skip
        app = create_app(settings, TESTING=True)
        app.extensions["store"].dispose()
        app.extensions["store"] = store
        yield app, scene
    store.dispose()
    if engine_name == "postgresql":
        _drop(url)


def _own_database(template: str, engine_name: str, folder: Path, *, name: str = "rights") -> str:
    import os
    import shutil

    from tests.conftest import database_url, execute, postgres_url

    if engine_name == "sqlite":
        shutil.copyfile(template, folder / "rights.sqlite3")
        return f"sqlite:///{folder / 'rights.sqlite3'}"
    name = f"cdp_{name}_{os.getpid()}"
    execute(postgres_url(), f"CREATE DATABASE {name} TEMPLATE {template}")
    return database_url(postgres_url(), name)


def _drop(url: str) -> None:
    from tests.conftest import execute, postgres_url

    name = url.split("?")[0].rsplit("/", 1)[1]
    execute(postgres_url(), f"DROP DATABASE {name} WITH (FORCE)")


def asked(app: Flask, identifier: str | None, address: str, *, method: str) -> TestResponse:
    """One request of a person, freshly signed in, with a good token against forgery."""
    held: dict[str, Any] = {"csrf_token": "0" * 40}
    if identifier is not None:
        held |= {"_user_id": identifier, "_fresh": True, "fs_cc": "set", "fs_paa": time.time()}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(held["csrf_token"])
    data = {"csrf_token": token} if method != "GET" else None
    client = app.test_client(use_cookies=False)
    return client.open(address, method=method, data=data, headers={"Cookie": cookie})

"""The application on which every address is tried for every role."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

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

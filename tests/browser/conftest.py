"""A real Chromium before a real server; nothing is collected where there is no Chromium (``tests/run.py`` says so)."""

import fcntl
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from cdp.cli.demo.command import load
from cdp.config import DEMO_DAY, ROOT
from cdp.kernel import clock
from tests.browser.house import House
from tests.browser.scene import Demo, people_of_the_demo
from tests.browser.visitor import Visitor
from tests.conftest import TODAY

CHROMIUM = shutil.which("chromium")
collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]

QUIETLY = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIETLY))
        yield browser
        browser.close()


@pytest.fixture
def new_house(template: str, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """An empty house of this test's own, on the day of all tests unless said."""
    before = clock._shift
    built: list[House] = []

    def build(day: date = TODAY) -> House:
        target = tmp_path / f"house-{len(built)}.sqlite3"
        shutil.copyfile(template, target)
        built.append(House(target, tmp_path, day=day))
        return built[-1]

    yield build
    for house in built:
        house.close()
    clock._shift = before


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where this test's pictures go, when they are asked for."""
    if not request.config.getoption("--shots"):
        return None
    folder = ROOT / "shots" / re.sub(r"\W+", "-", request.node.name).strip("-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def visits(chromium: Browser, shots: Path | None) -> Iterator[Callable[..., Visitor]]:
    """Visitors of a house; when they leave, nothing may have gone wrong on their way."""
    made: list[Visitor] = []

    def come(house: House, language: str, size: dict[str, int], **options: Any) -> Visitor:
        made.append(Visitor(chromium, house, language, size, shots=shots, **options))
        return made[-1]

    yield come
    for visitor in made:
        visitor.leaves()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Demo]:
    """The demonstration, loaded once a run as its command loads it; one that asks later waits for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "main" else base.parent) / "demonstration"
    folder.mkdir(exist_ok=True)
    database = folder / "demo.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            load(database, folder / "files")
    before = clock._shift
    house = House(database, folder, day=DEMO_DAY)
    with house.db() as db, clock.held_at(DEMO_DAY):
        people = people_of_the_demo(db)
    noted = folder / "noted"
    noted.mkdir(exist_ok=True)
    yield Demo(house, people, ("/{}/", "/{}/tizi-nouzgar/"), noted)
    house.close()
    clock._shift = before

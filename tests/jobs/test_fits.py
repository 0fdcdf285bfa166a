"""Searches run in a process of their own: the worker goes on, and what a killed process left is told."""

import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import settings
from cdp.jobs import fits
from cdp.jobs.worker import SEARCHER, only_one
from cdp.programme import services
from cdp.programme.models import FitRun
from cdp.programme.states import RunState
from cdp.store.engine import Store
from tests.programme.rounds import make_programming

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def run_id(db: Session) -> int:
    """A search that waits."""
    round_, _, officer = make_programming(db)
    run = services.ask_best(db, officer, round_, seconds=5, key="one")
    db.commit()
    return run.id


def test_the_worker_does_not_wait_for_a_search(store: Store, run_id: int, tmp_path: Path) -> None:
    searcher = fits.Searcher(SLEEPER, tmp_path)
    began = time.monotonic()
    assert [str(done) for done in searcher.look(store)] == ["searches begun: 1"]
    assert searcher.look(store) == [], "one process at a time"
    searcher.stop()
    assert time.monotonic() - began < 30
    assert searcher.look(store) != [], f"search {run_id} still waits"
    searcher.stop()


def test_nothing_is_started_when_nothing_waits_or_another_process_searches(
    db: Session, store: Store, tmp_path: Path
) -> None:
    searcher = fits.Searcher(SLEEPER, tmp_path)
    assert searcher.look(store) == []
    round_, _, officer = make_programming(db)
    services.ask_best(db, officer, round_, seconds=5, key="one")
    db.commit()
    with only_one(tmp_path, SEARCHER):
        assert searcher.look(store) == []


def test_a_search_whose_process_was_killed_has_failed_and_may_be_asked_for_again(
    db: Session, store: Store, tmp_path: Path
) -> None:
    round_, _, officer = make_programming(db)
    killed = services.ask_best(db, officer, round_, seconds=5, key="one")
    db.commit()
    store.attempt(fits._begin)
    searcher = fits.Searcher(SLEEPER, tmp_path)
    assert searcher.look(store) != [], "what was left behind is looked after"
    searcher.stop()
    fits.find_best(store)
    db.expire_all()
    assert killed.state is RunState.FAILED
    again = services.ask_best(db, officer, round_, seconds=5, key="two")
    db.commit()
    fits.find_best(store)
    db.expire_all()
    assert again.state is RunState.DONE


def test_the_command_of_the_worker_carries_out_what_waits(
    db: Session, run_id: int, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    settings.cache_clear()
    done = CliRunner().invoke(main, ["work", "--searches"])
    settings.cache_clear()
    assert "programmes searched for: 1" in done.output
    db.expire_all()
    assert db.get_one(FitRun, run_id).state is RunState.DONE

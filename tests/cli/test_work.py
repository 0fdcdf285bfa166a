from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import settings
from cdp.jobs.worker import only_one
from tests.factories import make_round


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """``python -m cdp work --once`` on this test's database."""
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    settings.cache_clear()

    def work() -> Result:
        return CliRunner().invoke(main, ["work", "--once"])

    yield work
    settings.cache_clear()


def test_once_does_what_is_due_says_it_and_finds_nothing_the_second_time(run: object, db: Session) -> None:
    round_ = make_round(db)
    db.commit()
    first = run()  # type: ignore[operator]
    assert first.exit_code == 0, first.output
    assert f"round {round_.id} entered proposals, told: 0" in first.output
    second = run()  # type: ignore[operator]
    assert second.exit_code == 0
    assert "nothing was due" in second.output


def test_a_second_worker_of_the_same_instance_is_told_so(run: object, tmp_path: Path) -> None:
    with only_one(tmp_path):
        refused = run()  # type: ignore[operator]
    assert refused.exit_code == 1
    assert "another worker" in refused.output


def test_a_database_that_is_not_current_is_not_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    settings.cache_clear()
    refused = CliRunner().invoke(main, ["work", "--once"])
    settings.cache_clear()
    assert refused.exit_code == 1
    assert "newest version" in refused.output

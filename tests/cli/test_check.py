from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import settings
from cdp.kernel.clock import now
from cdp.proposals.models import BoardCount
from cdp.store.engine import Store
from cdp.store.files import StoredFile
from tests.factories import keep, make_commune, make_proposal, make_round


@pytest.fixture(autouse=True)
def instance(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``python -m cdp check`` looks at this test's database."""
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    monkeypatch.setenv("CDP_INSTANCE", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def check() -> Result:
    return CliRunner().invoke(main, ["check"])


def test_an_installation_that_is_whole_is_told_so() -> None:
    result = check()
    assert result.exit_code == 0, result.output
    for area in ("migrations", "catalogs", "counts", "books", "orphans"):
        assert f"{area}: ok" in result.output


def test_a_kept_count_that_is_wrong_is_named(db: Session) -> None:
    round_ = make_round(db)
    make_proposal(db, round_, support_count=7)
    keep(db, BoardCount(commune_id=round_.commune_id, round_id=round_.id, facet="sector", value="roads", count=3))
    db.commit()
    result = check()
    assert result.exit_code == 1
    assert "counts: proposals.supports_are_wrong: proposal" in result.output
    assert "facet sector, value roads, kept 3, true 0" in result.output


def test_a_file_without_its_bytes_is_named(db: Session) -> None:
    commune = make_commune(db)
    base = {"commune_id": commune.id, "kind": "image/webp", "name": "photo", "size": 3, "stored_at": now()}
    keep(db, StoredFile(**base, sha256="ab" * 32))
    db.commit()
    result = check()
    assert result.exit_code == 1
    assert "no bytes under abab" in result.output


def test_tables_that_are_not_what_the_models_say_are_named_and_the_data_is_left_alone(store: Store) -> None:
    with store.begin() as db:
        db.execute(text("DROP TABLE board_count"))
    result = check()
    assert result.exit_code == 1
    assert "migrations: the models ask for ('add_table'" in result.output
    assert "counts" not in result.output.replace("board_count", "")


def test_a_database_without_its_tables_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CDP_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    settings.cache_clear()
    result = check()
    assert result.exit_code == 1
    assert "not at the newest version" in result.output

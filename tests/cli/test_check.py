from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import demonstration_alone, settings
from cdp.funding.models import FundingLine, LedgerEntry
from cdp.funding.rules.ledger import Op
from cdp.i18n import wanted
from cdp.kernel.clock import now
from cdp.programme import services
from cdp.programme.models import Project
from cdp.proposals.models import BoardCount
from cdp.proposals.states import ProposalState
from cdp.rounds.states import Source
from cdp.store.engine import Store
from cdp.store.files import StoredFile
from tests.factories import keep, make_commune, make_proposal, make_round
from tests.programme.rounds import make_programming


@pytest.fixture(autouse=True)
def instance(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``python -m cdp check`` looks at this test's database; the catalogs themselves are held by tests/house."""
    monkeypatch.setattr(wanted, "problems", list)
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
    for area in ("migrations", "catalogs", "counts", "books", "plans", "orphans"):
        assert f"{area}: ok" in result.output


def test_a_word_that_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "problems", lambda: ["fr: 'Well' is not translated (templates/x.html:1)"])
    result = check()
    assert result.exit_code == 1
    assert "catalogs: fr: 'Well' is not translated" in result.output


def test_a_kept_count_that_is_wrong_is_named(db: Session) -> None:
    round_ = make_round(db)
    make_proposal(db, round_, support_count=7)
    keep(db, BoardCount(commune_id=round_.commune_id, round_id=round_.id, facet="sector", value="roads", count=3))
    db.commit()
    result = check()
    assert result.exit_code == 1
    assert "counts: proposals.supports_are_wrong: proposal" in result.output
    assert "facet sector, value roads, kept 3, true 0" in result.output


def test_an_entry_of_the_books_with_a_false_seal_is_named(db: Session) -> None:
    round_ = make_round(db)
    proposal = make_proposal(db, round_, state=ProposalState.PROGRAMMED)
    base = {"commune_id": round_.commune_id}
    project = keep(
        db,
        Project(
            **base,
            round_id=round_.id,
            proposal_id=proposal.id,
            number=proposal.number,
            start_year=2028,
            cost_minor=100,
            price_year=2027,
            state_since=date(2027, 1, 1),
        ),
    )
    line = keep(db, FundingLine(**base, project_id=project.id, source=Source.OWN))
    keep(
        db,
        LedgerEntry(
            **base,
            sequence=1,
            op=Op.COMMIT,
            project_id=project.id,
            line_id=line.id,
            unit="MAD",
            amount_minor=5,
            effective_on=date(2027, 4, 1),
            recorded_at=now(),
            dirhams_minor=5,
            key="a",
            previous_hash="0" * 64,
            hash="f" * 64,
        ),
    )
    db.commit()
    result = check()
    assert result.exit_code == 1
    assert f"books: ledger of commune {round_.commune_id}: L3, entry 1, chain: content" in result.output


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


def test_a_version_of_a_plan_that_was_tampered_with_is_named(db: Session) -> None:
    round_, _, officer = make_programming(db, 300_000, 200_000)
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    db.commit()
    assert "plans: ok" in check().output
    past_the_guards(db, "UPDATE plan_line SET cost_minor = cost_minor + 1 WHERE rank = 1")
    result = check()
    assert result.exit_code == 1
    assert f"plans: plan of round {round_.id}, version 1: its data are not those of its hash" in result.output


def past_the_guards(db: Session, statement: str) -> None:
    """What somebody with the keys of the database could do: the guards taken off, the row changed."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        db.execute(text("DROP TRIGGER plan_line_refuses_update"))
    db.execute(text(statement))
    db.commit()


def test_without_a_database_of_its_own_the_demonstration_is_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CDP_DATABASE_URL", raising=False)
    folder = tmp_path / "instance"
    monkeypatch.setenv("CDP_INSTANCE", str(folder))
    assert demonstration_alone() is None
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "demo.sqlite3").touch()
    (folder / "cdp.sqlite3").touch()
    assert demonstration_alone() == folder / "demo"
    (folder / "cdp.sqlite3").write_bytes(b"\0" * 8192)
    assert demonstration_alone() is None
    (folder / "cdp.sqlite3").unlink()
    monkeypatch.setenv("CDP_DATABASE_URL", "sqlite:///elsewhere")
    assert demonstration_alone() is None

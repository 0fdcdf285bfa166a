from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.__main__ import main
from cdp.config import settings
from cdp.funding import queries
from cdp.funding.models import BooksCheck, LedgerEntry
from cdp.funding.rules.chain import seal
from cdp.funding.rules.named import INVARIANTS
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Payment, Signed
from cdp.jobs.books import check_books, prove
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.rounds.states import Source
from cdp.store.engine import Store
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene, past_the_guards, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    """Books of five entries: a promise, an agreement, its receipt, a payment, hours."""
    made = make_scene(db)
    pledged(db, made)
    signed = Signed(Source.PROVINCE, "Conseil provincial", 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    treasury.sign(db, made.treasurer, made.project, signed, key="s")
    line = next(row for row in queries.lines_of(db, made.project.id) if row.source is Source.PROVINCE)
    treasury.receive(db, made.treasurer, line, Payment(25_000_000, date(2027, 4, 2), "OV 12"), key="r")
    treasury.spend(db, made.treasurer, line, Payment(10_000_000, date(2027, 4, 9), "FAC 3, PV 1"), key="p")
    pledged(db, made, key="h", unit="H", amount=720)
    db.commit()
    return made


def test_books_that_hold_are_proved_rule_by_rule(db: Session, scene: Scene) -> None:
    proof = prove(db, scene.commune.id, today())
    assert (proof.entries, proof.broken) == (5, ())
    assert set(proof.asked) <= set(INVARIANTS)
    assert {"L1", "L2", "L3", "L5", "L6", "L9", "L10", "L14", "L16", "L17", "L22", "L23"} <= set(proof.asked)


@pytest.mark.parametrize(
    ("change", "name", "entry"),
    [
        ("UPDATE entry SET amount_minor = amount_minor + 1 WHERE sequence = 2", "L3", 2),
        ("UPDATE entry SET effective_on = '2027-03-02' WHERE sequence = 1", "L3", 1),
        ("UPDATE entry SET evidence = 'OV 13' WHERE sequence = 3", "L3", 3),
        ("UPDATE entry SET rate = '10.81' WHERE sequence = 1", "L3", 1),
        ("UPDATE entry SET recorded_by_id = recorded_by_id + 1 WHERE sequence = 4", "L3", 4),
        ("UPDATE entry SET hash = previous_hash WHERE sequence = 5", "L3", 5),
        ("DELETE FROM entry WHERE sequence = 2", "L3", 3),
    ],
)
def test_a_tampered_byte_is_found_and_named(db: Session, scene: Scene, change: str, name: str, entry: int) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(change))
    db.rollback()
    past_the_guards(db, change)
    proof = prove(db, scene.commune.id, today())
    assert (name, entry) in {(each.name, each.seq) for each in proof.broken}


def test_a_chain_written_anew_from_the_middle_does_not_carry_the_published_seal(
    db: Session, scene: Scene, store: Store
) -> None:
    check_books(store)
    rows = list(db.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence)))
    past_the_guards(db, "UPDATE entry SET evidence = 'FAC 4' WHERE sequence = 4")
    previous = rows[2].hash
    for row in rows[3:]:
        db.refresh(row)
        row.previous_hash = previous
        previous = row.hash = seal(previous, queries.as_entry(row))
        with db.no_autoflush:
            fresh = f"UPDATE entry SET previous_hash = '{row.previous_hash}', hash = '{row.hash}' WHERE id = {row.id}"
        db.expire(row)
        past_the_guards(db, fresh)
    proof = prove(db, scene.commune.id, today())
    assert [(each.name, each.seq, each.why) for each in proof.broken] == [("L3", 5, "not the seal that was published")]


def test_the_night_keeps_one_check_a_day_with_the_seal_and_nobody_changes_it(
    db: Session, scene: Scene, store: Store
) -> None:
    assert [str(each) for each in check_books(store)] == [
        f"books of commune {scene.commune.id} checked, entries: 5",
        f"books of commune {scene.commune.id}, broken: 0",
    ]
    assert check_books(store) == []
    with clock.held_at(today() + timedelta(days=1)):
        assert len(check_books(store)) == 2
    first, _second = db.scalars(select(BooksCheck).order_by(BooksCheck.day)).all()
    last = db.scalar(select(LedgerEntry.hash).order_by(LedgerEntry.sequence.desc()).limit(1))
    assert (first.entries, first.hash, first.found) == (5, last, 0)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE books_check SET found = 0"))


def test_the_command_names_what_is_broken_and_says_so_by_its_exit_code(
    db: Session, scene: Scene, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_DATABASE_URL", database)
    settings.cache_clear()
    whole = CliRunner().invoke(main, ["ledger", "check", "--commune", "tirsal"])
    assert whole.exit_code == 0, whole.output
    assert "tirsal: 5 entries" in whole.output
    past_the_guards(db, "UPDATE entry SET amount_minor = amount_minor + 1 WHERE sequence = 3")
    broken = CliRunner().invoke(main, ["ledger", "check"])
    assert broken.exit_code == 1
    assert "L3   entry 3: chain: content" in broken.output
    assert "L10" in broken.output
    assert CliRunner().invoke(main, ["ledger", "check", "--commune", "nowhere"]).exit_code == 1
    settings.cache_clear()


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_treasurer_reads_what_the_night_found_and_everybody_the_seals(
    browser: Browser, db: Session, scene: Scene, store: Store, language: str
) -> None:
    browser.sign_in(scene.treasurer.known())
    browser.get(f"/{language}/tirsal/treasury/")
    check_books(store)
    past_the_guards(db, "UPDATE entry SET amount_minor = amount_minor + 1 WHERE sequence = 3")
    with clock.held_at(today() + timedelta(days=1)):
        check_books(store)
    assert "verify=1" in browser.get(f"/{language}/tirsal/treasury/").text
    assert "chain: content" in browser.get(f"/{language}/tirsal/treasury/books?verify=1").text
    browser.sign_out()
    first = db.scalar(select(BooksCheck.hash).order_by(BooksCheck.day).limit(1))
    assert str(first) in browser.get(f"/{language}/tirsal/accounts/seals").text

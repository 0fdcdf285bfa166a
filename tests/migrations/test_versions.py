"""Up, down, up on the engine asked for; the head equals the models; what is append-only stays so."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.people.actor import CLOCK
from cdp.store.audit import Event, record
from cdp.store.engine import Store
from cdp.store.migrations import downgrade, is_current, upgrade
from cdp.store.search import is_of_search
from cdp.tables import metadata
from tests.factories import make_commune, make_round


def tables(store: Store) -> set[str]:
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        else:
            found = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        return {row[0] for row in found} - {"alembic_version", "sqlite_sequence"}


def test_versions_go_up_down_and_up_again(store: Store) -> None:
    assert is_current(store.engine)
    downgrade(store.engine, "base")
    left = tables(store)
    upgrade(store.engine)
    assert not left
    assert set(metadata.tables) <= tables(store)


def test_the_head_equals_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": lambda name, _kind, _parents: not is_of_search(name)},
        )
        assert compare_metadata(context, metadata) == []


def test_the_head_has_the_conditions_the_models_note_at_their_indexes(store: Store) -> None:
    noted = {
        (table.name, str(index.name)): index.info["where"]
        for table in metadata.tables.values()
        for index in table.indexes
        if "where" in index.info
    }
    there = inspect(store.engine)
    stands = {
        (table, str(index["name"])): str(index["dialect_options"].get(f"{store.engine.dialect.name}_where", ""))
        for table in {table for table, _index in noted}
        for index in there.get_indexes(table)
    }
    assert noted
    for index, where in noted.items():
        assert stands[index].strip("()").upper() == where.upper()


@pytest.mark.parametrize("statement", ["UPDATE event SET act = 'other'", "DELETE FROM event"])
def test_an_act_once_written_cannot_be_changed(db: Session, statement: str) -> None:
    record(db, CLOCK, "communes.open", make_commune(db))
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(statement))


def test_replacing_a_row_does_not_slip_past_the_guard(db: Session) -> None:
    record(db, CLOCK, "communes.open", make_commune(db))
    event = db.scalars(select(Event)).one()
    db.commit()
    if db.get_bind().dialect.name != "sqlite":
        return
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(
            text(
                "INSERT OR REPLACE INTO event (id, at, capacity, act, thing, thing_id, detail)"
                f" VALUES ({event.id}, '2027-01-01', 'x', 'x', 'x', 1, '{{}}')"
            )
        )


def test_a_frozen_charter_cannot_be_changed_but_an_open_one_can(db: Session) -> None:
    round_ = make_round(db)
    db.execute(text("UPDATE charter SET reason = 'still open'"))
    db.execute(text("UPDATE charter SET frozen_at = '2027-04-12 09:00:00+00'"))
    db.commit()
    assert round_.id
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE charter SET reason = 'too late'"))

"""Statements made once: what pages ask again and again is built at its first asking and never passes the mapper.

To build a statement anew and to pass its rows through the mapper costs a page several times what the database needs.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.orm import Mapper, Session, configure_mappers
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.util import _deep_deannotate
from sqlalchemy.util import EMPTY_DICT

from cdp.store.base import Base, table_of
from cdp.store.driver import AtHand, DriverStatement

Model = TypeVar("Model", bound=Base)


class Ready:
    """A select of columns (no whole objects); what it is asked for comes as its named ``bindparam``."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._statements: dict[str, DriverStatement] = {}

    def rows(self, db: Session, **values: Any) -> Sequence[Any]:
        """All rows; what the session has not written yet is written before, as by a session's own reads."""
        if db.autoflush:
            db.flush()
        held = at_hand(db)
        name = held.connection.dialect.name
        if name not in self._statements:
            self._statements[name] = DriverStatement(lambda: unmapped(self._build()), held.connection.dialect)
        return self._statements[name].run(held, values)[0]

    def first(self, db: Session, **values: Any) -> Any:
        """The first row, or None."""
        found = self.rows(db, **values)
        return found[0] if found else None


class Deed:
    """An insert, update or delete of tables, built once for each dialect; its values are named ``bindparam``."""

    def __init__(self, build: Callable[[str], Any]) -> None:
        self._build = build
        self._statements: dict[tuple[str, ...], DriverStatement] = {}
        self._built: dict[str, Any] = {}

    def run(self, db: Session, values: Mapping[str, Any]) -> int:
        """Carry it out after what the session has not written yet; how many rows it touched."""
        return self._carry(db, values)[1]

    def rows(self, db: Session, values: Mapping[str, Any]) -> list[Any]:
        """The same; the rows it returns."""
        return self._carry(db, values)[0]

    def each(self, db: Session, values: Sequence[Mapping[str, Any]]) -> None:
        """Carry it out for each of several."""
        db.flush()
        held = connection(db)
        held.execute(self._of(held.dialect.name), values)

    def _of(self, dialect: str) -> Any:
        if dialect not in self._built:
            self._built[dialect] = self._build(dialect)
        return self._built[dialect]

    def _carry(self, db: Session, values: Mapping[str, Any]) -> tuple[list[Any], int]:
        if db.autoflush:
            db.flush()
        held, dialect = at_hand(db), at_hand(db).connection.dialect
        key = (dialect.name, *values)
        if key not in self._statements:
            self._statements[key] = DriverStatement(lambda: self._build(key[0]), dialect, list(values))
        return self._statements[key].run(held, values)


def at_hand(db: Session) -> AtHand:
    """The connection of the session's transaction with its cursor, asked for once a transaction."""
    held = db.info.get(HELD)
    if held is None or held[0] is not db.get_transaction():
        found = AtHand.of(db.connection())
        db.info[HELD] = held = (db.get_transaction(), found)
    return cast("AtHand", held[1])


def connection(db: Session) -> Connection:
    """The connection of the session's transaction."""
    return at_hand(db).connection


def part_of(db: Session) -> Any:
    """The transaction, or the part of it, that a session stands in: what it holds, it holds till that one's end."""
    return db.get_nested_transaction() or db.get_transaction()


HELD = "connection at hand"


def unmapped(statement: Any) -> Any:
    """The same select of tables and columns alone, without what tells the mapper of its objects."""
    plain = _deep_deannotate(statement)
    plain._propagate_attrs = EMPTY_DICT
    return plain


class Whole(Generic[Model]):
    """A select of whole rows that become the mapper's objects, at the price of a select of columns.

    ``ask`` gives the statement its joins and conditions; ``beside`` are further tables whose rows come along, in
    their order. An object the session knows already is that object, with all it has not written yet.
    """

    def __init__(self, model: type[Model], ask: Callable[[Any], Any], *beside: type[Base]) -> None:
        self._models: tuple[Any, ...] = (model, *beside)
        self._ready = Ready(lambda: ask(select(*(column for each in self._models for column in table_of(each).c))))

    def first(self, db: Session, **values: Any) -> Model | None:
        """The object of the first row, or None."""
        found = self.together(db, **values)
        return None if found is None else cast("Model", found[0])

    def together(self, db: Session, **values: Any) -> tuple[Any, ...] | None:
        """The objects of the first row, one a table (None where an outer join found nothing); None without a row."""
        row = self._ready.first(db, **values)
        if row is None:
            return None
        made, at = [], 0
        for model in self._models:
            names = _attributes(model)
            held = dict(zip(names, row[at : at + len(names)], strict=True))
            made.append(None if held["id"] is None else known(db, model, held))
            at += len(names)
        return tuple(made)


@cache
def _attributes(model: Any) -> tuple[str, ...]:
    """The attributes of a model in the order of its table's columns."""
    mapper = _mapper(model)
    return tuple(mapper.get_property_by_column(column).key for column in table_of(model).c)


def known(db: Session, model: type[Model], held: dict[str, Any]) -> Model:
    """The object of a row that was read or written in this session past the mapper; ``held`` are its columns.

    It is put where a session's own loading puts it (``sqlalchemy.orm.loading``): to add it as something new would
    look through all it is linked with. What ``held`` does not tell is read when it is asked for.
    """
    mapper = _mapper(model)
    key = mapper.identity_key_from_primary_key((held["id"],))
    there = db.identity_map.get(key)
    if there is not None:
        return cast("Model", there) if not instance_state(there).expired_attributes else db.get_one(model, held["id"])
    made = cast("Model", mapper.class_manager.new_instance())
    vars(made).update(held)
    state = instance_state(made)
    state.key, state.session_id = key, db.hash_key
    if len(held) < len(mapper.columns):
        state._expire_attributes(state.dict, state.unloaded)
    db.identity_map.add(state)
    mapper.class_manager.dispatch.load(state, None)  # lists that tell of a change within them are made so
    return made


def told(row: Base, values: Mapping[str, Any]) -> None:
    """Note what the database holds in columns of a row by now: SQLAlchemy's ``set_committed_value`` for several."""
    vars(row).update(values)
    instance_state(row)._commit(vars(row), values)


@cache
def _mapper(model: type[Base]) -> Mapper[Any]:
    configure_mappers()
    return inspect(model)


def write(db: Session, model: type[Model], **values: Any) -> Model:
    """Insert one row at once, past the unit of work, and give its object; ``values`` are all its columns but the id."""
    return known(db, model, {"id": _insert(model).rows(db, values)[0].id} | values)


@cache
def _insert(model: type[Base]) -> Deed:
    table = table_of(model)
    return Deed(lambda _dialect: insert(table).returning(table.c.id))

"""Statements compiled once and handed to the driver: what SQLAlchemy works out for each execution is worked out once.

The statement, its types and its errors are SQLAlchemy's; only the way from a statement to the driver's cursor is ours,
because that way costs an act of ten statements a sixth of its time.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

ASKED = object()
"""In the place of a value that each execution gives."""


class AtHand(NamedTuple):
    """A connection in its transaction and one cursor of the driver for all of it; none where somebody listens."""

    connection: Connection
    cursor: Any

    @classmethod
    def of(cls, connection: Connection) -> "AtHand":
        """The connection with its cursor; SQLAlchemy tells who listens to it or to its engine."""
        is_heard = connection._has_events or connection.engine._has_events
        return cls(connection, None if is_heard else connection.connection.cursor())


class DriverStatement:
    """One statement in one dialect: its text, how values go in and how columns come out; not the statement itself,
    which is many times as large and is built again where it must.

    ``keys`` are the columns an insert fills. It goes through SQLAlchemy all the same where somebody listens to what an
    engine carries out, for lists of values in one parameter (``IN``) and for columns that Python fills.
    """

    def __init__(self, build: Callable[[], Any], dialect: Dialect, keys: Sequence[str] | None = None) -> None:
        statement = build()
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        asked = {name for name, bind in compiled.binds.items() if not bind.unique or bind.callable}
        lists = {compiled.bind_names[bind] for bind in compiled.post_compile_params}
        columns = list(statement.exported_columns)
        self._build, self._types = build, [column.type for column in columns]
        self._is_plain = not (asked & lists or compiled.escaped_bind_names or compiled.insert_prefetch)
        self._statement = None if self._is_plain else statement
        self._row: Callable[[Iterable[Any]], Any] = namedtuple(
            "Row", [column.key for column in columns], rename=True
        )._make  # type: ignore[attr-defined]
        if self._is_plain:
            self._prepare(compiled, dialect, asked)

    def _prepare(self, compiled: Any, dialect: Dialect, asked: Set[str]) -> None:
        self._unsaid = [(name, compiled.binds[name]) for name in asked if not compiled.binds[name].required]
        told = compiled.construct_expanded_state(dict.fromkeys(asked))
        names = told.positiontup if compiled.positional else list(told.parameters)
        self._text, self._names = told.statement, None if compiled.positional else names
        ways = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        } | told.processors
        self._given = [
            _given(name, ways.get(name), ASKED if name in asked else told.parameters[name]) for name in names or ()
        ]
        self._out: list[tuple[int, Callable[[Any], Any], bool]] | None = None

    def run(self, held: AtHand, values: Mapping[str, Any]) -> tuple[list[Any], int]:
        """Carry it out: its rows by name (none where it gives none), and how many rows it touched (``rowcount``).

        KeyError for a value that lacks; errors of the driver as SQLAlchemy's ``DBAPIError``.
        """
        cursor = held.cursor
        if cursor is None or not self._is_plain:
            if self._statement is None:
                self._statement = self._build()
            result = held.connection.execute(self._statement, values)
            return list(result) if result.returns_rows else [], result.rowcount
        given = self._values(values)
        try:
            cursor.execute(self._text, given)
            found = cursor.fetchall() if self._types else []
        except Exception as error:
            self._refuse(held.connection, given, error)
            raise
        return self._read(held.connection.dialect, cursor, found) if found else [], cursor.rowcount

    def _values(self, values: Mapping[str, Any]) -> Any:
        if self._unsaid:
            values = {name: bind.effective_value for name, bind in self._unsaid} | dict(values)
        given = [
            fixed if fixed is not ASKED else values[name] if into is None else into(values[name])
            for name, into, fixed in self._given
        ]
        return given if self._names is None else dict(zip(self._names, given, strict=True))

    def _read(self, dialect: Dialect, cursor: Any, found: Sequence[Any]) -> list[Any]:
        if self._out is None:
            self._out = _outward(self._types, dialect, cursor.description)
        if not self._out:
            return [self._row(row) for row in found]
        rows = []
        for row in map(list, found):
            for place, out, is_of_none in self._out:
                if row[place] is not None or is_of_none:
                    row[place] = out(row[place])
            rows.append(self._row(row))
        return rows

    def _refuse(self, held: Connection, given: Any, error: Exception) -> None:
        """Raise what SQLAlchemy would raise for this error of the driver; nothing for any other error."""
        dialect, drivers = held.dialect, held.dialect.loaded_dbapi.Error
        if isinstance(error, drivers):
            lost = dialect.is_disconnect(error, held.connection.dbapi_connection, None)
            if lost:
                held.invalidate(error)
            raise DBAPIError.instance(
                self._text, given, error, drivers, connection_invalidated=lost, dialect=dialect
            ) from error


def _given(name: str, into: Callable[[Any], Any] | None, value: Any) -> tuple[str, Callable[[Any], Any] | None, Any]:
    """Name, way in and fixed value of a parameter."""
    return name, into, value if into is None or value is ASKED else into(value)


def _outward(types: Sequence[Any], dialect: Dialect, description: Any) -> list[tuple[int, Callable[[Any], Any], bool]]:
    """The columns whose values are changed on their way out, how, and whether nothing becomes something too."""
    ways = (
        (place, type_.dialect_impl(dialect).result_processor(dialect, description[place][1]))
        for place, type_ in enumerate(types)
    )
    return [(place, way, way(None) is not None) for place, way in ways if way is not None]

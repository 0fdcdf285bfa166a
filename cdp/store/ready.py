"""Statements made once: what pages ask again and again is built at its first asking and never passes the mapper.

To build a statement anew and to pass its rows through the mapper costs a page several times what the database needs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.sql.util import _deep_deannotate
from sqlalchemy.util import EMPTY_DICT


class Ready:
    """A select of columns (no whole objects); what it is asked for comes as its named ``bindparam``."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._statement: Any = None

    def rows(self, db: Session, **values: Any) -> Sequence[Any]:
        """All rows; what the session has not written yet is written before, as by a session's own reads."""
        if db.autoflush:
            db.flush()
        if self._statement is None:
            self._statement = unmapped(self._build())
        return db.connection().execute(self._statement, values).all()

    def first(self, db: Session, **values: Any) -> Any:
        """The first row, or None."""
        found = self.rows(db, **values)
        return found[0] if found else None


class Deed:
    """An insert, update or delete of tables, built once for each dialect; its values are named ``bindparam``."""

    def __init__(self, build: Callable[[str], Any]) -> None:
        self._build = build
        self._statements: dict[str, Any] = {}

    def run(self, db: Session, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
        """Carry it out, once or for each of several; gives the result (``rowcount``, or rows where it returns some)."""
        db.flush()
        dialect = db.get_bind().dialect.name
        if dialect not in self._statements:
            self._statements[dialect] = self._build(dialect)
        return db.connection().execute(self._statements[dialect], values)


def unmapped(statement: Any) -> Any:
    """The same select of tables and columns alone, without what tells the mapper of its objects."""
    plain = _deep_deannotate(statement)
    plain._propagate_attrs = EMPTY_DICT
    return plain

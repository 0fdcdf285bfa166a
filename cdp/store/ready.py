"""Statements made once: what pages ask again and again is built at its first asking and never passes the mapper.

To build a select anew and to pass its rows through the mapper costs a page several times what the database needs.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnCollection, Executable, Row
from sqlalchemy.orm import Session

from cdp.store.base import Base


def columns(model: type[Base]) -> ColumnCollection[str, Any]:
    """The columns of a table, without the mapper that stands over them."""
    return model.__table__.c


class Ready:
    """A select of columns of tables; what it is asked for comes as its named ``bindparam``."""

    def __init__(self, build: Callable[[], Executable]) -> None:
        self._build = build
        self._statement: Executable | None = None

    def rows(self, db: Session, **values: Any) -> Sequence[Row[Any]]:
        """All rows; what the session has not written yet is written before, as by a session's own reads."""
        if db.autoflush:
            db.flush()
        if self._statement is None:
            self._statement = self._build()
        return db.connection().execute(self._statement, values).all()

    def first(self, db: Session, **values: Any) -> Row[Any] | None:
        """The first row, if there is one."""
        found = self.rows(db, **values)
        return found[0] if found else None

"""Engine and sessions: SQLite embedded (WAL, immediate writers) or PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.kernel.late import late

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
else:
    postgresql, sqlite = late("sqlalchemy.dialects.postgresql"), late("sqlalchemy.dialects.sqlite")

Result = TypeVar("Result")


class Store:
    """The database of one installation: sessions that read, sessions that write."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        options: dict[str, Any] = {"pool_pre_ping": False}
        if url.startswith("sqlite"):
            options["connect_args"] = {"timeout": 10, "check_same_thread": False}
        options |= {"pool_size": pool_size, "max_overflow": 8}
        if url.startswith("postgresql://"):
            url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self.engine: Engine = create_engine(url, **options)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
            self.engine.dialect.do_begin = _begin  # type: ignore[method-assign, assignment]

    @cached_property
    def _writer(self) -> Engine:
        """The engine of acts; on SQLite they begin with the write lock."""
        writer = self.engine.execution_options()
        if writer.dialect.name == "sqlite":
            self.engine.connect().close()  # with its first connection the dialect learns what it speaks to
            writer.dialect = copy(self.engine.dialect)
            writer.dialect.do_begin = _begin_at_once  # type: ignore[method-assign, assignment]
        return writer

    def reader(self) -> Session:
        """A session for a page that only reads; it takes no write lock."""
        return Session(self.engine, expire_on_commit=False, autoflush=False)

    def writer(self) -> Session:
        """A session for one act; on SQLite it takes the write lock at its first statement."""
        return Session(self._writer, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One act outside a request: commits at the end, rolls back on any error."""
        with self.writer() as db, db.begin():
            yield db

    def attempt(self, act: Callable[[Session], Result], *, times: int = 3) -> Result:
        """Run a short act in its own transaction, again when the engine asks for it (serialization, lock)."""
        for left in range(times - 1, -1, -1):
            try:
                with self.begin() as db:
                    return act(db)
            except DBAPIError as error:
                if not left or not is_passing(error):
                    raise
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def is_passing(error: DBAPIError) -> bool:
    """Whether the same act may go through when tried again."""
    state = getattr(error.orig, "sqlstate", None)
    return state in {"40001", "40P01", "55P03"} or "locked" in str(error.orig)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=10000",
        "synchronous=FULL",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    """How the dialect begins: a listener for it would make SQLAlchemy tell of every statement besides."""
    connection.execute("BEGIN")


def _begin_at_once(connection: Any) -> None:
    """With the write lock, so that no act finds at its end that another was faster."""
    connection.execute("BEGIN IMMEDIATE")


def insert_or(db: Session, table: Any) -> Any:
    """An INSERT of the session's dialect that knows ``on_conflict_do_nothing`` and ``…_do_update``."""
    return insert_of(db.get_bind().dialect.name, table)


def insert_of(dialect: str, table: Any) -> Any:
    """The same by the name of the dialect, for statements that are built once and kept."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)

"""Alembic's door: knows the metadata; the versions themselves import nothing of the house."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from cdp.config import settings
from cdp.store.engine import Store
from cdp.store.search import is_of_search
from cdp.store.types import Document, UTCDateTime, WordsType
from cdp.tables import metadata


def plain_type(kind: str, item: object, _context: AutogenContext) -> str | bool:
    """Write the house's column types as the plain ones they are in the database."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Document | WordsType):
        return "sa.Text()"
    return False


def run(connection: Connection) -> None:
    """Run the versions on a connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=plain_type,
        compare_type=True,
        transaction_per_migration=True,
        include_name=lambda name, _kind, _parents: not is_of_search(name),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Store(settings().database_url).engine.connect() as own:
        run(own)
        own.commit()

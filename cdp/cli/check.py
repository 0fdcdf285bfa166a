"""Whether the installation is whole: migrations, catalogs, counts, books, orphans. Exit 0 when nothing is broken."""

from collections.abc import Iterator
from pathlib import Path

import click
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from cdp import tables
from cdp.conduct import checks
from cdp.config import Settings, settings
from cdp.funding.queries.proof import communes_with_books
from cdp.i18n import wanted
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.store.engine import Store
from cdp.store.migrations import is_current
from cdp.store.search import is_of_search

QUEUE = "huey_"
"""Tables of the worker's queue on PostgreSQL: they are not ours."""


@click.command("check")
def check() -> None:
    """Name everything that is broken; exit 1 if anything is."""
    chosen = settings()
    store = Store(chosen.database_url)
    broken = 0
    for area, found in areas(chosen, store):
        for sentence in found:
            click.echo(f"{area}: {sentence}", err=True)
        click.echo(f"{area}: {'ok' if not found else f'{len(found)} broken'}")
        broken += len(found)
    store.dispose()
    if broken:
        raise SystemExit(1)


def areas(chosen: Settings, store: Store) -> Iterator[tuple[str, list[str]]]:
    """Each area with what is broken in it; the data is looked at only when the tables are the right ones."""
    drift = list(migrations(store))
    yield "migrations", drift
    yield "catalogs", catalogs()
    if drift:
        return
    with store.reader() as db:
        yield "counts", list(checks.counts(db))
        yield "books", list(books(db))
        yield "plans", list(checks.plans(db))
        yield "orphans", list(checks.orphans(db, files_of(chosen.instance)))


def books(db: Session) -> Iterator[str]:
    """What of L1 to L23 does not hold in the books of each commune, as ``ledger check`` proves them."""
    for commune_id in communes_with_books(db):
        for each in prove(db, commune_id, today()).broken:
            place = f"entry {each.seq}, " if each.seq else ""
            yield f"ledger of commune {commune_id}: {each.name}, {place}{each.why}"


def migrations(store: Store) -> Iterator[str]:
    """Whether the database stands at the newest version, and that version is what the models say."""
    if not is_current(store.engine):
        yield "the database is not at the newest version"
        return
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        for difference in compare_metadata(context, tables.metadata):
            yield f"the models ask for {difference}"


def _is_ours(name: str | None, _kind: str, _parents: object) -> bool:
    return not (is_of_search(name) or (name or "").startswith(QUEUE))


def catalogs() -> list[str]:
    """What the catalogs lack; a clash between two rooms is one of them."""
    try:
        return wanted.problems()
    except ValueError as clash:
        return [str(clash)]


def files_of(instance: Path) -> Path:
    """Where the files people brought lie."""
    return instance / "files"

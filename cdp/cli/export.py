"""``export``: a commune's open money as a file of a standard; nothing else is written."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from sqlalchemy.orm import Session

from cdp.communes import queries as communes
from cdp.config import settings
from cdp.exports.beancount import beancount_lines
from cdp.exports.gathering import gather
from cdp.exports.iati import iati_file
from cdp.exports.money_moves import KEY, columns, csv_file
from cdp.exports.money_package import package
from cdp.exports.oc4ids import oc4ids_file
from cdp.exports.tables import table_schema
from cdp.funding.queries.proof import stream
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.store.engine import Store
from cdp.transparency.queries.money import accounts
from cdp.transparency.queries.moves import moves

Writer = Callable[[Session, str], Iterable[bytes]]


def iati(db: Session, slug: str) -> Iterable[bytes]:
    """IATI 2.03 activities."""
    yield iati_file(gather(db, slug))


def oc4ids(db: Session, slug: str) -> Iterable[bytes]:
    """An OC4IDS project package."""
    yield oc4ids_file(gather(db, slug))


def beancount(db: Session, slug: str) -> Iterable[bytes]:
    """Every entry of the books, for auditors."""
    commune = communes.find(db, slug)
    for line in beancount_lines(stream(db, commune.id), commune.name.in_("fr")[0]):
        yield line.encode()


def tables(db: Session, slug: str) -> Iterable[bytes]:
    """All tables of the money with their schemas in one archive."""
    found = gather(db, slug)
    yield package(found, accounts(db, communes.find(db, slug).id, today()))


def csv(db: Session, slug: str) -> Iterable[bytes]:
    """The moves of the money as a table."""
    for line in csv_file(moves(db, communes.find(db, slug).id)):
        yield line.encode()


WRITERS: dict[str, Writer] = {"iati": iati, "oc4ids": oc4ids, "beancount": beancount, "csv": csv}
ARCHIVE = ".zip"
"""How the name of a file ends that is to hold every table, not the moves alone."""


@click.command("export")
@click.argument("kind", type=click.Choice(list(WRITERS)))
@click.option("--commune", "slug", required=True, help="The commune's name in its addresses.")
@click.option("--out", "file", required=True, type=click.Path(path_type=Path, dir_okay=False, writable=True))
def export(kind: str, slug: str, file: Path) -> None:
    """Write a commune's money: iati (2.03), oc4ids (0.9), beancount (for auditors), csv.

    csv writes every move, and its Table Schema as FILE.schema.json beside it; with a FILE that ends with .zip a data
    package of all tables (projects, money by source, moves, accounts, partners, exchange), each with its Table Schema.
    """
    is_package = kind == "csv" and file.suffix == ARCHIVE
    store = Store(settings().database_url)
    partial = file.with_name(f"{file.name}.part")
    try:
        with store.reader() as db, partial.open("wb") as out:
            size = sum(out.write(piece) for piece in (tables if is_package else WRITERS[kind])(db, slug))
        partial.replace(file)
    except Trouble as error:
        raise click.ClickException(f"{slug}: {error.message}") from error
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
        store.dispose()
    if kind == "csv" and not is_package:
        described = json.dumps(table_schema(columns(str), key=KEY), ensure_ascii=False, indent=1)
        file.with_name(f"{file.name}.schema.json").write_text(described, encoding="utf-8")
    click.echo(f"{file}: {size} bytes")

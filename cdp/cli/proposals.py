"""``proposals import``: a file of proposals, looked at first (``--dry-run``) or taken in; every row is told."""

from pathlib import Path

import click

from cdp.communes import queries as communes
from cdp.config import settings
from cdp.http.context import load_actor
from cdp.i18n.catalogs import merged
from cdp.kernel.errors import Message, Trouble
from cdp.proposals import queries, services
from cdp.proposals.queries import Outcome, Report
from cdp.proposals.rules.tables import Unreadable
from cdp.rounds import queries as rounds
from cdp.store.engine import Store

LARGEST = 8 * 1024 * 1024


def said(message: Message) -> str:
    """A message in the language of the terminal, English."""
    found = merged("en").get(message.key)
    words = str(found.string) if found and found.string else message.key
    return words % message.values if "%(" in words else words


@click.group()
def proposals() -> None:
    """Proposals of a round."""


@proposals.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--commune", "slug", required=True, help="The commune's name in its addresses.")
@click.option("--round", "year", required=True, type=int, help="First year of the round.")
@click.option("--dry-run", is_flag=True, help="Only tell what would become of each row; write nothing.")
@click.option("--by", "email", help="E-mail of the officer in whose name the rows are imported.")
def bring(file: Path, slug: str, year: int, *, dry_run: bool, email: str | None) -> None:
    """Read a CSV or XLSX file of proposals and tell every bad row by line and reason.

    Exit code 0 when every row is good, 1 when some are bad, 2 when the file or the wish cannot be read.
    """
    if file.stat().st_size > LARGEST:
        raise click.UsageError(said(Message("files.too_large", {"megabytes": LARGEST // 1024**2})))
    if not dry_run and not email:
        raise click.UsageError("Say with --by in whose name the rows are imported, or ask for --dry-run.")
    store = Store(settings().database_url)
    try:
        if dry_run or not email:
            report = _preview(store, file, slug, year)
        else:
            report = _import(store, file, slug, year=year, email=email)
    except Unreadable as error:
        raise click.UsageError(f"{file.name}: {said(error.message)}") from error
    except Trouble as error:
        raise click.UsageError(said(error.message)) from error
    finally:
        store.dispose()
    _tell(report)
    raise SystemExit(1 if report.count(Outcome.BAD) else 0)


def _preview(store: Store, file: Path, slug: str, year: int) -> Report:
    with store.reader() as db:
        commune = communes.find(db, slug)
        return queries.preview(db, rounds.card(db, rounds.find(db, commune.id, year)), file.read_bytes())


def _import(store: Store, file: Path, slug: str, *, year: int, email: str) -> Report:
    with store.begin() as db:
        commune = communes.find(db, slug)
        actor = load_actor(db, queries.person_by_email(db, email))
        card = rounds.card(db, rounds.find(db, commune.id, year))
        return services.import_rows(db, actor, card, name=file.name, data=file.read_bytes())


def _tell(report: Report) -> None:
    for row in report.rows:
        number = f" {row.number}" if row.number else ""
        reasons = " ".join(said(reason) for reason in row.reasons)
        click.echo(f"line {row.line}: {row.outcome}{number}: {row.title}" + (f": {reasons}" if reasons else ""))
    counts = ", ".join(f"{n} {outcome}" for outcome, n in report.counts.items() if n)
    click.echo(f"{len(report.rows)} rows: {counts or 'none'}")

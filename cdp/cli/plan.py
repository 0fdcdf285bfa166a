"""``plan``: the document, the workbook and the data of a plan, from the terminal."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask_babel import force_locale
from sqlalchemy.orm import Session

from cdp.app import create_app
from cdp.communes import queries as communes
from cdp.exports import plan_document, plan_sheets, typeset, workbook
from cdp.i18n.languages import LOCALES, direction
from cdp.i18n.say import language
from cdp.kernel.errors import Trouble
from cdp.rounds import queries as rounds
from cdp.transparency.plan_book import PlanBook
from cdp.transparency.queries.plan_book import book, version_of


@click.group()
def plan() -> None:
    """The plan of a round as a document."""


@plan.command("document")
@click.option("--commune", "slug", required=True, help="Address of the commune, e.g. tizi-nouzgar.")
@click.option("--year", type=int, required=True, help="First year of the round.")
@click.option("--lang", type=click.Choice(list(LOCALES)), default="ar", show_default=True)
@click.option("--version", "number", type=int, help="A version by its number; else the newest adopted one.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def document(slug: str, year: int, lang: str, number: int | None, out: Path) -> None:
    """Write the plan of a round as a PDF (PDF/UA-1); the same version gives the same bytes."""
    made, made_at = _in_language(slug, year, lang, number, _made)
    out.write_bytes(made)
    click.echo(f"{out}: {len(made)} bytes, data of {made_at:%Y-%m-%d}")


@plan.command("workbook")
@click.option("--commune", "slug", required=True, help="Address of the commune, e.g. tizi-nouzgar.")
@click.option("--year", type=int, required=True, help="First year of the round.")
@click.option("--lang", type=click.Choice(list(LOCALES)), default="ar", show_default=True)
@click.option("--version", "number", type=int, help="A version by its number; else the newest adopted one.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def write_workbook(slug: str, year: int, lang: str, number: int | None, out: Path) -> None:
    """Write the plan of a round as a workbook (XLSX) with live totals."""
    made, _made_at = _in_language(slug, year, lang, number, _sheets)
    out.write_bytes(made)
    click.echo(f"{out}: {len(made)} bytes")


def _in_language(
    slug: str, year: int, lang: str, number: int | None, make: Callable[[PlanBook], tuple[bytes, datetime]]
) -> tuple[bytes, datetime]:
    """What is made of a book while its language is in force."""
    app = create_app()
    try:
        with app.app_context(), app.extensions["store"].reader() as db, force_locale(LOCALES[lang]):
            return make(_book(db, slug, year, number))
    except Trouble as trouble:
        raise click.ClickException(str(trouble)) from trouble
    finally:
        app.extensions["store"].dispose()


def _sheets(found: PlanBook) -> tuple[bytes, datetime]:
    title, way = plan_document.page(found).title, direction(language())
    total = plan_document.total_word()
    sheets = plan_sheets.sheets(found)
    return workbook.xlsx(sheets, direction=way, total=total, made_at=found.made_at, title=title), found.made_at


def _book(db: Session, slug: str, year: int, number: int | None) -> PlanBook:
    commune = communes.find(db, slug)
    card = rounds.card(db, rounds.find(db, commune.id, year))
    return book(db, card, version_of(db, card, number))


def _made(found: PlanBook) -> tuple[bytes, datetime]:
    return typeset.pdf_apart(plan_document.document(found), found.made_at), found.made_at

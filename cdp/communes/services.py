"""Writes about the territory: the reference, a commune that opens its office, its douars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality, Province, Region
from cdp.communes.rules import CommuneRow, LocalityRow, slug, sort_key
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.words import Words
from cdp.store.audit import Acts, record
from cdp.store.keeping import note_change


@dataclass(frozen=True)
class Area:
    """A region (no parent) or a province (the region's code)."""

    code: str
    name: Words
    parent: str = ""


@dataclass(frozen=True)
class Opening:
    """What a commune says when it opens its office: letters of its numbers, who answers for personal data."""

    letters: str
    council_size: int | None = None
    summer_population: int | None = None
    controller: Words | None = None
    cndp_receipt: str = ""
    contact: str = ""


def take_areas(db: Session, areas: Iterable[Area]) -> None:
    """Regions and provinces of the reference; known codes get their new names."""
    regions = {region.code: region for region in db.scalars(select(Region))}
    provinces = {province.code: province for province in db.scalars(select(Province))}
    for area in areas:
        if not area.parent:
            region = regions.setdefault(area.code, Region(code=area.code, name=area.name))
            region.name = area.name
            db.add(region)
            db.flush()
        else:
            province = provinces.setdefault(
                area.code, Province(code=area.code, name=area.name, region_id=regions[area.parent].id)
            )
            province.name = area.name
            db.add(province)
    db.flush()


def take_communes(db: Session, rows: Sequence[CommuneRow]) -> int:
    """Communes of the reference; known codes get their new names and figures. How many are new."""
    provinces = {code: number for code, number in db.execute(select(Province.code, Province.id))}  # noqa: C416
    known = {commune.code: commune for commune in db.scalars(select(Commune))}
    addresses = {commune.slug for commune in known.values()}
    new = 0
    for row in rows:
        commune = known.get(row.code)
        if commune is None:
            commune = Commune(code=row.code, slug=_free(row, addresses), kind=row.kind, settings={})
            commune.province_id = provinces[row.province_code]
            db.add(commune)
            new += 1
        commune.name, commune.cercle, commune.sort_key = row.name, row.cercle, sort_key(row.name)
        commune.population_2014, commune.population_2024 = row.population_2014, row.population_2024
    db.flush()
    return new


def _free(row: CommuneRow, addresses: set[str]) -> str:
    """An address nobody has: the name, else the name with the code."""
    wanted = row.slug or slug(row.name.in_("fr")[0])
    if wanted in addresses:
        wanted = f"{wanted}-{row.code.replace('.', '')}"
    addresses.add(wanted)
    return wanted


def open_office(db: Session, actor: Acts, commune: Commune, opening: Opening) -> None:
    """From now on the commune uses the tool; opening again changes what it says of itself."""
    if not (2 <= len(opening.letters) <= 6 and opening.letters.isascii() and opening.letters.isalpha()):
        raise RuleBroken("communes.letters_two_to_six")
    if opening.council_size is not None and not 11 <= opening.council_size <= 201:
        raise RuleBroken("communes.council_size")
    commune.letters = opening.letters.upper()
    commune.council_size = opening.council_size
    commune.summer_population = opening.summer_population
    commune.controller = opening.controller
    commune.cndp_receipt, commune.contact = opening.cndp_receipt, opening.contact
    commune.opened_on = commune.opened_on or today()
    db.flush()
    touch(db, commune.id)
    record(db, actor, "communes.open", commune)


def take_localities(db: Session, actor: Acts, commune: Commune, rows: Sequence[LocalityRow]) -> tuple[int, int]:
    """The douars of a commune from a file: new ones added, known codes brought up to date; (new, known)."""
    known = {place.code: place for place in db.scalars(select(Locality).where(Locality.commune_id == commune.id))}
    new = 0
    for row in rows:
        place = known.get(row.code)
        if place is None:
            place = Locality(commune_id=commune.id, code=row.code)
            db.add(place)
            new += 1
        place.name, place.fraction, place.kind = row.name, row.fraction, row.kind
        place.sort_key = sort_key(row.name)
        place.households, place.population = row.households, row.population
        place.x, place.y, place.distances = row.x, row.y, row.distances
    db.flush()
    touch(db, commune.id)
    record(db, actor, "communes.take_localities", commune, new=new, known=len(rows) - new)
    db.flush()
    return new, len(rows) - new


def touch(db: Session, commune_id: int) -> None:
    """What workers keep of this commune is out of date from now on; counted by the database itself."""
    db.execute(
        update(Commune)
        .where(Commune.id == commune_id)
        .values(revision=Commune.revision + 1)
        .execution_options(synchronize_session="fetch")
    )
    note_change(db, commune_id)

"""Reads about the territory."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words


@dataclass(frozen=True)
class Place:
    """A douar or quarter as lists and maps show it."""

    id: int
    code: str
    name: Words
    fraction: Words
    population: int | None
    households: int | None
    x: float | None
    y: float | None


@cache
def _by_slug() -> Select[Any]:
    """The statement every page begins with, made once."""
    return select(Commune).where(Commune.slug == bindparam("slug"), Commune.opened_on.is_not(None))


def find(db: Session, slug: str) -> Commune:
    """A commune that uses the tool, by its address; NotFound else."""
    commune: Commune | None = db.scalar(_by_slug(), {"slug": slug})
    if commune is None:
        raise NotFound("communes.unknown", slug=slug)
    return commune


def opened(db: Session) -> list[Commune]:
    """The communes that use the tool, by name."""
    return list(
        db.scalars(select(Commune).where(Commune.opened_on.is_not(None)).order_by(Commune.sort_key, Commune.id))
    )


def places(db: Session, commune_id: int) -> list[Place]:
    """The douars of a commune, by name."""
    columns = (
        Locality.id,
        Locality.code,
        Locality.name,
        Locality.fraction,
        Locality.population,
        Locality.households,
        Locality.x,
        Locality.y,
    )
    rows = db.execute(
        select(*columns).where(Locality.commune_id == commune_id).order_by(Locality.sort_key, Locality.id)
    )
    return [Place(*row) for row in rows]


def by_code(db: Session, code: str) -> Commune:
    """A commune of the reference by HCP's code; NotFound else."""
    commune = db.scalar(select(Commune).where(Commune.code == code))
    if commune is None:
        raise NotFound("communes.unknown_code", code=code)
    return commune

"""Reads about the territory."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.store.keeping import Keep
from cdp.store.ready import Ready, Whole


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


_by_slug = Whole(Commune, lambda asked: asked.where(Commune.slug == bindparam("slug"), Commune.opened_on.is_not(None)))
"""What every page begins with."""


def find(db: Session, slug: str) -> Commune:
    """A commune that uses the tool, by its address; NotFound else."""
    commune = _by_slug.first(db, slug=slug)
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


_places: Keep[Mapping[int, Place]] = Keep()


def places_by_number(db: Session, commune_id: int, revision: int) -> Mapping[int, Place]:
    """The douars of a commune by number, in the order of their names; kept by the worker."""
    return _places.of(
        db, commune_id, revision, lambda: MappingProxyType({place.id: place for place in places(db, commune_id)})
    )


_revision = Ready(lambda: select(Commune.revision).where(Commune.id == bindparam("commune")))


def revision_of(db: Session, commune_id: int) -> int:
    """How often a commune, its rounds or charters were changed: by it a worker knows what it may keep."""
    found = _revision.first(db, commune=commune_id)
    if found is None:
        raise NotFound
    return int(found[0])


def by_code(db: Session, code: str) -> Commune:
    """A commune of the reference by HCP's code; NotFound else."""
    commune = db.scalar(select(Commune).where(Commune.code == code))
    if commune is None:
        raise NotFound("communes.unknown_code", code=code)
    return commune

"""Tables of the territory."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.communes.states import CommuneKind, LocalityKind
from cdp.kernel.words import Words
from cdp.store.base import Base
from cdp.store.types import Document, WordsType, choice, not_negative


class Region(Base):
    """One of the twelve regions."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Words] = mapped_column(WordsType)


class Province(Base):
    """A province or prefecture of a region."""

    __tablename__ = "province"

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Words] = mapped_column(WordsType)
    region: Mapped[Region] = relationship(lazy="raise_on_sql")


class Commune(Base):
    """A commune; it uses the tool from the day its office opened (``opened_on``)."""

    __tablename__ = "commune"
    __table_args__ = (Index("ix_commune_opened_on", "opened_on"),)

    province_id: Mapped[int] = mapped_column(ForeignKey("province.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Words] = mapped_column(WordsType)
    cercle: Mapped[Words | None] = mapped_column(WordsType)
    kind: Mapped[CommuneKind] = mapped_column(choice(CommuneKind))
    sort_key: Mapped[str] = mapped_column(String(120), index=True)
    population_2014: Mapped[int | None]
    population_2024: Mapped[int | None]
    summer_population: Mapped[int | None]
    is_invented: Mapped[bool] = mapped_column(Boolean(name="is_invented_is_bool"), default=False)
    opened_on: Mapped[date | None]
    letters: Mapped[str] = mapped_column(String(6), default="")
    council_size: Mapped[int | None]
    controller: Mapped[Words | None] = mapped_column(WordsType)
    cndp_receipt: Mapped[str] = mapped_column(String(80), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    settings: Mapped[Any] = mapped_column(Document, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    """Counts up with every change of the commune, its rounds or charters: what a worker may keep by it."""
    province: Mapped[Province] = relationship(lazy="raise_on_sql")


class Locality(Base):
    """A douar or quarter of a commune, with its place on the commune's sketch map (0-100, top left)."""

    __tablename__ = "locality"
    __table_args__ = (
        UniqueConstraint("commune_id", "code"),
        Index("ix_locality_commune_sort", "commune_id", "sort_key"),
        not_negative("households"),
        not_negative("population"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[Words] = mapped_column(WordsType)
    fraction: Mapped[Words] = mapped_column(WordsType)
    kind: Mapped[LocalityKind] = mapped_column(choice(LocalityKind))
    sort_key: Mapped[str] = mapped_column(String(120))
    households: Mapped[int | None]
    population: Mapped[int | None]
    x: Mapped[float | None]
    y: Mapped[float | None]
    distances: Mapped[Any] = mapped_column(Document, default=dict)

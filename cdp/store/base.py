"""The declarative base: constraints named by convention, ids everywhere."""

from typing import cast

from sqlalchemy import BigInteger, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit number; SQLite counts up only on INTEGER."""


class Base(DeclarativeBase):
    """Every table: a number as primary key, names by convention."""

    metadata = MetaData(naming_convention=NAMES)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements past the unit of work: built once, executed often."""
    return cast(Table, model.__table__)

"""Column types that mean the same on both engines."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, DateTime, Dialect, Enum, String, Text, TypeDecorator

from cdp.kernel.words import Words

Member = TypeVar("Member", bound=StrEnum)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment; refuses naive ones, gives aware UTC back on every engine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database: UTC; ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment does not go into the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database: aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SHORT = 400
"""Letters of JSON: names and titles, which pages read again and again; longer texts are not kept."""


def _words(value: str) -> Words:
    return Words(json.loads(value))


_short = lru_cache(maxsize=2048)(_words)


class WordsType(TypeDecorator[Words]):
    """People's words in up to three languages, as opaque JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else json.dumps(dict(value), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Words | None:
        """Out of the database."""
        return None if value is None else _short(value) if len(value) <= SHORT else _words(value)


class Document(TypeDecorator[Any]):
    """A value of lists, dictionaries, numbers and texts as canonical JSON text; never queried inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Into the database: keys sorted, no blanks, so that equal values are equal texts."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Out of the database."""
        return None if value is None else json.loads(value)


def choice(members: type[Member]) -> Enum:
    """A StrEnum as VARCHAR(40) with a CHECK; its values, not its names, are stored."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=f"is_{_snake(members.__name__)}",
        values_callable=lambda enum: [member.value for member in enum],
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def positive(column: str) -> CheckConstraint:
    """CHECK that a number is above zero."""
    return CheckConstraint(f"{column} > 0", name=f"{column}_is_positive")


def not_negative(column: str) -> CheckConstraint:
    """CHECK that a number is zero or more."""
    return CheckConstraint(f"{column} >= 0", name=f"{column}_is_not_negative")


Currency = String(3)

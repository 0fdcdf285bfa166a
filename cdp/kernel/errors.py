"""What can go wrong, said as a message key with its values; the doors find the words."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """A key of the catalogs (``<stage>.<what>``) and the values its sentence takes."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.key


class Trouble(Exception):
    """Something a person asked for cannot be done; ``message`` says why, nothing was changed."""

    def __init__(self, key: str | Message, **values: Any) -> None:
        self.message = key if isinstance(key, Message) else Message(key, values)
        super().__init__(str(self.message))


class Refused(Trouble):
    """Who asks may not do this, or not in this capacity (HTTP 403)."""


class RuleBroken(Trouble):
    """A rule stands against it (HTTP 422 or the form again)."""


class NotFound(Trouble):
    """There is no such thing, or none this person may know of (HTTP 404)."""

    def __init__(self, key: str | Message = "errors.not_found", **values: Any) -> None:
        super().__init__(key, **values)


class Conflict(Trouble):
    """The same form was sent with other content, or someone was faster (HTTP 409)."""

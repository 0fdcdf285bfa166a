"""Messages of the fit as plain values that are kept with a line, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme.rules.fit.terms import Reason, SourceKind

Remedies = tuple[tuple[Message, ...], ...]
"""Alternatives, each of them the things that would together let a project in."""


def kept(reason: Reason) -> dict[str, Any]:
    """The values and remedies of a reason as plain values."""
    return {
        "values": _values(reason.message),
        "remedies": [[{"key": one.key, "values": _values(one)} for one in way] for way in reason.remedies],
    }


def plain(one: Message) -> dict[str, Any]:
    """A message as plain values."""
    return {"key": one.key, "values": _values(one)}


def read(one: Mapping[str, Any]) -> Message:
    """A message that was kept."""
    return Message(one["key"], _read(one["values"]))


def message(key: str, document: Mapping[str, Any]) -> Message | None:
    """The message that was kept, or None where none was."""
    return Message(key, _read(document.get("values", {}))) if key else None


def remedies(document: Mapping[str, Any]) -> Remedies:
    """The remedies that were kept."""
    ways: Iterable[Sequence[Mapping[str, Any]]] = document.get("remedies", ())
    return tuple(tuple(Message(one["key"], _read(one["values"])) for one in way) for way in ways)


def _values(one: Message) -> dict[str, Any]:
    return {name: _plain(value) for name, value in one.values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return {"money": value.minor, "currency": value.currency}
    if isinstance(value, Words):
        return {"words": dict(value)}
    if isinstance(value, tuple):
        return {"sources": [kind.value for kind in value]}
    return {"source": value.value} if isinstance(value, SourceKind) else value


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping) and "words" in value:
        return Words(value["words"])
    if isinstance(value, Mapping) and "sources" in value:
        return tuple(SourceKind(kind) for kind in value["sources"])
    if isinstance(value, Mapping):
        return Money(value["money"], value["currency"]) if "money" in value else SourceKind(value["source"])
    return value

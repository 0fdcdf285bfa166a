"""From a JSON document to an instance, or everything that is wrong with it, in the words of the catalogs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdp.kernel.errors import Message
from cdp.kernel.words import Words
from cdp.programme.rules.fit.schema import INPUT, Schema
from cdp.programme.rules.fit.sound import problems
from cdp.programme.rules.fit.terms import (
    Base,
    Capacity,
    Certainty,
    Envelope,
    Exclusion,
    Instance,
    LeftOut,
    Limit,
    Phases,
    Pin,
    Preset,
    Project,
    Quota,
    Running,
    Scope,
    Share,
    SourceKind,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An instance and a former programme, or the problems that stand against it."""

    instance: Instance | None
    previous: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Message, ...] = ()


def read(document: Any) -> Reading:
    """Read a document of the shape ``schema.INPUT``; nothing is guessed, nothing unknown is passed over."""
    wrong = shape_problems(document, INPUT, "")
    if wrong:
        return Reading(None, problems=tuple(wrong))
    wrong = _of_other_terms(document)
    instance = _instance(document)
    wrong += problems(instance)
    unknown = sorted(document.get("previous", {}).keys() - {project.id for project in instance.projects})
    wrong += [Message("programme.input.unknown_project", {"where": "previous", "project": id_}) for id_ in unknown]
    if wrong:
        return Reading(None, problems=tuple(wrong))
    return Reading(instance, document.get("previous", {}))


def shape_problems(value: Any, schema: Schema, where: str) -> list[Message]:
    """What of a value is not as the schema says; ``where`` is its path."""
    kind = schema["type"]
    if not _TYPES[kind](value):
        return [Message("programme.input.type", {"where": where or "/", "expected": kind})]
    if kind == "object":
        return _object_problems(value, schema, where)
    if kind == "array":
        found = [
            problem for n, one in enumerate(value) for problem in shape_problems(one, schema["items"], f"{where}/{n}")
        ]
        if len(value) < schema.get("minItems", 0):
            found.append(Message("programme.input.too_few", {"where": where, "least": schema["minItems"]}))
        return found
    return _limit_problems(value, schema, where)


_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}


def _object_problems(value: dict[str, Any], schema: Schema, where: str) -> list[Message]:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", False)
    found = [
        Message("programme.input.missing", {"where": where or "/", "field": name})
        for name in schema.get("required", ())
        if name not in value
    ]
    for name, one in value.items():
        if name in known:
            found += shape_problems(one, known[name], f"{where}/{name}")
        elif rest:
            found += shape_problems(one, rest, f"{where}/{name}")
        else:
            found.append(Message("programme.input.unknown_field", {"where": where or "/", "field": name}))
    return found


def _limit_problems(value: Any, schema: Schema, where: str) -> list[Message]:
    if "enum" in schema and value not in schema["enum"]:
        names = ", ".join(schema["enum"])
        return [Message("programme.input.not_one_of", {"where": where, "value": value, "names": names})]
    if "minimum" in schema and value < schema["minimum"]:
        return [Message("programme.input.too_small", {"where": where, "least": schema["minimum"]})]
    if "maximum" in schema and value > schema["maximum"]:
        return [Message("programme.input.too_large", {"where": where, "most": schema["maximum"]})]
    if schema.get("minLength") and not value:
        return [Message("programme.input.empty", {"where": where})]
    return []


def _of_other_terms(document: Mapping[str, Any]) -> list[Message]:
    """Costs in another year's prices, money in another currency: they are not converted silently."""
    currency = document.get("currency", "MAD")
    year = document.get("price_year", document["years"][0])
    found = []
    for list_ in ("projects", "envelopes"):
        for number, one in enumerate(document[list_]):
            values = {"where": f"/{list_}/{number}", "name": one.get("id") or f"{one.get('source')} {one.get('year')}"}
            if one.get("currency", currency) != currency:
                both = {"currency": one["currency"], "expected": currency}
                found.append(Message("programme.input.other_currency", values | both))
            if one.get("price_year", year) != year:
                both = {"year": one["price_year"], "expected": year}
                found.append(Message("programme.input.other_prices", values | both))
    return found


def _instance(document: Mapping[str, Any]) -> Instance:
    given = {name: document[name] for name in ("currency", "price_year", "price_rise", "payer") if name in document}
    return Instance(
        years=tuple(document["years"]),
        projects=tuple(_project(one) for one in document["projects"]),
        envelopes=tuple(_envelope(one) for one in document["envelopes"]),
        counted=Certainty(document.get("counted", Certainty.EXPECTED)),
        kinds={source: SourceKind(kind) for source, kind in document.get("kinds", {}).items()},
        exclusions=tuple(Exclusion(**_tuples(one)) for one in document.get("exclusions", ())),
        phases=tuple(Phases(**_tuples(one)) for one in document.get("phases", ())),
        capacity=tuple(Capacity(**one) for one in document.get("capacity", ())),
        quotas=tuple(_quota(one) for one in document.get("quotas", ())),
        pins=tuple(Pin(**one) for one in document.get("pins", ())),
        left_out=tuple(LeftOut(**one) for one in document.get("left_out", ())),
        presets=tuple(_preset(one) for one in document.get("presets", ())),
        **given,
    )


def _tuples(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}


def _project(one: Mapping[str, Any]) -> Project:
    given = {name: value for name, value in _tuples(one).items() if name not in ("price_year", "currency")}
    for name in ("shares", "studies"):
        given[name] = tuple(_share(share) for share in one.get(name, ()))
    given["running"] = tuple(Running(**running) for running in one.get("running", ()))
    return Project(**given)


def _share(one: Mapping[str, Any]) -> Share:
    given = _tuples(one)
    return Share(**(given | {"certainty": Certainty(given.get("certainty", Certainty.PROMISED))}))


def _envelope(one: Mapping[str, Any]) -> Envelope:
    certainty = Certainty(one.get("certainty", Certainty.SIGNED))
    return Envelope(one["year"], one["source"], one["amount"], certainty)


def _quota(one: Mapping[str, Any]) -> Quota:
    given = _tuples(one)
    return Quota(**(given | {"scope": Scope(one["scope"]), "of": Base(one.get("of", Base.PROGRAMMED))}))


def _preset(one: Mapping[str, Any]) -> Preset:
    limits = tuple(
        Limit(**(dict(limit) | {"kinds": frozenset(SourceKind(kind) for kind in limit["kinds"])}))
        for limit in one["limits"]
    )
    return Preset(**(dict(one) | {"limits": limits, "title": Words(one.get("title", {}))}))

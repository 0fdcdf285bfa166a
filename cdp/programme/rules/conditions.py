"""The conditions the office sets, as documents, and the whole instance a plan is fitted from.

A round's conditions are the parts of ``fit.schema.INPUT`` that belong to no project (price rise, quotas, staff,
exclusions, phases); a project's are those of its own (years, duration, prerequisites, shares that wait for a
signature). What comes out is a document of that schema: whoever has it can fit the plan again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.reading import shape_problems
from cdp.programme.rules.fit.schema import INPUT
from cdp.programme.rules.shares import PartShare, held_years, parts_of_works
from cdp.programme.states import Pin
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import ProposerKind, Source, Sureness

__all__ = [
    "Candidate",
    "Decision",
    "PartShare",
    "Terms",
    "instance_document",
    "paid_by",
    "project_problems",
    "round_problems",
    "waits_for_no_share",
]

Terms = Mapping[str, Any]

LONGEST = 3
"""Most years one project's works are spread over where nobody said: the first three years are the detailed ones."""

OF_ROUND = ("price_rise", "counted", "capacity", "quotas", "exclusions", "phases", "presets")
"""What a round's conditions may hold."""

OF_PROJECT = ("earliest", "latest", "duration", "spread", "staff", "own_floor", "running", "studies", "after", "preset")
"""What a project's conditions may hold, beside ``waits``: {source: {"for": [sources], "otherwise": source}}."""


@dataclass(frozen=True)
class Candidate:
    """An admitted proposal as the plan takes it: its order in the ranking from 1, centimes, partners.

    ``cost`` None: never worked out. ``set_aside``: the panel's order gave it no place, with the reason.
    ``terms``: its own conditions; ``sector``, ``territory`` and ``proposer``: what quotas go by.
    """

    number: str
    rank: int
    mean: Fraction | None
    cost: int | None
    shares: tuple[PartShare, ...] = ()
    set_aside: str | None = None
    sector: str = ""
    territory: str = ""
    proposer: ProposerKind | None = None
    terms: Terms = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What people decided about a line: in, in from a year, or out; with their reason."""

    pin: Pin
    reason: str
    year: int | None = None


def round_problems(terms: Terms) -> list[Message]:
    """What of a round's conditions is not as it should be."""
    return _problems(terms, OF_ROUND, INPUT["properties"])


def project_problems(terms: Terms) -> list[Message]:
    """What of a project's conditions is not as it should be."""
    shapes = INPUT["properties"]["projects"]["items"]["properties"]
    waits = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "required": ["for"],
            "properties": {
                "for": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
                "otherwise": {"type": "string", "minLength": 1},
            },
        },
    }
    return _problems(terms, (*OF_PROJECT, "waits"), shapes | {"waits": waits}) or _window_problems(terms)


def _window_problems(terms: Terms) -> list[Message]:
    """A latest year before the earliest one: no year would be left."""
    earliest, latest = terms.get("earliest"), terms.get("latest")
    if earliest is None or latest is None or earliest <= latest:
        return []
    return [Message("programme.latest_before_earliest", {"earliest": earliest, "latest": latest})]


def waits_for_no_share(terms: Terms, paid: Iterable[Source]) -> Source | None:
    """The first partner that would wait for a signature without paying anything; None: there is none such."""
    return next((Source(source) for source in terms.get("waits", {}) if source not in set(paid)), None)


def _problems(terms: Terms, names: Iterable[str], shapes: Mapping[str, Any]) -> list[Message]:
    shape = {"type": "object", "properties": {name: shapes[name] for name in names}, "additionalProperties": False}
    return shape_problems(dict(terms), shape, "")


def instance_document(
    years: Sequence[int],
    envelopes: Sequence[Envelope],
    candidates: Sequence[Candidate],
    decisions: Mapping[str, Decision],
    terms: Terms,
) -> dict[str, Any]:
    """The instance of a plan; candidates without a cost are not in it."""
    costed = [candidate for candidate in candidates if candidate.cost]
    rooms = _rooms(years, envelopes, costed)
    yearly = _largest(rooms)
    document = {
        "years": list(years),
        "currency": "MAD",
        "price_year": years[0],
        "kinds": {Source.AGENCY.value: "ministry"},
        "envelopes": rooms,
        "projects": [_project(candidate, yearly, years) for candidate in costed],
        "pins": [
            {"project": one.number, "reason": decided.reason} | ({"start": decided.year} if decided.year else {})
            for one in costed
            if (decided := decisions.get(one.number)) is not None and decided.pin in {Pin.PINNED, Pin.MOVED}
        ],
        "left_out": list(_left_out(costed, decisions)),
    }
    return document | _standing(terms, {one.number for one in costed})


def _standing(terms: Terms, known: set[str]) -> dict[str, Any]:
    """A round's conditions, those that name projects without a cost shortened."""
    kept = {name: terms[name] for name in OF_ROUND if name in terms}
    for name in ("exclusions", "phases"):
        if name in kept:
            named = [one | {"projects": [id_ for id_ in one["projects"] if id_ in known]} for one in kept[name]]
            kept[name] = [one for one in named if len(one["projects"]) > 1]
    return kept


def _rooms(
    years: Sequence[int], envelopes: Sequence[Envelope], candidates: Iterable[Candidate]
) -> list[dict[str, Any]]:
    """The charter's envelopes; a partner whose source has none gives to its projects alone."""
    rooms = [
        {"year": e.year, "source": e.source.value, "amount": e.amount.minor, "certainty": e.sureness.value}
        for e in envelopes
    ]
    known = {room["source"] for room in rooms} | {Source.OWN.value}
    outside: dict[str, int] = {}
    for share in (share for candidate in candidates for share in candidate.shares):
        if share.source.value not in known:
            outside[share.source.value] = outside.get(share.source.value, 0) + share.amount
    return rooms + [
        {"year": year, "source": source, "amount": amount} for source, amount in outside.items() for year in years
    ]


def _left_out(candidates: Iterable[Candidate], decisions: Mapping[str, Decision]) -> Iterable[dict[str, str]]:
    for candidate in candidates:
        decided = decisions.get(candidate.number)
        if decided is not None and decided.pin is Pin.EXCLUDED:
            yield {"project": candidate.number, "reason": decided.reason}
        elif decided is None and candidate.set_aside is not None:
            yield {"project": candidate.number, "reason": candidate.set_aside}


def _largest(rooms: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    by_year: dict[tuple[str, int], int] = {}
    for room in rooms:
        key = (room["source"], room["year"])
        by_year[key] = by_year.get(key, 0) + room["amount"]
    largest: dict[str, int] = {}
    for (source, _), amount in by_year.items():
        largest[source] = max(largest.get(source, 0), amount)
    return largest


WOMEN_AND_YOUTH = {ProposerKind.WOMENS_GROUP: "women", ProposerKind.YOUTH_GROUP: "youth"}
"""Whose projects quotas may ask for."""


def _project(candidate: Candidate, yearly: Mapping[str, int], years: Sequence[int]) -> dict[str, Any]:
    paid = paid_by(candidate.cost or 0, candidate.shares)
    group = WOMEN_AND_YOUTH.get(candidate.proposer) if candidate.proposer else None
    found: dict[str, Any] = {
        "id": candidate.number,
        "value": int(candidate.mean * 1000) if candidate.mean is not None else 0,
        "rank": candidate.rank,
        "cost": candidate.cost,
        "shares": [_share(candidate, source, amount) for source, amount in paid.items()],
        "duration": duration(
            {source.value: amount for source, amount in paid.items()}, yearly, min(LONGEST, len(years))
        ),
        "groups": [group] if group else [],
    }
    found |= {"sector": candidate.sector} if candidate.sector else {}
    found |= {"territory": candidate.territory} if candidate.territory else {}
    found |= {name: candidate.terms[name] for name in OF_PROJECT if name in candidate.terms}
    return _held(found, candidate, years[-1])


def _held(project: dict[str, Any], candidate: Candidate, last: int) -> dict[str, Any]:
    """The project with its works held to the years in which partners pay, each partner by those years."""
    held = held_years(candidate.shares)
    if held is None or not candidate.cost:
        return project
    start = held[0]
    duration = min(max(candidate.terms.get("duration", 1), held[1] - start + 1), last - start + 1)
    if len(project.get("spread", ())) != duration:
        project.pop("spread", None)
    for share in project["shares"]:
        parts = [part for part in candidate.shares if part.source.value == share["source"]]
        if held_years(parts):
            share |= {"by_year": parts_of_works(parts, start, duration), "ceiling": share["amount"]}
    return project | {"duration": duration, "earliest": start, "latest": start}


def _share(candidate: Candidate, source: Source, amount: int) -> dict[str, Any]:
    """A share with how sure its least sure part is, and whose signature it waits for."""
    parts = [share.sureness for share in candidate.shares if share.source is source]
    order = list(Sureness)
    sureness = min(parts, key=order.index, default=Sureness.SIGNED)
    share: dict[str, Any] = {"source": source.value, "amount": amount, "certainty": sureness.value}
    waits = candidate.terms.get("waits", {}).get(source.value)
    if waits:
        share["only_if"] = waits["for"]
        share |= {"otherwise": waits["otherwise"]} if waits.get("otherwise") else {}
    return share


def paid_by(cost: int, shares: Iterable[PartShare]) -> dict[Source, int]:
    """Who pays what of a cost: partners their shares, the commune the rest; no source pays nothing."""
    paid: dict[Source, int] = {}
    for share in shares:
        paid[share.source] = paid.get(share.source, 0) + share.amount
    rest = cost - sum(paid.values())
    if rest:
        paid[Source.OWN] = paid.get(Source.OWN, 0) + rest
    return paid


def duration(shares: Mapping[str, int], yearly: Mapping[str, int], longest: int) -> int:
    """Years of works: as few as let no source give more than half of its largest year, where ``longest`` allows."""
    for count in range(1, longest):
        if all(-(-amount // count) <= yearly.get(source, 0) // 2 for source, amount in shares.items()):
            return count
    return longest

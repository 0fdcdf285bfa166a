"""What if? An instance with some of its money, projects or decisions changed, fitted by rank, summed and compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cdp.kernel.errors import Message
from cdp.programme.rules import keeping
from cdp.programme.rules.fit import greedy
from cdp.programme.rules.fit.grid import grid
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.terms import Instance, Programme

MOST_LESS, MOST_MORE = -100, 300
"""Per cent by which the money of a source may be changed."""

MOST_NAMED = 200
"""Projects that may be named one by one."""


@dataclass(frozen=True)
class Changes:
    """What is changed: per cent by source, projects that are out, projects that are in."""

    percent: Mapping[str, int]
    out: tuple[str, ...] = ()
    into: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is changed."""
        return not (any(self.percent.values()) or self.out or self.into)

    def plain(self) -> dict[str, Any]:
        """As plain values."""
        return {"percent": dict(self.percent), "out": list(self.out), "into": list(self.into)}


def changes_of(document: Mapping[str, Any]) -> Changes:
    """Changes that were kept."""
    return Changes(document.get("percent", {}), tuple(document.get("out", ())), tuple(document.get("into", ())))


def tidy(changes: Changes, document: Mapping[str, Any]) -> Changes:
    """Only what the instance knows and within the limits; out wins over in."""
    known = [project["id"] for project in document["projects"]]
    sources = {room["source"] for room in document["envelopes"]}
    out = tuple(id_ for id_ in known if id_ in set(changes.out))[:MOST_NAMED]
    into = tuple(id_ for id_ in known if id_ in set(changes.into) - set(out))[:MOST_NAMED]
    percent = {
        source: min(max(by, MOST_LESS), MOST_MORE) for source, by in changes.percent.items() if source in sources and by
    }
    return Changes(percent, out, into)


def changed(document: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """The instance with the changes; an amount is rounded down to a centime."""
    rooms = [
        room | {"amount": room["amount"] * (100 + changes.percent.get(room["source"], 0)) // 100}
        for room in document["envelopes"]
    ]
    named = {*changes.out, *changes.into}
    pins = [pin for pin in document.get("pins", ()) if pin["project"] not in named]
    left_out = [one for one in document.get("left_out", ()) if one["project"] not in named]
    return {
        **document,
        "envelopes": rooms,
        "pins": pins + [{"project": id_} for id_ in changes.into],
        "left_out": left_out + [{"project": id_, "reason": ""} for id_ in changes.out],
    }


def tried(document: Mapping[str, Any], starts: Mapping[str, int], changes: Changes) -> dict[str, Any]:
    """What comes of the changes: what stands stays where there is still room, the rest goes by rank.

    ``{"starts", "value", "unmet"}``; ``unmet``: conditions that do not hold any more, as messages that are kept.
    """
    instance = _instance(changed(document, changes))
    if changes.is_nothing:
        return result(document, starts)
    done = greedy.refit(instance, starts)
    return _plain(done)


def result(document: Mapping[str, Any], starts: Mapping[str, int]) -> dict[str, Any]:
    """The same shape for a plan as it is."""
    values = {project["id"]: project["value"] for project in document["projects"]}
    return {"starts": dict(starts), "value": sum(values.get(id_, 0) for id_ in starts), "unmet": []}


def unmet(result_: Mapping[str, Any]) -> tuple[Message, ...]:
    """Conditions that do not hold, of a result."""
    return tuple(keeping.read(one) for one in result_["unmet"])


def _plain(done: Programme) -> dict[str, Any]:
    return {"starts": done.starts, "value": done.value, "unmet": [keeping.plain(one) for one in done.unmet]}


def _instance(document: Mapping[str, Any]) -> Instance:
    reading = read(document)
    if reading.instance is None:
        raise ValueError(f"a kept instance cannot be read: {reading.problems[0].key}")
    return reading.instance


@dataclass(frozen=True)
class Summary:
    """A programme in figures: centimes of works and studies, running costs apart."""

    value: int
    projects: int
    total: int
    running: int
    by_year: Mapping[str, int]
    by_source: Mapping[str, int]
    by_sector: Mapping[str, int]
    by_territory: Mapping[str, int]
    by_group: Mapping[str, int]


def summary(document: Mapping[str, Any], result_: Mapping[str, Any]) -> Summary:
    """The figures of a result. A project without territory lies in the whole commune: key ``""``."""
    ready = grid(_instance(dict(document)))
    placed = [
        option
        for id_, start in result_["starts"].items()
        for option in ready.choices[id_].options
        if option.start == start
    ]
    projects = {id_: choice.project for id_, choice in ready.choices.items()}
    invested = sum(option.total for option in placed)
    return Summary(
        value=result_["value"],
        projects=len(placed),
        total=invested,
        running=sum(sum(option.amounts.values()) for option in placed) - invested,
        by_year=_sums((str(year), amount) for o in placed for (year, _), amount in o.amounts.items()),
        by_source=_sums(part for option in placed for part in option.invested.items()),
        by_sector=_sums((projects[o.project].sector or "", o.total) for o in placed),
        by_territory=_sums((projects[o.project].territory or "", o.total) for o in placed),
        by_group=_sums((group, o.total) for o in placed for group in projects[o.project].groups or ("",)),
    )


def _sums(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, amount in parts:
        sums[key] = sums.get(key, 0) + amount
    return dict(sorted(sums.items()))


@dataclass(frozen=True)
class Compared:
    """What one programme has and the other not, and what starts in another year: (number, before, after)."""

    gone: tuple[str, ...]
    come: tuple[str, ...]
    moved: tuple[tuple[str, int, int], ...]

    @property
    def is_same(self) -> bool:
        """Whether both are alike."""
        return not (self.gone or self.come or self.moved)


def compared(before: Mapping[str, int], after: Mapping[str, int]) -> Compared:
    """Two programmes by their starts."""
    return Compared(
        tuple(sorted(before.keys() - after.keys())),
        tuple(sorted(after.keys() - before.keys())),
        tuple(
            (id_, before[id_], after[id_]) for id_ in sorted(before.keys() & after.keys()) if before[id_] != after[id_]
        ),
    )

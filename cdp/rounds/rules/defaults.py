"""The round a commune starts from: the charter and the phases of the reference documents, as values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cdp.kernel.words import Words
from cdp.rounds.rules.charter import CharterRules, CheckPoint, Criterion, Sector
from cdp.rounds.rules.phases import Window
from cdp.rounds.states import Phase, ProposerKind


@dataclass(frozen=True)
class Reference:
    """The reference documents as they were read: plain tables and lists."""

    sectors: Mapping[str, Any]
    checklist: Mapping[str, Any]
    criteria: Mapping[str, Any]
    charter: Mapping[str, Any]


def charter_of(reference: Reference) -> CharterRules:
    """The charter to start from; without envelopes, which only the commune knows. KeyError when a part lacks."""
    return CharterRules(
        sectors=tuple(Sector(s["key"], s["icon"], Words(s["name"])) for s in reference.sectors["sector"]),
        checklist=tuple(
            CheckPoint(p["key"], Words(p["question"]), Words(p["help"]), p["correctable"])
            for p in reference.checklist["point"]
        ),
        criteria=tuple(
            Criterion(c["key"], Words(c["name"]), Words(c["help"]), c["weight"], dict(_anchors(c["anchors"])))
            for c in reference.criteria["criterion"]
        ),
        envelopes=(),
        proposers=frozenset(ProposerKind(kind) for kind in reference.charter["proposing"]["proposers"]),
        supports_each=reference.charter["support"]["at_most_each_person"] or None,
    )


def _anchors(anchors: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Words]]:
    for anchor in anchors:
        yield anchor["mark"], Words({code: text for code, text in anchor.items() if code != "mark"})


def phases_of(reference: Reference, first_day: date, last_year: int) -> tuple[Window, ...]:
    """Phases one after the other by their usual lengths, from a first day; delivery lasts to the plan's end."""
    windows: list[Window] = []
    day = first_day
    for phase in sorted(reference.charter["phase"], key=lambda each: each["order"]):
        kind = Phase(phase["key"])
        end = day + timedelta(days=phase["usual_days"] - 1)
        if kind is Phase.DELIVERY:
            end = max(day, date(last_year, 12, 31))
        windows.append(Window(kind, day, end))
        day = end + timedelta(days=1)
    return tuple(windows)


def purposes_of(reference: Reference) -> dict[Phase, Words]:
    """What each phase is for, in the words of the reference charter."""
    return {Phase(p["key"]): Words(p["what"]) for p in reference.charter["phase"]}

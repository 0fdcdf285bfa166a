"""The charter as a value: sectors, checklist, criteria, envelopes, who may propose, how many supports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdp.kernel.money import Money, total
from cdp.kernel.words import Words
from cdp.rounds.states import CharterSection, ProposerKind, Source, Sureness


@dataclass(frozen=True)
class Sector:
    """A field of action: key for life, icon of the sprite, name."""

    key: str
    icon: str
    name: Words


@dataclass(frozen=True)
class CheckPoint:
    """A question of the eligibility check; a correctable one is given back, another refuses."""

    key: str
    question: Words
    help: Words
    is_correctable: bool


@dataclass(frozen=True)
class Criterion:
    """A criterion of the panel: weight above zero, help, and what the marks 0, 3 and 5 mean."""

    key: str
    name: Words
    help: Words
    weight: int
    anchors: Mapping[int, Words]


@dataclass(frozen=True)
class Envelope:
    """Money that may be programmed in a year from a source, and how sure it is."""

    year: int
    source: Source
    amount: Money
    sureness: Sureness


@dataclass(frozen=True)
class CharterRules:
    """All rules of a round's charter."""

    sectors: tuple[Sector, ...]
    checklist: tuple[CheckPoint, ...]
    criteria: tuple[Criterion, ...]
    envelopes: tuple[Envelope, ...]
    proposers: frozenset[ProposerKind]
    supports_each: int | None = None
    """Most proposals one person may support; None: as many as they like."""

    def sector(self, key: str) -> Sector | None:
        """The sector of that key, or None."""
        return next((sector for sector in self.sectors if sector.key == key), None)

    def weights(self) -> dict[str, int]:
        """What each criterion weighs, by its key."""
        return {criterion.key: criterion.weight for criterion in self.criteria}

    def envelope_total(self) -> Money:
        """Everything that may be programmed."""
        return total(envelope.amount for envelope in self.envelopes)

    def plain(self) -> dict[str, Any]:
        """The charter as a document of plain values; :func:`read` turns it back."""
        return {
            "sectors": [{"key": s.key, "icon": s.icon, "name": dict(s.name)} for s in self.sectors],
            "checklist": [
                {
                    "key": c.key,
                    "question": dict(c.question),
                    "help": dict(c.help),
                    "is_correctable": c.is_correctable,
                }
                for c in self.checklist
            ],
            "criteria": [
                {
                    "key": c.key,
                    "name": dict(c.name),
                    "help": dict(c.help),
                    "weight": c.weight,
                    "anchors": {str(mark): dict(words) for mark, words in c.anchors.items()},
                }
                for c in self.criteria
            ],
            "envelopes": [
                {"year": e.year, "source": e.source, "amount": e.amount.minor, "sureness": e.sureness}
                for e in self.envelopes
            ],
            "proposers": sorted(self.proposers),
            "supports_each": self.supports_each,
        }


def read(document: Mapping[str, Any]) -> CharterRules:
    """The charter of a document made by :meth:`CharterRules.plain`; KeyError or ValueError when it is not one."""
    return CharterRules(
        sectors=tuple(Sector(s["key"], s["icon"], Words(s["name"])) for s in document["sectors"]),
        checklist=tuple(
            CheckPoint(c["key"], Words(c["question"]), Words(c["help"]), c["is_correctable"])
            for c in document["checklist"]
        ),
        criteria=tuple(
            Criterion(
                c["key"],
                Words(c["name"]),
                Words(c["help"]),
                c["weight"],
                {int(mark): Words(words) for mark, words in c["anchors"].items()},
            )
            for c in document["criteria"]
        ),
        envelopes=tuple(
            Envelope(e["year"], Source(e["source"]), Money(e["amount"]), Sureness(e["sureness"]))
            for e in document["envelopes"]
        ),
        proposers=frozenset(ProposerKind(kind) for kind in document["proposers"]),
        supports_each=document["supports_each"],
    )


def problems(rules: CharterRules, first_year: int, last_year: int) -> list[str]:
    """Message keys of what is wrong with a charter for a round of these years."""
    keyed = (rules.sectors, rules.criteria, rules.checklist)
    doubts = {
        "rounds.no_sectors": not rules.sectors,
        "rounds.weights_above_zero": not rules.criteria or any(c.weight <= 0 for c in rules.criteria),
        "rounds.nobody_may_propose": not rules.proposers,
        "money.negative": any(e.amount.minor < 0 for e in rules.envelopes),
        "rounds.envelope_outside_the_years": any(not first_year <= e.year <= last_year for e in rules.envelopes),
        "rounds.a_key_twice": any(len({item.key for item in part}) < len(part) for part in keyed),
        "rounds.supports_at_least_one": rules.supports_each is not None and rules.supports_each < 1,
    }
    return [key for key, holds in doubts.items() if holds]


def changed(old: CharterRules, new: CharterRules) -> frozenset[CharterSection]:
    """The sections in which two charters differ."""
    before, after = old.plain(), new.plain()
    keys = {section: section.value for section in CharterSection} | {CharterSection.SUPPORTS: "supports_each"}
    return frozenset(section for section, key in keys.items() if before[key] != after[key])

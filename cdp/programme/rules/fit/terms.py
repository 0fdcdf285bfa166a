"""What goes into the fit of a programme and what comes out: plain frozen values.

Money is whole minor units (centimes) of one currency; rates and shares are basis points
(100 = 1 %); years are calendar years; ids are words chosen by who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cdp.kernel.errors import Message
from cdp.kernel.words import Words

NO_WORDS = Words()
WHOLE = 10_000
"""Basis points in a whole."""

Amounts = Mapping[tuple[int, str], int]
"""Minor units by (year, source)."""


class Certainty(StrEnum):
    """How sure money is, from least to most."""

    EXPECTED = "expected"
    PROMISED = "promised"
    SIGNED = "signed"

    @property
    def level(self) -> int:
        """0 for the least sure."""
        return list(Certainty).index(self)


class SourceKind(StrEnum):
    """Who pays, in the words of the money table of a communal plan."""

    OWN = "own"
    LOAN = "loan"
    INDH = "indh"
    PROVINCE = "province"
    REGION = "region"
    MINISTRY = "ministry"
    NGO = "ngo"
    COOPERATION = "cooperation"
    ASSOCIATION = "association"
    BENEFICIARIES = "beneficiaries"
    DIASPORA = "diaspora"
    OTHER = "other"


OWN_KINDS = frozenset({SourceKind.OWN, SourceKind.LOAN})
"""What counts as the commune's own money: a loan is repaid by the commune."""


_KINDS = {kind.value: kind for kind in SourceKind}


class Scope(StrEnum):
    """What a quota measures: money of projects of a territory, sector or group, or money of sources."""

    TERRITORY = "territory"
    SECTOR = "sector"
    GROUP = "group"
    SOURCE = "source"


class Base(StrEnum):
    """What a quota's portion is taken of: the money programmed, or all envelopes counted."""

    PROGRAMMED = "programmed"
    RESOURCES = "resources"


class FitStatus(StrEnum):
    """What may be said of a programme."""

    EXPLAINED = "explained"
    """By rank, every condition holds; nothing is said about how near it is to the best."""
    UNMET = "unmet"
    """By rank, but a pin or a floor does not hold: see ``unmet``."""
    OPTIMAL = "optimal"
    """Proven: no programme has a higher value."""
    WITHIN_GAP = "within_gap"
    """Every condition holds; the best lies between ``value`` and ``bound``."""
    CONTRADICTORY = "contradictory"
    """Proven: no programme meets all conditions: see ``clash``."""
    UNKNOWN = "unknown"
    """Time ran out, or the run was cancelled, before any programme meeting all conditions was found."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a source gives in a year. Several of one year and source add up."""

    year: int
    source: str
    amount: int
    certainty: Certainty = Certainty.SIGNED


@dataclass(frozen=True, slots=True)
class Share:
    """What a source pays of a project's cost, at the prices of the instance's price year.

    ``by_year``: amounts by year of works, summing to ``amount``; empty: as the project's spread.
    ``only_if``: sources whose own share in this project must be signed, else this share does not come;
    then ``otherwise`` pays it, or the project waits. ``ceiling``: most that this source pays in money
    of the day; what prices add beyond it falls on the instance's payer.
    """

    source: str
    amount: int
    by_year: tuple[int, ...] = ()
    certainty: Certainty = Certainty.PROMISED
    only_if: tuple[str, ...] = ()
    otherwise: str | None = None
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What a finished project costs a source each year from the year after its works."""

    source: str
    amount: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project that may stand in the programme once, in consecutive years.

    ``value``: priority value, not negative; ``rank``: 1 is first, None: by value. ``cost`` is the sum of
    ``shares``; ``studies`` come on top, in the first year of works. ``spread``: weights of the years of
    works; empty: even. ``earliest`` and ``latest``: years in which works may start. ``after``: projects
    that must be finished before. ``staff``: units of the commune's staff while works are in hand.
    """

    id: str
    value: int
    cost: int
    shares: tuple[Share, ...]
    rank: int | None = None
    studies: tuple[Share, ...] = ()
    running: tuple[Running, ...] = ()
    duration: int = 1
    spread: tuple[int, ...] = ()
    earliest: int | None = None
    latest: int | None = None
    after: tuple[str, ...] = ()
    staff: int = 1
    territory: str | None = None
    sector: str | None = None
    groups: tuple[str, ...] = ()
    own_floor: int = 0
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """What sources of these kinds may and must pay of one project: basis points and minor units."""

    kinds: frozenset[SourceKind]
    at_least: int = 0
    at_most: int = WHOLE
    at_most_amount: int | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """Share rules of a programme of funds, as known in a year; amounts hold in ``currency`` only."""

    name: str
    as_known_in: int
    currency: str
    limits: tuple[Limit, ...]
    total_at_least: int = 0
    title: Words = NO_WORDS
    """What people call it, in three languages; its name where there is none."""

    @property
    def said(self) -> Words | str:
        """The rule as sentences name it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Of these projects at most so many stand in the programme."""

    id: str
    projects: tuple[str, ...]
    at_most: int = 1


@dataclass(frozen=True, slots=True)
class Phases:
    """Phases of one project, in order: each starts after the one before is finished.

    ``complete``: all phases stand in the programme, or none.
    """

    id: str
    projects: tuple[str, ...]
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """Most units of staff that works in hand may take in a year."""

    year: int
    units: int


@dataclass(frozen=True, slots=True)
class Quota:
    """Floor and ceiling for the money of works and studies of a territory, sector, group or source.

    ``at_least`` and ``at_most`` are minor units over all years; the ``_portion`` forms are basis points
    of ``of``. A project counts in full for each of its groups. Running costs do not count.
    """

    id: str
    scope: Scope
    keys: tuple[str, ...]
    at_least: int | None = None
    at_most: int | None = None
    at_least_portion: int | None = None
    at_most_portion: int | None = None
    of: Base = Base.PROGRAMMED


@dataclass(frozen=True, slots=True)
class Pin:
    """People decided: this project stands in the programme, and in ``start`` if it is given."""

    project: str
    start: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People decided: this project does not stand in the programme."""

    project: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything a fit depends on.

    ``price_rise``: basis points a year, from ``price_year``; each amount is rounded up to a minor unit.
    ``counted``: the least certainty an envelope must have to be counted. ``payer``: the source that bears
    what a partner's ceiling does not cover. ``kinds``: kind by source; a source named after a kind
    needs none. ``capacity``: a year without one has no limit. A source without envelope gives nothing.
    ``presets``: share rules of this commune, found by name before those of ``presets.PRESETS``.
    """

    years: tuple[int, ...]
    projects: tuple[Project, ...]
    envelopes: tuple[Envelope, ...]
    currency: str = "MAD"
    price_year: int | None = None
    price_rise: int = 0
    counted: Certainty = Certainty.EXPECTED
    payer: str = "own"
    kinds: Mapping[str, SourceKind] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    phases: tuple[Phases, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    quotas: tuple[Quota, ...] = ()
    pins: tuple[Pin, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    presets: tuple[Preset, ...] = ()

    def kind(self, source: str) -> SourceKind:
        """Who a source is; OTHER when nobody said."""
        if source in self.kinds:
            return self.kinds[source]
        return _KINDS.get(source, SourceKind.OTHER)

    def envelope_amounts(self) -> dict[tuple[int, str], int]:
        """Minor units by (year, source), of the envelopes sure enough to be counted."""
        amounts: dict[tuple[int, str], int] = {}
        for envelope in self.envelopes:
            if envelope.certainty.level >= self.counted.level:
                key = (envelope.year, envelope.source)
                amounts[key] = amounts.get(key, 0) + envelope.amount
        return amounts


@dataclass(frozen=True, slots=True)
class Placement:
    """A project in the programme: its first year of works and what it takes, running costs included."""

    project: str
    start: int
    end: int
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project is left out, or does not start in ``start`` but later.

    ``message`` names the condition that binds; ``remedies`` are alternatives, each of them the things
    that would together let the project in, nearest first; empty when nothing that can be given would.
    """

    project: str
    start: int | None
    message: Message
    remedies: tuple[tuple[Message, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """What the programme takes of an envelope (or of a source that has none: ``amount`` 0)."""

    year: int
    source: str
    amount: int
    used: int


@dataclass(frozen=True, slots=True)
class Programme:
    """What a fit gives.

    ``value`` is the sum of the priority values; no programme has more than ``bound`` (None: nothing was
    proven). ``late``: why a project in the programme does not start in the first year it might.
    ``unmet``: conditions that do not hold. ``clash``: the smallest set of conditions that contradict
    one another, when there is no programme at all. ``changed``: what a re-fit changed of the former one.
    """

    status: FitStatus
    placements: tuple[Placement, ...]
    value: int
    bound: int | None = None
    left_out: tuple[Reason, ...] = ()
    late: tuple[Reason, ...] = ()
    uses: tuple[Use, ...] = ()
    unmet: tuple[Message, ...] = ()
    clash: tuple[Message, ...] = ()
    changed: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def starts(self) -> dict[str, int]:
        """First year of works by project."""
        return {placement.project: placement.start for placement in self.placements}

    @property
    def gap(self) -> float | None:
        """(bound - value) / value: the best programme is worth at most so much more; None: not proven."""
        if self.bound is None:
            return None
        return (self.bound - self.value) / max(self.value, 1)

"""The plan with all that its document says: frozen values, the same for PDF, workbook, CSV and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.meetings.queries import MeetingRow
from cdp.meetings.rules import Figure
from cdp.meetings.states import Indicator, PresentBy
from cdp.programme.queries import PlanRow, PlanSheet
from cdp.review.states import CostKind
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import ProposerKind, Source, Sureness


@dataclass(frozen=True)
class HomeSheet:
    """The commune as the letterhead and the cover name it."""

    slug: str
    name: Words
    province: Words
    region: Words
    cercle: Words | None
    population: int | None
    council_size: int | None
    is_invented: bool


@dataclass(frozen=True)
class ShareRow:
    """What a partner is expected to bear."""

    source: Source
    party: str
    name: Words
    amount: Money
    sureness: Sureness


@dataclass(frozen=True)
class CostRow:
    """A line of a cost: thousandths of the unit, price of one."""

    kind: CostKind
    label: Words
    quantity_milli: int
    unit: str
    price: Money


@dataclass(frozen=True)
class SheetOfProject:
    """What the annex says of a project beside its line of the plan."""

    row: PlanRow
    need: Words
    upkeep: Words
    women: int | None
    men: int | None
    youth: int | None
    households: int | None
    summer_peak: int | None
    supports: int
    price_year: int | None
    shares: tuple[ShareRow, ...]
    costs: tuple[CostRow, ...]


@dataclass(frozen=True)
class PlaceOnMap:
    """A douar on the sketch map, with the centimes that go there."""

    name: Words
    x: float
    y: float
    amount: int


@dataclass(frozen=True)
class RankedSheet:
    """A proposal in the ranking as it was marked; ``reason`` where people gave it another place."""

    number: str
    title: Words
    mean: Fraction | None
    place: int | None
    sheets: int
    reason: str
    said: tuple[Words, ...] = ()
    """Reasons of the panel beside its marks, without names; versions frozen before they were kept have none."""


@dataclass(frozen=True)
class DayOnPath:
    """A step of the legal path that has a day."""

    title: Words
    article: str
    on: date


@dataclass(frozen=True)
class PlanBook:
    """Everything the document of a version says."""

    home: HomeSheet
    card: RoundCard
    plan: PlanSheet
    projects: tuple[SheetOfProject, ...]
    ranked: tuple[RankedSheet, ...]
    askers: tuple[tuple[ProposerKind, int], ...]
    supports: int
    meetings: tuple[MeetingRow, ...]
    """Without their attendance: ``heard`` has it over all of them, small classes hidden (None)."""
    heard: Mapping[PresentBy, Mapping[str, int | None]]
    census: tuple[Figure, ...]
    entered: tuple[Figure, ...]
    map: tuple[PlaceOnMap, ...]
    path: tuple[DayOnPath, ...]
    made_at: datetime
    """The moment of the version: when it was frozen, or drafted."""

    def untranslated(self, language: str) -> tuple[int, int]:
        """How many texts that people wrote stand in another language than the document's, and of how many."""
        texts = [
            *(each.row.title for each in self.projects),
            *(each.need for each in self.projects),
            *(each.upkeep for each in self.projects),
            *(row.title for row in self.plan.left_out),
            *(each.title for each in self.meetings),
            *(saying.text for each in self.meetings for saying in each.sayings),
        ]
        written = [text for text in texts if text]
        return sum(language not in text for text in written), len(written)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """One figure an indicator: what the commune entered goes before the census."""
        found = {figure.indicator: figure for figure in (*self.census, *self.entered)}
        return tuple(found[each] for each in Indicator if each in found)

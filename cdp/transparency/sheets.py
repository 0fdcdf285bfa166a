"""The sheets: what everybody may know of a commune, a round, a proposal, a project and its money. Frozen values.

Money is in dirhams; days are Moroccan days; people stand here under the name they chose, or under none.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cdp.communes.states import CommuneKind
from cdp.delivery.states import MilestoneKind
from cdp.funding.rules.sheet import MoneySheet, SourceRow
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.people.states import GroupKind, GroupState
from cdp.programme.states import ProjectState
from cdp.proposals.states import ProposalState
from cdp.review.states import Verdict
from cdp.rounds.states import Phase, ProposerKind, Source
from cdp.teams.states import Offer

__all__ = ["MoneySheet", "SourceRow"]


class MoveKind(StrEnum):
    """What happened to money, as the public reads it."""

    PLEDGED = "pledged"
    COMMITTED = "committed"
    RECEIVED = "received"
    SPENT = "spent"
    PAID_DIRECT = "paid_direct"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class MoveSheet:
    """A move of money of a project's source: signed minor units, and its dirhams (centimes) frozen on the day."""

    number: str
    source: Source
    party: str
    kind: MoveKind
    unit: str
    amount_minor: int
    dirhams_minor: int | None
    day: date
    reference: str
    name: Words
    """What the party is called; nothing where there is none."""
    rate: str | None
    rate_day: date | None
    rate_source: str | None


@dataclass(frozen=True)
class CommuneSheet:
    """A commune that uses the tool; population as HCP counted it (RGPH 2014 and 2024)."""

    code: str
    slug: str
    kind: CommuneKind
    name: Words
    cercle: Words | None
    population_2014: int | None
    population_2024: int | None
    summer_population: int | None
    is_invented: bool


@dataclass(frozen=True)
class PlaceSheet:
    """A douar or quarter by its code."""

    code: str
    name: Words


@dataclass(frozen=True)
class PhaseSheet:
    """A phase of a round, from its first to its last day; the last phase has no end."""

    phase: Phase
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class SectorSheet:
    """A field of action of the charter."""

    key: str
    name: Words


@dataclass(frozen=True)
class RoundSheet:
    """A planning round and where it stands today (``phase`` None: before, between or after)."""

    first_year: int
    last_year: int
    title: Words
    phase: Phase | None
    phases: tuple[PhaseSheet, ...]
    charter_version: int
    sectors: tuple[SectorSheet, ...]
    proposals: int


@dataclass(frozen=True)
class GroupSheet:
    """A group that stands or waits for its second member; how many it has, never who they are."""

    id: int
    kind: GroupKind
    state: GroupState
    name: Words
    place: Words | None
    city: str
    is_registered: bool
    papers_valid_until: date | None
    papers_seen_on: date | None
    members: int


@dataclass(frozen=True)
class ProposalSheet:
    """A proposal as lists show it; ``person`` is the name its author chose ("" for none), no places: everywhere."""

    number: str
    round: int
    title: Words
    sector: str
    state: ProposalState
    submitted_on: date
    proposer_kind: ProposerKind
    group: Words | None
    person: str
    supports: int
    places: tuple[PlaceSheet, ...]
    cost: Money | None


@dataclass(frozen=True)
class PeopleSheet:
    """For how many a proposal is, as far as it was said."""

    women: int | None
    men: int | None
    youth: int | None
    households: int | None
    summer_peak: int | None


@dataclass(frozen=True)
class DecisionSheet:
    """What the review decided, with the reason in the language it was written in."""

    verdict: Verdict
    reason: str
    language: str
    decided_on: date


@dataclass(frozen=True)
class ProposalFile(ProposalSheet):
    """Everything about one proposal; one that became a project goes on under the same number."""

    need: Words
    upkeep: Words
    people: PeopleSheet
    merged_into: str | None
    merged_from: tuple[str, ...]
    decisions: tuple[DecisionSheet, ...]


@dataclass(frozen=True)
class MilestoneSheet:
    """A step of the works: planned, expected now, done on; measured in thousandths of its unit."""

    kind: MilestoneKind
    title: Words
    planned_on: date | None
    expected_on: date | None
    delay_reason: Words
    done_on: date | None
    quantity_milli: int | None
    quantity_unit: str
    note: Words
    photo_sha256: str | None
    photo_taken_on: date | None

    @property
    def quantity(self) -> str | None:
        """The measured quantity as machines write it, ``"2.1"``; None when nothing was measured."""
        if self.quantity_milli is None:
            return None
        whole, rest = divmod(self.quantity_milli, 1000)
        return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class HoursSheet:
    """Hours stand beside the money, never inside it: promised in all, and given so far."""

    promised: float
    given: float


@dataclass(frozen=True)
class ProjectSheet:
    """A project as lists show it, with its money and how far its works are."""

    number: str
    round: int
    title: Words
    sector: str
    state: ProjectState
    state_since: date
    start_year: int
    price_year: int
    places: tuple[PlaceSheet, ...]
    money: MoneySheet
    hours: HoursSheet
    milestones_planned: int
    milestones_done: int
    last_done: MilestoneSheet | None


@dataclass(frozen=True)
class MemberSheet:
    """Who stands behind a project today, under the name they chose ("" for none), until when."""

    name: str
    city: str
    offer: Offer
    text: str
    until: date


@dataclass(frozen=True)
class NeedSheet:
    """What a project looks for."""

    offer: Offer
    text: Words
    quantity: int | None
    until: date | None
    is_found: bool


@dataclass(frozen=True)
class AgreementSheet:
    """A signed agreement with a partner."""

    source: Source
    party: str
    reference: str
    signed_on: date
    amount: Money
    name: Words


@dataclass(frozen=True)
class ProjectFile(ProjectSheet):
    """Everything about one project; ``givers_unnamed`` None: too few to be counted."""

    need: Words
    supports: int
    milestones: tuple[MilestoneSheet, ...]
    team: tuple[MemberSheet, ...]
    former_members: int
    needs: tuple[NeedSheet, ...]
    agreements: tuple[AgreementSheet, ...]
    givers: tuple[Words, ...]
    givers_unnamed: int | None


@dataclass(frozen=True)
class PartSheet:
    """The money of one source, year, sector or douar; each part excludes the others. A source has nothing ``sought``.

    The key of a douar is its code; without one it is the whole commune's.
    """

    key: str
    received: Money
    committed: Money
    pledged: Money
    sought: Money | None


@dataclass(frozen=True)
class PartnerSheet:
    """How a partner keeps its agreements: signed, paid, due by an instalment and not here, in default since."""

    source: Source
    party: str
    signed: Money
    paid: Money
    late: Money
    late_since: date | None
    default_since: date | None
    name: Words


@dataclass(frozen=True)
class ExchangeSheet:
    """What came of promises in a currency, and its dirhams at the rates of the promises and of the receipts."""

    received: Money
    at_promise: Money
    at_receipt: Money
    difference: Money


@dataclass(frozen=True)
class AccountsSheet:
    """The money of all projects of a commune that were not dropped, on a day."""

    day: date
    projects: int
    cost: Money
    received: Money
    committed: Money
    pledged: Money
    sought: Money
    spent: Money
    hours: HoursSheet
    by_source: tuple[PartSheet, ...]
    by_year: tuple[PartSheet, ...]
    by_sector: tuple[PartSheet, ...]
    by_place: tuple[PartSheet, ...]
    overdue: int
    overdue_money: Money
    partners: tuple[PartnerSheet, ...]
    exchanges: tuple[ExchangeSheet, ...]

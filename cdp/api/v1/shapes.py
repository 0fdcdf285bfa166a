"""What the interface answers: the sheets as JSON, each shape the contract of its resource (OpenAPI 3.1)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cdp.communes.states import CommuneKind
from cdp.delivery.states import MilestoneKind
from cdp.kernel.money import Money
from cdp.people.states import GroupKind, GroupState
from cdp.programme.states import ProjectState
from cdp.proposals.states import ProposalState
from cdp.review.states import Verdict
from cdp.rounds.states import Phase, ProposerKind, Source
from cdp.teams.states import Offer


class Shape(BaseModel):
    """A part of an answer, read from the sheet of the same fields."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Amount(Shape):
    """An amount of money: exact decimal text and an ISO 4217 currency."""

    amount: str = Field(examples=["1862000.00"], pattern=r"^-?\d+(\.\d+)?$")
    currency: str = Field(examples=["MAD"], pattern=r"^[A-Z]{3}$")


def _amount(value: Any) -> Any:
    return {"amount": value.plain(), "currency": value.currency} if isinstance(value, Money) else value


def _words(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _named(value: Any) -> Any:
    return value or None


Sum = Annotated[Amount, BeforeValidator(_amount)]
Text = Annotated[dict[str, str], BeforeValidator(_words), Field(description="Words by language: ar, fr, en.")]
Name = Annotated[str | None, BeforeValidator(_named)]


class Trouble(Shape):
    """What went wrong: a stable key, and a sentence in the language asked for (Accept-Language)."""

    error: str
    message: str


class Commune(Shape):
    """A commune that uses the tool; population: HCP, RGPH 2014 and 2024."""

    code: str
    slug: str
    kind: CommuneKind
    name: Text
    cercle: Text | None
    population_2014: int | None
    population_2024: int | None
    summer_population: int | None
    is_invented: bool


class Place(Shape):
    """A douar or quarter."""

    code: str
    name: Text


class PhaseDays(Shape):
    """A phase of a round, both days inside."""

    phase: Phase
    starts_on: date
    ends_on: date | None


class Sector(Shape):
    """A field of action."""

    key: str
    name: Text


class Round(Shape):
    """A planning round; ``phase`` is the one of today, null between phases."""

    first_year: int
    last_year: int
    title: Text
    phase: Phase | None
    phases: tuple[PhaseDays, ...]
    charter_version: int
    sectors: tuple[Sector, ...]
    proposals: int


class Group(Shape):
    """A group that may propose: an association, a cooperative, people together without papers; never who they are."""

    id: int
    kind: GroupKind
    state: GroupState
    name: Text
    place: Text | None
    city: str
    is_registered: bool
    papers_valid_until: date | None
    papers_seen_on: date | None
    members: int


class Proposal(Shape):
    """A proposal; ``person`` is the name its author chose to show, null for none; no places: the whole commune."""

    number: str
    round: int
    title: Text
    sector: str
    state: ProposalState
    submitted_on: date
    proposer_kind: ProposerKind
    group: Text | None
    person: Name
    supports: int
    places: tuple[Place, ...]
    cost: Sum | None


class People(Shape):
    """For how many, as far as it was said."""

    women: int | None
    men: int | None
    youth: int | None
    households: int | None
    summer_peak: int | None


class Decision(Shape):
    """What the review decided and why; ``language`` is that of the reason."""

    verdict: Verdict
    reason: str
    language: str
    decided_on: date


class ProposalFile(Proposal):
    """Everything public about a proposal."""

    need: Text
    upkeep: Text
    people: People
    merged_into: str | None
    merged_from: tuple[str, ...]
    decisions: tuple[Decision, ...]


class SourceMoney(Shape):
    """The money of one source of a project; ``givers`` is 0 where there are too few to be counted."""

    source: Source
    party: str
    name: Text
    planned: Sum
    pledged: Sum
    committed: Sum
    received: Sum
    spent: Sum
    givers: int


class ProjectMoney(Shape):
    """Received, committed, pledged and sought stack up to the cost; ``over`` is what goes beyond it."""

    cost: Sum
    received: Sum
    committed: Sum
    pledged: Sum
    sought: Sum
    spent: Sum
    over: Sum
    rows: tuple[SourceMoney, ...]


class Hours(Shape):
    """Hours stand beside the money, never inside it."""

    promised: float
    given: float


class Milestone(Shape):
    """A step of the works; ``quantity`` is exact decimal text in ``quantity_unit``."""

    kind: MilestoneKind
    title: Text
    planned_on: date | None
    expected_on: date | None
    delay_reason: Text
    done_on: date | None
    quantity: str | None
    quantity_unit: str
    note: Text
    photo_sha256: str | None
    photo_taken_on: date | None


class Project(Shape):
    """A project of an adopted plan: the proposal it was, with money and works."""

    number: str
    round: int
    title: Text
    sector: str
    state: ProjectState
    state_since: date
    start_year: int
    price_year: int
    places: tuple[Place, ...]
    money: ProjectMoney
    hours: Hours
    milestones_planned: int
    milestones_done: int
    last_done: Milestone | None


class Member(Shape):
    """Who stands behind a project today; null where no name is shown."""

    name: Name
    city: Name
    offer: Offer
    text: str
    until: date


class Need(Shape):
    """What a project looks for."""

    offer: Offer
    text: Text
    quantity: int | None
    until: date | None
    is_found: bool


class Agreement(Shape):
    """A signed agreement."""

    source: Source
    party: str
    name: Text
    reference: str
    signed_on: date
    amount: Sum


class ProjectFile(Project):
    """Everything public about a project; ``givers_unnamed`` is null where they are too few to be counted."""

    need: Text
    supports: int
    milestones: tuple[Milestone, ...]
    team: tuple[Member, ...]
    former_members: int
    needs: tuple[Need, ...]
    agreements: tuple[Agreement, ...]
    givers: tuple[Text, ...]
    givers_unnamed: int | None


class Part(Shape):
    """The money of one source, year, sector or douar; each part excludes the others. No code: the whole commune."""

    key: str
    received: Sum
    committed: Sum
    pledged: Sum
    sought: Sum | None


class Partner(Shape):
    """How a partner keeps its agreements; ``late`` is what an instalment made due and is not here."""

    source: Source
    party: str
    name: Text
    signed: Sum
    paid: Sum
    late: Sum
    late_since: date | None
    default_since: date | None


class Exchange(Shape):
    """What came of promises in one currency, in dirhams at the rates of the promises and of the receipts."""

    received: Sum
    at_promise: Sum
    at_receipt: Sum
    difference: Sum


class Accounts(Shape):
    """The money of all projects of a commune that were not dropped."""

    day: date
    projects: int
    cost: Sum
    received: Sum
    committed: Sum
    pledged: Sum
    sought: Sum
    spent: Sum
    hours: Hours
    by_source: tuple[Part, ...]
    by_year: tuple[Part, ...]
    by_sector: tuple[Part, ...]
    by_place: tuple[Part, ...]
    overdue: int
    overdue_money: Sum
    partners: tuple[Partner, ...]
    exchanges: tuple[Exchange, ...]


class Communes(Shape):
    """The communes that use the tool."""

    items: tuple[Commune, ...]


class Rounds(Shape):
    """The rounds of a commune, the newest first."""

    items: tuple[Round, ...]


class Groups(Shape):
    """A page of groups, by name; ``next_page`` is null on the last."""

    items: tuple[Group, ...]
    page: int
    next_page: int | None


class Proposals(Shape):
    """A page of proposals; ``next_page`` is null on the last."""

    items: tuple[Proposal, ...]
    page: int
    next_page: int | None


class Projects(Shape):
    """A page of projects; ``next_page`` is null on the last."""

    items: tuple[Project, ...]
    page: int
    next_page: int | None

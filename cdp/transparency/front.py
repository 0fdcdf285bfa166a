"""What the front door of a commune shows: its round, its plan's money, its projects, who helps."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, case, func, select
from sqlalchemy.orm import Session

from cdp.delivery.queries import Finished, latest_finished
from cdp.funding.queries.open_accounts import open_accounts
from cdp.funding.queries.sums import CommuneSums, commune_sums
from cdp.kernel.money import Money
from cdp.people.models import Belonging
from cdp.people.states import Tie
from cdp.programme.models import Project
from cdp.programme.queries.projects import state_counts
from cdp.programme.states import ProjectState
from cdp.proposals.models import ProposalPlace
from cdp.proposals.queries.board import facets
from cdp.proposals.states import ProposalState
from cdp.rounds.states import ProposerKind
from cdp.store.ready import Ready
from cdp.teams.models import Membership
from cdp.teams.queries import holds_on


@dataclass(frozen=True)
class PlanMoney:
    """The money of all projects in delivery: four parts that stack up to the cost."""

    cost: Money
    received: Money
    committed: Money
    pledged: Money
    sought: Money


@dataclass(frozen=True)
class Front:
    """The front page of a commune on a day."""

    proposals: int
    waiting: int
    """Proposals that may be supported."""
    by_women: int
    members: int
    """People in the teams of projects today, wherever they live."""
    from_afar: int
    """Those of them with roots in the commune who do not say they live there."""
    projects_with_members: int
    money: PlanMoney | None
    states: dict[ProjectState, int]
    places: dict[int, ProjectState]
    """Douar -> the state of the project there that tells most: under way, else to come, else done."""
    finished: Finished | None

    @property
    def projects(self) -> int:
        """How many projects there are."""
        return sum(self.states.values())


WAITING = (ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.ADMITTED)

TELLS_MOST = (
    ProjectState.WORKS,
    ProjectState.TENDER,
    ProjectState.STUDY,
    ProjectState.PROGRAMMED,
    ProjectState.DONE,
)


def front(db: Session, commune_id: int, round_id: int | None, day: date) -> Front:
    """Everything the front page shows, in at most ten statements, however many projects there are."""
    counts = facets(db, round_id) if round_id is not None else {}
    states = state_counts(db, commune_id)
    members, from_afar, helped = _members.first(db, commune_id=commune_id, day=day)
    latest = latest_finished(db, commune_id, limit=1)
    return Front(
        proposals=sum(counts.get("proposer", {}).values()),
        waiting=sum(counts.get("state", {}).get(state, 0) for state in WAITING),
        by_women=counts.get("proposer", {}).get(ProposerKind.WOMENS_GROUP, 0),
        members=members,
        from_afar=from_afar,
        projects_with_members=helped,
        money=_money(db, commune_id, day) if states else None,
        states=states,
        places=_places(db, commune_id),
        finished=latest[0] if latest else None,
    )


def _members_statement() -> Any:
    """People in teams on a day, those of them who belong by their roots alone, and how many projects they are in."""
    here: Any = bindparam("commune_id")
    day, person = bindparam("day", type_=Date), Membership.person_id
    still = Belonging.until.is_(None) | (Belonging.until >= day)
    tied = select(Belonging.person_id).where(Belonging.commune_id == here, still)
    is_afar = person.in_(tied.where(Belonging.tie == Tie.ROOTS)) & person.not_in(tied.where(Belonging.tie == Tie.LIVES))
    return select(
        func.count(person.distinct()),
        func.count(case((is_afar, person)).distinct()),
        func.count(Membership.proposal_id.distinct()),
    ).where(Membership.commune_id == here, *holds_on(day))


_members = Ready(_members_statement)


def _money(db: Session, commune_id: int, day: date) -> PlanMoney:
    found = commune_sums(db, commune_id, day)
    if found is None:
        books = open_accounts(db, commune_id, day)
        whole = books.whole
        found = CommuneSums(books.cost, whole.received, whole.committed, whole.pledged, whole.sought)
    return PlanMoney(
        Money(found.cost), Money(found.received), Money(found.committed), Money(found.pledged), Money(found.sought)
    )


_places_ready = Ready(
    lambda: (
        select(ProposalPlace.locality_id, Project.state)
        .join(Project, Project.proposal_id == ProposalPlace.proposal_id)
        .where(Project.commune_id == bindparam("commune_id"), Project.state != ProjectState.DROPPED)
        .distinct()
    )
)


def _places(db: Session, commune_id: int) -> dict[int, ProjectState]:
    found: dict[int, ProjectState] = {}
    for place, state in _places_ready.rows(db, commune_id=commune_id):
        known = found.get(place)
        if known is None or TELLS_MOST.index(state) < TELLS_MOST.index(known):
            found[place] = state
    return found

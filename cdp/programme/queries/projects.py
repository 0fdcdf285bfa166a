"""The projects of a commune: the public list in frozen rows, one found by its number."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.store.ready import Ready


@dataclass(frozen=True)
class ProjectFilters:
    """What the list is asked for; None: all."""

    state: ProjectState | None = None
    sector: str | None = None


@dataclass(frozen=True)
class ProjectCard:
    """A project as lists show it; ``places`` empty means the whole commune."""

    id: int
    proposal_id: int
    number: str
    title: Words
    sector: str
    state: ProjectState
    state_since: date
    start_year: int
    cost_minor: int
    places: tuple[Words, ...] = ()

    @property
    def cost(self) -> Money:
        """What it costs, in dirhams."""
        return Money(self.cost_minor)


def board(
    db: Session, commune_id: int, filters: ProjectFilters, *, page: int = 1, size: int = SIZE
) -> Page[ProjectCard]:
    """The projects of a commune, those of the newest plan first (two statements)."""
    rows = db.execute(
        _filtered(
            select(
                Project.id,
                Project.proposal_id,
                Project.number,
                Proposal.title,
                Proposal.sector,
                Project.state,
                Project.state_since,
                Project.start_year,
                Project.cost_minor,
            ).join(Proposal, Proposal.id == Project.proposal_id),
            commune_id,
            filters,
        )
        .order_by(Project.round_id.desc(), Project.start_year, Project.id)
        .limit(size + 1)
        .offset(size * (page - 1))
    ).all()
    cards = [ProjectCard(*row) for row in rows]
    return Page(_placed(db, cards[:size]), page, more=len(cards) > size)


_states = Ready(
    lambda: (
        select(Project.state, func.count()).where(Project.commune_id == bindparam("commune_id")).group_by(Project.state)
    )
)


def state_counts(db: Session, commune_id: int) -> dict[ProjectState, int]:
    """How many projects of a commune stand in each state."""
    found = dict(iter(_states.rows(db, commune_id=commune_id)))
    return {state: found[state] for state in ProjectState if state in found}


def find_project(db: Session, commune_id: int, number: str) -> Project:
    """A project of a commune by its number; NotFound else."""
    found = db.scalar(select(Project).where(Project.commune_id == commune_id, Project.number == number))
    if found is None:
        raise NotFound("proposals.unknown", number=number)
    return found


def _filtered(statement: Any, commune_id: int, filters: ProjectFilters) -> Any:
    statement = statement.where(Project.commune_id == commune_id)
    if filters.state is not None:
        statement = statement.where(Project.state == filters.state)
    if filters.sector is not None:
        statement = statement.where(Proposal.sector == filters.sector)
    return statement


def _placed(db: Session, cards: list[ProjectCard]) -> list[ProjectCard]:
    if not cards:
        return cards
    places: dict[int, tuple[Words, ...]] = {}
    rows = db.execute(
        select(ProposalPlace.proposal_id, Locality.name)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .where(ProposalPlace.proposal_id.in_([card.proposal_id for card in cards]))
        .order_by(Locality.sort_key, Locality.id)
    )
    for proposal_id, name in rows:
        places[proposal_id] = (*places.get(proposal_id, ()), name)
    return [replace(card, places=places.get(card.proposal_id, ())) for card in cards]

"""The public board of a round: one select of frozen rows, counts kept beside, the same as a map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.people.models import Group, Person
from cdp.people.queries import said_name, shown_name
from cdp.people.states import GroupKind, ShownAs
from cdp.proposals.models import BoardCount, Proposal, ProposalPlace
from cdp.proposals.rules import search
from cdp.proposals.states import ON_BOARD, ProposalState
from cdp.rounds.states import ProposerKind
from cdp.store.ready import Ready
from cdp.store.search import matching


class Order(StrEnum):
    """In which order the board stands."""

    SUPPORTED = "supported"
    RECENT = "recent"


@dataclass(frozen=True)
class Filters:
    """What is asked of the board; empty values ask nothing."""

    query: str = ""
    sector: str = ""
    proposer: ProposerKind | None = None
    state: ProposalState | None = None
    place: int | None = None
    order: Order = Order.SUPPORTED

    def facets(self) -> dict[str, str]:
        """The facets asked for, as they are counted."""
        asked = {
            "sector": self.sector,
            "proposer": self.proposer and self.proposer.value,
            "state": self.state and self.state.value,
            "place": self.place and str(self.place),
        }
        return {facet: value for facet, value in asked.items() if value}


@dataclass(frozen=True)
class BoardRow:
    """A proposal as the board shows it; ``places`` are numbers of douars, none for the whole commune."""

    id: int
    number: str
    title: Words
    sector: str
    state: ProposalState
    proposer_kind: ProposerKind
    support_count: int
    group_name: Words | None
    group_kind: GroupKind | None
    is_registered: bool | None
    person_name: str
    """The name the person chose to show; empty for none."""
    city: str
    places: tuple[int, ...] = field(default=())
    cost: Money | None = None
    """What it costs once, where a later stage was asked along (see :func:`along`) and knows."""


def board(
    db: Session, round_id: int, filters: Filters, *, page: int = 1, size: int = SIZE, beside: Ready | None = None
) -> Page[BoardRow]:
    """A page of the board, most supported or newest first; two statements, three when the total must be counted.

    ``beside`` (made by :func:`along`) asks for the costs together with the places, in the same statement.
    """
    first = max(page, 1)
    values = _values(round_id, filters) | {"limit": size + 1, "offset": size * (first - 1)}
    words = search.asked(filters.query)
    if words:
        statement = _board(_asked(filters), filters.order).where(_within(db, round_id, words))
        found: Sequence[Any] = db.execute(statement, values).all()
    else:
        found = _ready_board(_asked(filters), filters.order).rows(db, **values)
    return Page(_placed(db, found[:size], beside or _places), first, more=len(found) > size)


def total(db: Session, round_id: int, filters: Filters, counts: Mapping[str, Mapping[str, int]]) -> int:
    """How many proposals answer: from the kept counts for none or one filter, counted else."""
    asked = filters.facets()
    if not search.asked(filters.query):
        if not asked:
            return sum(counts.get("state", {}).get(state, 0) for state in ON_BOARD)
        if len(asked) == 1:
            [(facet, value)] = asked.items()
            return counts.get(facet, {}).get(value, 0)
    statement = select(func.count()).select_from(Proposal).where(*_where(_asked(filters)))
    if words := search.asked(filters.query):
        statement = statement.where(_within(db, round_id, words))
    return db.scalar(statement, _values(round_id, filters)) or 0


_facets = Ready(
    lambda: select(BoardCount.facet, BoardCount.value, BoardCount.count).where(
        BoardCount.round_id == bindparam("round_id"), BoardCount.count > 0
    )
)


def facets(db: Session, round_id: int) -> dict[str, dict[str, int]]:
    """The kept counts of a round: facet -> value -> how many."""
    counts: dict[str, dict[str, int]] = {}
    for facet, value, count in _facets.rows(db, round_id=round_id):
        counts.setdefault(facet, {})[value] = count
    return counts


def map_points(db: Session, round_id: int, filters: Filters) -> dict[int, int]:
    """For the same question as the board: douar -> how many proposals ask something for it."""
    statement = (
        select(ProposalPlace.locality_id, func.count())
        .join(Proposal, Proposal.id == ProposalPlace.proposal_id)
        .where(*_where(_asked(filters)))
        .group_by(ProposalPlace.locality_id)
    )
    if words := search.asked(filters.query):
        statement = statement.where(_within(db, round_id, words))
    rows = db.execute(statement, _values(round_id, filters))
    return {locality_id: count for locality_id, count in rows}  # noqa: C416


@cache
def _ready_board(asked: frozenset[str], order: Order) -> Ready:
    return Ready(lambda: _board(asked, order))


def _board(asked: frozenset[str], order: Order) -> Select[Any]:
    """The rows of a question that asks for these facets, in an order; their values come later."""
    first = Proposal.submitted_at if order is Order.RECENT else Proposal.support_count
    columns: Sequence[Any] = (
        Proposal.id,
        Proposal.number,
        Proposal.title,
        Proposal.sector,
        Proposal.state,
        Proposal.proposer_kind,
        Proposal.support_count,
        Group.name,
        Group.kind,
        Group.is_registered,
        Proposal.entered_by_id == Proposal.author_id,
        Proposal.on_behalf_of,
        said_name(),
        Person.shown_as,
        Person.city,
    )
    return (
        select(*columns)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(*_where(asked))
        .order_by(first.desc(), Proposal.id.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _row(places: tuple[int, ...], cost: Money | None, *columns: Any) -> BoardRow:
    *shown, stands_in, on_behalf_of, name, shown_as, city = columns
    if stands_in:
        name = city = ""
    values: tuple[Any, ...] = (*shown, asker(on_behalf_of, name, shown_as), city, places, cost)
    return BoardRow(*values)


def asker(on_behalf_of: str, name: str, shown_as: ShownAs) -> str:
    """The name a proposal shows: of whom it was written for (first name), else as the author chose."""
    if on_behalf_of:
        return shown_name(on_behalf_of, ShownAs.FIRST)
    return shown_name(name, shown_as) if name else ""


def _of_places() -> Select[int, int, int]:
    """(proposal, douar, its place in the order) of the proposals ``ids``."""
    return select(ProposalPlace.proposal_id, ProposalPlace.locality_id, ProposalPlace.id).where(
        ProposalPlace.proposal_id.in_(bindparam("ids", expanding=True))
    )


_places = Ready(_of_places)


def along(costs: Callable[[], Select[int, int]]) -> Ready:
    """The places of a page's proposals together with what a later stage knows of their cost, for :func:`board`.

    ``costs`` gives a select of (proposal, centimes) for those of ``bindparam("ids", expanding=True)``.
    """
    return Ready(lambda: _of_places().union_all(select(*costs().subquery().c, literal(0))))


def _placed(db: Session, found: Sequence[Any], beside: Ready) -> list[BoardRow]:
    places: dict[int, tuple[int, ...]] = {}
    costs: dict[int, Money] = {}
    if found:
        known = sorted(beside.rows(db, ids=[row[0] for row in found]), key=lambda row: row[2])
        for proposal_id, value, position in known:
            if position:
                places[proposal_id] = (*places.get(proposal_id, ()), value)
            else:
                costs[proposal_id] = Money(value)
    return [_row(places.get(row[0], ()), costs.get(row[0]), *row) for row in found]


def _asked(filters: Filters) -> frozenset[str]:
    return frozenset(filters.facets())


def _values(round_id: int, filters: Filters) -> dict[str, Any]:
    given = {"state": filters.state, "sector": filters.sector, "proposer": filters.proposer, "place": filters.place}
    return {"round_id": round_id} | {name: value for name, value in given.items() if value}


def _where(asked: frozenset[str]) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Proposal.round_id == bindparam("round_id"), Proposal.submitted_at.is_not(None)]
    if "state" in asked:
        where.append(Proposal.state == bindparam("state"))
    else:
        where.append(Proposal.state.in_(ON_BOARD))
    if "sector" in asked:
        where.append(Proposal.sector == bindparam("sector"))
    if "proposer" in asked:
        where.append(Proposal.proposer_kind == bindparam("proposer"))
    if "place" in asked:
        here = select(ProposalPlace.proposal_id).where(ProposalPlace.locality_id == bindparam("place"))
        where.append(Proposal.id.in_(here))
    return where


def _within(db: Session, round_id: int, words: Any) -> ColumnElement[bool]:
    """The search's own index, within the round."""
    return matching(db, Proposal.id, Proposal.search_text, within=search.round_word(round_id), words=words)

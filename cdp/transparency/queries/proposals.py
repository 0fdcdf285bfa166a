"""Proposals as the public sees them: a page of the board, all of a round, one with its decisions."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import day_of
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.people.queries import said_name_of
from cdp.proposals import queries as proposals
from cdp.proposals.models import Proposal
from cdp.proposals.queries import BoardRow, Filters, Order
from cdp.review import queries as reviews
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from cdp.transparency.queries.places import places
from cdp.transparency.sheets import DecisionSheet, PeopleSheet, ProposalFile, ProposalSheet

AT_ONCE = 500
"""Proposals that are loaded together when all of a round are asked for."""


def page(db: Session, card: RoundCard, filters: Filters, *, number: int = 1, size: int = SIZE) -> Page[ProposalSheet]:
    """A page of the board (five statements however many there are)."""
    found = proposals.board(db, card.id, filters, page=number, size=size)
    return Page(_sheets(db, card.first_year, found.rows), found.number, more=found.more)


def every(db: Session, card: RoundCard) -> Iterator[ProposalSheet]:
    """All proposals the board of a round shows, the newest first, a few hundred at a time."""
    number, more = 1, True
    while more:
        found = page(db, card, Filters(order=Order.RECENT), number=number, size=AT_ONCE)
        yield from found.rows
        number, more = number + 1, found.more


def _sheets(db: Session, year: int, rows: Sequence[BoardRow]) -> list[ProposalSheet]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    moments = db.execute(select(Proposal.id, Proposal.submitted_at).where(Proposal.id.in_(ids)))
    days = {key: day_of(at) for key, at in moments if at is not None}
    where, costs = places(db, ids), reviews.costs(db, ids)
    return [
        ProposalSheet(
            number=row.number,
            round=year,
            title=row.title,
            sector=row.sector,
            state=row.state,
            submitted_on=days[row.id],
            proposer_kind=row.proposer_kind,
            group=row.group_name,
            person="" if row.group_name else row.person_name,
            supports=row.support_count,
            places=where.get(row.id, ()),
            cost=costs.get(row.id),
        )
        for row in rows
    ]


def one(db: Session, commune_id: int, number: str) -> ProposalFile:
    """A proposal of a commune with what was decided about it; NotFound for none and for what was never handed in."""
    proposal = proposals.find(db, commune_id, number)
    if proposal.submitted_at is None:
        raise NotFound("proposals.unknown", number=number)
    review = reviews.public_file(db, proposal.id)
    sources, into = proposals.sources(db, proposal)
    author, group = proposal.author, proposal.group
    stands_in = proposal.entered_by_id == proposal.author_id
    person = proposals.shown_asker(proposal.on_behalf_of, "" if stands_in else said_name_of(author), author.shown_as)
    people = proposals.people_of(proposal)
    return ProposalFile(
        number=number,
        round=db.get_one(Round, proposal.round_id).first_year,
        title=proposal.title,
        sector=proposal.sector,
        state=proposal.state,
        submitted_on=day_of(proposal.submitted_at),
        proposer_kind=proposal.proposer_kind,
        group=group.name if group else None,
        person="" if group else person,
        supports=proposal.support_count,
        places=places(db, [proposal.id]).get(proposal.id, ()),
        cost=reviews.costs(db, [proposal.id]).get(proposal.id),
        need=proposal.need,
        upkeep=proposal.upkeep,
        people=PeopleSheet(people.women, people.men, people.youth, people.households, people.summer_peak),
        merged_into=into.number if into else None,
        merged_from=tuple(source.number for source in sources if source.number),
        decisions=tuple(
            DecisionSheet(each.verdict, each.reason, each.reason_language, day_of(each.at))
            for each in review.conclusions
        ),
    )

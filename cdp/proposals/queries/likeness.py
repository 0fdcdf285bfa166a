"""Proposals that are there already and ask for much the same."""

from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from cdp.kernel.words import Words
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.proposals.rules.drafts import Draft
from cdp.proposals.rules.likeness import Wording, nearest
from cdp.proposals.states import ON_BOARD

MOST_COMPARED = 400
"""Proposals of one block that are compared; those of the same douars first, then the most supported."""


@dataclass(frozen=True)
class Alike:
    """A proposal that is alike, and how much (0 to 1)."""

    number: str
    title: Words
    support_count: int
    likeness: float


def similar(db: Session, round_id: int, draft: Draft, *, without: int | None = None, most: int = 3) -> list[Alike]:
    """The public proposals of a round most like a draft, best first; three statements.

    Compared are those of the same field of action or of one of the same douars.
    """
    if not draft.title:
        return []
    in_places = select(ProposalPlace.proposal_id).where(ProposalPlace.locality_id.in_(draft.places))
    rows = db.execute(
        select(Proposal.id, Proposal.number, Proposal.title, Proposal.need, Proposal.sector, Proposal.support_count)
        .where(
            Proposal.round_id == round_id,
            Proposal.submitted_at.is_not(None),
            Proposal.state.in_(ON_BOARD),
            Proposal.id != (without or 0),
            or_(Proposal.sector == draft.sector, Proposal.id.in_(in_places)),
        )
        .order_by(case((Proposal.id.in_(in_places), 0), else_=1), Proposal.support_count.desc(), Proposal.id)
        .limit(MOST_COMPARED)
    ).all()
    places: dict[int, set[int]] = {}
    ids = [row.id for row in rows]
    for proposal_id, locality_id in db.execute(
        select(ProposalPlace.proposal_id, ProposalPlace.locality_id).where(ProposalPlace.proposal_id.in_(ids))
    ):
        places.setdefault(proposal_id, set()).add(locality_id)
    asked = Wording(draft.title, draft.need, draft.sector, draft.places)
    others = [(row.id, Wording(row.title, row.need, row.sector, frozenset(places.get(row.id, ())))) for row in rows]
    known = {row.id: row for row in rows}
    return [
        Alike(known[key].number, known[key].title, known[key].support_count, degree)
        for key, degree in nearest(asked, others, most=most)
    ]

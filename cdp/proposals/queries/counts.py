"""The kept counts against the truth, for ``cdp check`` and for a repair."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel.errors import Message
from cdp.proposals.models import BoardCount, Proposal, ProposalPlace, Support
from cdp.proposals.states import ON_BOARD
from cdp.rounds.models import Round

Key = tuple[str, str]


def true_counts(db: Session, round_id: int) -> Counter[Key]:
    """The counts of a round, counted from its proposals and their places."""
    counts: Counter[Key] = Counter()
    public = (Proposal.round_id == round_id, Proposal.submitted_at.is_not(None))
    on_board = (*public, Proposal.state.in_(ON_BOARD))
    for facet, value, where in (
        ("state", Proposal.state, public),
        ("sector", Proposal.sector, on_board),
        ("proposer", Proposal.proposer_kind, on_board),
    ):
        for key, count in db.execute(select(value, func.count()).where(*where).group_by(value)):
            counts[facet, str(key)] = count
    places = (
        select(ProposalPlace.locality_id, func.count())
        .join(Proposal, Proposal.id == ProposalPlace.proposal_id)
        .where(*on_board)
        .group_by(ProposalPlace.locality_id)
    )
    for locality_id, count in db.execute(places):
        counts["place", str(locality_id)] = count
    return counts


def miscounted_supports(db: Session, round_id: int) -> dict[int, int]:
    """Proposals of a round whose kept number of supports is not the true one, with the true one."""
    stands = (
        select(func.count())
        .select_from(Support)
        .where(Support.proposal_id == Proposal.id, Support.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    rows = db.execute(
        select(Proposal.id, stands).where(Proposal.round_id == round_id, Proposal.support_count != stands)
    )
    return {proposal_id: count for proposal_id, count in rows}  # noqa: C416


def miscounted(db: Session) -> list[Message]:
    """What ``cdp check`` finds wrong about kept counts in all rounds; empty when they are right."""
    found = []
    for round_id in db.scalars(select(Round.id).order_by(Round.id)).all():
        kept = {
            (facet, value): count
            for facet, value, count in db.execute(
                select(BoardCount.facet, BoardCount.value, BoardCount.count).where(BoardCount.round_id == round_id)
            )
            if count
        }
        true = true_counts(db, round_id)
        for facet, value in sorted(key for key in {*kept, *true} if kept.get(key, 0) != true[key]):
            values = {"round": round_id, "facet": facet, "value": value}
            values |= {"kept": kept.get((facet, value), 0), "true": true[facet, value]}
            found.append(Message("proposals.count_is_wrong", values))
        for proposal_id, count in sorted(miscounted_supports(db, round_id).items()):
            found.append(Message("proposals.supports_are_wrong", {"proposal": proposal_id, "true": count}))
    return found

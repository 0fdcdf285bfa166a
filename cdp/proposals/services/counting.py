"""Counts kept with each change: what the board shows beside its filters, and the supports of a proposal."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.proposals import queries
from cdp.proposals.models import BoardCount, Proposal, ProposalPlace
from cdp.proposals.states import ON_BOARD
from cdp.store.engine import insert_or

Key = tuple[str, str]

UNSEEN = {"synchronize_session": False}


def keys_of(proposal: Proposal, places: Iterable[int]) -> frozenset[Key]:
    """The facets a proposal counts in: its state as soon as it is public, the others while it is on the board."""
    if proposal.submitted_at is None:
        return frozenset()
    keys = {("state", proposal.state.value)}
    if proposal.state in ON_BOARD:
        keys |= {("sector", proposal.sector), ("proposer", proposal.proposer_kind.value)}
        keys |= {("place", str(place)) for place in places}
    return frozenset(keys)


def places_of(db: Session, proposal: Proposal) -> frozenset[int]:
    """Numbers of the douars of a proposal; none at all means the whole commune."""
    return frozenset(db.scalars(select(ProposalPlace.locality_id).where(ProposalPlace.proposal_id == proposal.id)))


@contextmanager
def counted(db: Session, proposal: Proposal) -> Iterator[None]:
    """Keep the counts right over a change of the proposal or its places made inside."""
    before = keys_of(proposal, places_of(db, proposal)) if proposal.submitted_at is not None else frozenset()
    yield
    db.flush()
    after = keys_of(proposal, places_of(db, proposal))
    change = dict.fromkeys(after - before, 1) | dict.fromkeys(before - after, -1)
    add(db, proposal.commune_id, proposal.round_id, change)


def add(db: Session, commune_id: int, round_id: int, change: dict[Key, int]) -> None:
    """Add to the counts of a round, always in the same order so that two acts never wait for each other."""
    for (facet, value), difference in sorted(change.items()):
        if not difference:
            continue
        if difference < 0:
            row = (BoardCount.round_id == round_id, BoardCount.facet == facet, BoardCount.value == value)
            db.execute(
                update(BoardCount).where(*row).values(count=BoardCount.count + difference), execution_options=UNSEEN
            )
            continue
        values = {"commune_id": commune_id, "round_id": round_id, "facet": facet, "value": value, "count": difference}
        db.execute(
            insert_or(db, BoardCount)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["round_id", "facet", "value"], set_={"count": BoardCount.count + difference}
            )
        )


def recount(db: Session, round_id: int, commune_id: int) -> Counter[Key]:
    """Count a round anew from its proposals and supports, for a repair; returns the counts as they are now."""
    true = queries.true_counts(db, round_id)
    db.execute(delete(BoardCount).where(BoardCount.round_id == round_id))
    add(db, commune_id, round_id, dict(true))
    for proposal_id, stands in queries.miscounted_supports(db, round_id).items():
        db.execute(
            update(Proposal).where(Proposal.id == proposal_id).values(support_count=stands), execution_options=UNSEEN
        )
    db.expire_all()
    return true

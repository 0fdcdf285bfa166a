"""The douars of several proposals, by their codes."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.proposals.models import ProposalPlace
from cdp.transparency.sheets import PlaceSheet


def places(db: Session, proposal_ids: Collection[int]) -> dict[int, tuple[PlaceSheet, ...]]:
    """Proposal -> its douars by name, in one statement; a proposal for the whole commune has no entry."""
    found: dict[int, tuple[PlaceSheet, ...]] = {}
    rows = db.execute(
        select(ProposalPlace.proposal_id, Locality.code, Locality.name)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .where(ProposalPlace.proposal_id.in_(proposal_ids))
        .order_by(Locality.sort_key, Locality.id)
    )
    for proposal_id, code, name in rows:
        found[proposal_id] = (*found.get(proposal_id, ()), PlaceSheet(code, name))
    return found

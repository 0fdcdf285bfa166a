"""What people asked for, as a version is frozen with it: words, places, people, costs, partners, by number."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.people.models import Group
from cdp.programme.models import Partner, PartnerShare
from cdp.programme.rules.partners import written
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.review.models import CostEstimate, CostLine

Plain = dict[str, Any]


def asked(db: Session, ids: Collection[int]) -> dict[str, Plain]:
    """All that the document says of these proposals, by number (four statements)."""
    places, shares, costs = _places(db, ids), _shares(db, ids), _costs(db, ids)
    rows = db.execute(
        select(Proposal, Group.name)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(Proposal.id.in_(ids))
        .order_by(Proposal.number)
    )
    return {
        proposal.number or "": {
            "title": dict(proposal.title),
            "sector": proposal.sector,
            "kind": proposal.proposer_kind.value,
            "asker": None if asker is None else dict(asker),
            "places": places[proposal.id],
            "need": dict(proposal.need),
            "upkeep": dict(proposal.upkeep),
            "women": proposal.women,
            "men": proposal.men,
            "youth": proposal.youth,
            "households": proposal.households,
            "summer_peak": proposal.summer_peak,
            "supports": proposal.support_count,
            "shares": shares[proposal.id],
            "price_year": costs.get(proposal.id, (None, []))[0],
            "costs": costs.get(proposal.id, (None, []))[1],
        }
        for proposal, asker in rows
    }


def _places(db: Session, ids: Collection[int]) -> dict[int, list[Plain]]:
    found: dict[int, list[Plain]] = defaultdict(list)
    rows = db.execute(
        select(ProposalPlace.proposal_id, Locality.name, Locality.fraction)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .where(ProposalPlace.proposal_id.in_(ids))
        .order_by(Locality.sort_key, Locality.id)
    )
    for proposal_id, name, fraction in rows:
        found[proposal_id].append({"name": dict(name), "fraction": dict(fraction)})
    return found


def _shares(db: Session, ids: Collection[int]) -> dict[int, list[Plain]]:
    found: dict[int, list[Plain]] = defaultdict(list)
    rows = db.execute(
        select(PartnerShare, Partner.name)
        .outerjoin(Partner, (Partner.commune_id == PartnerShare.commune_id) & (Partner.party == PartnerShare.party))
        .where(PartnerShare.proposal_id.in_(ids))
        .order_by(PartnerShare.id)
    )
    for row, name in rows:
        found[row.proposal_id].append(
            {
                "source": row.source.value,
                "party": row.party,
                "name": dict(name or written(row.party)),
                "amount": row.amount_minor,
                "sureness": row.sureness.value,
            }
        )
    return found


def _costs(db: Session, ids: Collection[int]) -> dict[int, tuple[int, list[Plain]]]:
    """The estimate that stands of each proposal: its year of prices, its lines (one statement)."""
    newest = (
        select(CostEstimate.proposal_id, func.max(CostEstimate.version).label("version"))
        .where(CostEstimate.proposal_id.in_(ids))
        .group_by(CostEstimate.proposal_id)
        .subquery()
    )
    rows = db.execute(
        select(CostEstimate.proposal_id, CostEstimate.price_year, CostLine)
        .join(newest, (newest.c.proposal_id == CostEstimate.proposal_id) & (newest.c.version == CostEstimate.version))
        .join(CostLine, CostLine.estimate_id == CostEstimate.id)
        .order_by(CostEstimate.proposal_id, CostLine.position)
    )
    found: dict[int, tuple[int, list[Plain]]] = {}
    for proposal_id, year, line in rows:
        found.setdefault(proposal_id, (year, []))[1].append(
            {
                "kind": line.kind.value,
                "label": dict(line.label),
                "quantity_milli": line.quantity_milli,
                "unit": line.unit,
                "price": line.price_minor,
            }
        )
    return found

"""A round whose proposals were admitted, costed and marked, ready to be programmed."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import now, today
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.priorities.models import Mark, MarkSheet
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.models import CostEstimate
from cdp.rounds.models import Round
from cdp.rounds.states import Phase
from tests.factories import actor_of, keep, make_commune, make_official, make_proposal, make_round

DIRHAM = 100


def make_marked(db: Session, round_: Round, cost: int | None, mark: int, **over: Any) -> Proposal:
    """An admitted proposal of so many dirhams (None: not costed) that one member of the panel marked."""
    proposal = make_proposal(db, round_, state=ProposalState.ADMITTED, **over)
    if cost is not None:
        keep(
            db,
            CostEstimate(
                commune_id=proposal.commune_id,
                proposal_id=proposal.id,
                version=1,
                price_year=2027,
                total_minor=cost * DIRHAM,
                estimated_by_id=proposal.author_id,
                capacity="officer",
                estimated_at=now(),
            ),
        )
    commune = db.get_one(type(make_commune(db)), proposal.commune_id)
    member = make_official(db, commune, Role.PANEL)
    marked = keep(
        db,
        MarkSheet(
            commune_id=proposal.commune_id,
            round_id=round_.id,
            proposal_id=proposal.id,
            member_id=member.id,
            charter_version=1,
            reason="Une raison assez longue",
            reason_language="fr",
            handed_in_at=now(),
        ),
    )
    for criterion in ("need", "reach"):
        keep(db, Mark(commune_id=proposal.commune_id, sheet_id=marked.id, criterion=criterion, value=mark))
    return proposal


def make_programming(db: Session, *costs: int | None, **over: Any) -> tuple[Round, list[Proposal], Actor]:
    """A round in its phase of programming, proposals of these dirhams with falling marks, and its officer."""
    commune = over.pop("commune", None) or make_commune(db)
    round_ = make_round(db, commune, phase=over.pop("phase", Phase.PROGRAMMING), **over)
    proposals = [
        make_marked(db, round_, cost, max(5 - position, 0)) for position, cost in enumerate(costs or (400_000, 300_000))
    ]
    return round_, proposals, actor_of(db, make_official(db, commune))


def in_phase_of(phase: Phase) -> Any:
    """The clock held in a phase of a round made with ``phase=PROGRAMMING`` today."""
    order = list(Phase)
    return clock.held_at(today() + timedelta(days=30 * (order.index(phase) - order.index(Phase.PROGRAMMING))))

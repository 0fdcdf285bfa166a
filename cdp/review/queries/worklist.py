"""What waits at the desk, the longest wait first, and the file before and after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.people.models import Group
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.models import CostEstimate, Finding
from cdp.review.states import Waiting

S = ProposalState

STATES: Mapping[Waiting, tuple[ProposalState, ...]] = {
    Waiting.OFFICE: (S.SUBMITTED,),
    Waiting.AUTHOR: (S.RETURNED,),
    Waiting.NOBODY: (S.ADMITTED, S.REFUSED, S.MERGED, S.PROGRAMMED, S.NOT_KEPT),
}


@dataclass(frozen=True)
class Row:
    """A file in the list; ``answered`` counts points with any answer, ``cost`` is None without an estimate."""

    id: int
    number: str
    title: Words
    sector: str
    state: ProposalState
    submitted_at: datetime
    correct_until: date | None
    author_id: int
    group_id: int | None
    group_name: Words | None
    answered: int
    cost: Money | None


def worklist(db: Session, round_id: int, waiting: Waiting, *, page: int = 1, size: int = SIZE) -> Page[Row]:
    """A page of the files of a round that wait for somebody, or for nobody any more (one statement)."""
    first = max(page, 1)
    rows = db.execute(
        select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            Proposal.sector,
            Proposal.state,
            Proposal.submitted_at,
            Proposal.correct_until,
            Proposal.author_id,
            Proposal.group_id,
            Group.name,
            _answered(),
            _cost(),
        )
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(Proposal.round_id == round_id, Proposal.state.in_(STATES[waiting]), Proposal.number.is_not(None))
        .order_by(*_order(waiting))
        .limit(size + 1)
        .offset(size * (first - 1))
    ).all()
    found = [_row(*row) for row in rows]
    return Page(found[:size], first, more=len(found) > size)


def _row(*values: Any) -> Row:
    *columns, minor = values
    return Row(*(*columns, None if minor is None else Money(minor)))


def _answered() -> Any:
    return (
        select(func.count()).select_from(Finding).where(Finding.proposal_id == Proposal.id).correlate(Proposal)
    ).scalar_subquery()


def _cost() -> Any:
    return (
        select(CostEstimate.total_minor)
        .where(CostEstimate.proposal_id == Proposal.id)
        .order_by(CostEstimate.version.desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _order(waiting: Waiting) -> tuple[Any, ...]:
    if waiting is Waiting.AUTHOR:
        return (Proposal.correct_until, Proposal.id)
    return (Proposal.submitted_at, Proposal.id)


def counts(db: Session, round_id: int) -> dict[Waiting, int]:
    """How many files of a round wait for whom (one statement)."""
    rows = db.execute(
        select(Proposal.state, func.count())
        .where(Proposal.round_id == round_id, Proposal.number.is_not(None))
        .group_by(Proposal.state)
    )
    by_state = {state: count for state, count in rows}  # noqa: C416
    return {waiting: sum(by_state.get(state, 0) for state in states) for waiting, states in STATES.items()}


def neighbours(db: Session, proposal: Proposal) -> tuple[str | None, str | None]:
    """Numbers of the files handed in before and after this one that wait for the office (two statements)."""
    place = (Proposal.submitted_at, Proposal.id)
    here = (proposal.submitted_at, proposal.id)
    earlier = (place[0] < here[0]) | ((place[0] == here[0]) & (place[1] < here[1]))
    later = (place[0] > here[0]) | ((place[0] == here[0]) & (place[1] > here[1]))
    waiting = select(Proposal.number).where(
        Proposal.round_id == proposal.round_id, Proposal.state.in_(STATES[Waiting.OFFICE])
    )
    before = db.scalar(waiting.where(earlier).order_by(place[0].desc(), place[1].desc()).limit(1))
    after = db.scalar(waiting.where(later).order_by(*place).limit(1))
    return before, after

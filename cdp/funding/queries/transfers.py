"""Reads of money that goes from one project to another."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from cdp.funding.models import LedgerEntry, Transfer
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.store.ready import Ready


@dataclass(frozen=True)
class TransferRow:
    """A transfer as a project sees it: money in or out, with the other project, the reason and the decision."""

    id: int
    amount: Money
    comes_in: bool
    number: str
    title: Words
    reason: str
    decision: str
    asked_at: datetime
    done_on: date | None
    is_taken_back: bool


def transfers(db: Session, commune_id: int, project_id: int) -> list[TransferRow]:
    """What came to a project from others and went from it, the newest first; also what is asked and not done."""
    rows = _of_project.rows(db, commune_id=commune_id, project_id=project_id)
    return [
        TransferRow(
            id=row[0], amount=Money(row[1]), comes_in=row[2] == project_id, is_taken_back=bool(row[3]), **_told(row)
        )
        for row in rows
    ]


def _told(row: Any) -> dict[str, Any]:
    names = ("number", "title", "reason", "decision", "asked_at", "done_on")
    return dict(zip(names, row[4:], strict=True))


def _of_project_asked() -> Any:
    other, back = aliased(Project), aliased(LedgerEntry)
    project: Any = bindparam("project_id")
    taken_back = (
        select(back.id)
        .join(LedgerEntry, (back.commune_id == LedgerEntry.commune_id) & (back.reverses == LedgerEntry.sequence))
        .where(LedgerEntry.id == Transfer.entry_id)
        .exists()
    )
    return (
        select(
            Transfer.id, Transfer.amount_minor, Transfer.to_project_id, taken_back, other.number, Proposal.title,
            Transfer.reason, Transfer.decision, Transfer.asked_at, Transfer.done_on,
        )
        .join(other, (other.id != project) & other.id.in_([Transfer.project_id, Transfer.to_project_id]))
        .join(Proposal, Proposal.id == other.proposal_id)
        .where(
            Transfer.commune_id == bindparam("commune_id"),
            or_(Transfer.project_id == project, Transfer.to_project_id == project),
        )
        .order_by(Transfer.id.desc())
    )  # fmt: skip


_of_project = Ready(_of_project_asked)


def waiting(db: Session, line_id: int) -> int:
    """Centimes of a line that are asked for by other projects and did not leave yet."""
    asked = select(func.sum(Transfer.amount_minor)).where(Transfer.line_id == line_id, Transfer.done_on.is_(None))
    return int(db.scalar(asked) or 0)


def find_transfer(db: Session, commune_id: int, transfer_id: int) -> Transfer:
    """A transfer of this commune; NotFound else."""
    found = db.scalar(select(Transfer).where(Transfer.id == transfer_id, Transfer.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def goals(db: Session, commune_id: int, project_id: int) -> list[tuple[int, str, Words]]:
    """The other projects of a commune: identity, number and title, by number."""
    rows = db.execute(
        select(Project.id, Project.number, Proposal.title)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .where(Project.commune_id == commune_id, Project.id != project_id)
        .order_by(Project.number)
    )
    return [(row[0], row[1], row[2]) for row in rows]

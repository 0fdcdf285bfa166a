"""Small reads of the treasurer's desk."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import Agreement, FundingLine, LedgerEntry
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.rounds.states import Source


@dataclass(frozen=True)
class Seal:
    """How many entries the books hold, and the seal of the last one."""

    entries: int
    hash: str


@dataclass(frozen=True)
class AgreementRow:
    """A signed agreement as the treasurer's list shows it."""

    id: int
    reference: str
    source: Source
    party: str
    signed_on: date
    amount: Money
    project_number: str
    project_title: Words


def agreements(db: Session, commune_id: int, *, number: int = 1, size: int = SIZE) -> Page[AgreementRow]:
    """The signed agreements of a commune, the newest first, each with its project (one statement)."""
    rows = db.execute(
        select(
            Agreement.id,
            Agreement.reference,
            FundingLine.source,
            FundingLine.party,
            Agreement.signed_on,
            Agreement.amount_minor,
            Project.number,
            Proposal.title,
        )
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .join(Project, Project.id == FundingLine.project_id)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .where(Agreement.commune_id == commune_id)
        .order_by(Agreement.signed_on.desc(), Agreement.id.desc())
        .limit(size + 1)
        .offset(size * (number - 1))
    ).all()
    found = [
        AgreementRow(key, reference, source, party, day, Money(minor), project, title)
        for key, reference, source, party, day, minor, project, title in rows
    ]
    return Page(found[:size], number, more=len(found) > size)


def seal(db: Session, commune_id: int) -> Seal:
    """The seal of a commune's books: the last entry's, which depends on all before it."""
    row = db.execute(
        select(LedgerEntry.sequence, LedgerEntry.hash)
        .where(LedgerEntry.commune_id == commune_id)
        .order_by(LedgerEntry.sequence.desc())
        .limit(1)
    ).first()
    return Seal(row[0], row[1]) if row else Seal(0, "")


def project_of(db: Session, entry: LedgerEntry) -> Project:
    """The project an entry is about, with its proposal; NotFound for an entry of no project."""
    found = db.scalar(select(Project).where(Project.id == entry.project_id).options(joinedload(Project.proposal)))
    if found is None:
        raise NotFound
    return found

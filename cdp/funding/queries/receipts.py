"""Reads of receipts: what came and has none yet, what was issued, a giver's year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from cdp.funding.models import (
    FundingLine,
    LedgerEntry,
    PayeeAccount,
    PaymentCall,
    Pledge,
    Receipt,
    Refund,
    StatementLine,
)
from cdp.funding.queries import entries_of
from cdp.funding.rules.ledger import Account, Op, Purse, balances
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money, total
from cdp.kernel.words import Words
from cdp.people.models import Group, Person
from cdp.people.queries import said_name
from cdp.programme.models import Project
from cdp.proposals.models import Proposal
from cdp.rounds.states import Source

CAME = (Op.RECEIVE, Op.RECEIVE_EARLY, Op.GIFT)
"""Operations a receipt is given for."""


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt as its giver and the treasurer read it; what it is for is what the books say."""

    id: int
    payee: PayeeAccount
    year: int
    number: int
    issued_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str
    amount: Money
    dirhams: Money
    received_on: date
    evidence: str
    source: Source
    party: str
    giver: str
    group: Words | None
    person_id: int | None
    reference: str
    project_number: str
    project_title: Words
    given_back: Money

    @property
    def name(self) -> str:
        """The number as it is quoted: year and four digits."""
        return f"{self.year}/{self.number:04d}"

    @property
    def holds(self) -> bool:
        """Whether it was not cancelled."""
        return self.cancelled_at is None


@dataclass(frozen=True)
class Year:
    """What a giver gave in a year to projects of one commune, as receipts say; cancelled ones do not count."""

    year: int
    rows: tuple[ReceiptRow, ...]

    @property
    def sums(self) -> list[Money]:
        """One sum a currency."""
        held = [row for row in self.rows if row.holds]
        units = dict.fromkeys(row.amount.currency for row in held)
        return [total((r.amount - r.given_back for r in held if r.amount.currency == unit), unit) for unit in units]

    @property
    def dirhams(self) -> Money:
        """All in dirhams, at the rates of the days it came."""
        return total(row.dirhams for row in self.rows if row.holds)


def may_have_one(db: Session, entry: LedgerEntry) -> bool:
    """Whether a receipt may be given for an entry: money that came and was not taken back."""
    if entry.op not in CAME or entry.reverses is not None or entry.project_id is None:
        return False
    back = select(LedgerEntry.id).where(
        LedgerEntry.commune_id == entry.commune_id, LedgerEntry.reverses == entry.sequence
    )
    return db.scalar(back) is None


def owed_receipts(asked: Select[Any], commune_id: int) -> Select[Any]:
    """A select of entries, narrowed to money that came, stands in the books and has no receipt."""
    back = aliased(LedgerEntry)
    return (
        asked.outerjoin(back, (back.commune_id == LedgerEntry.commune_id) & (back.reverses == LedgerEntry.sequence))
        .outerjoin(Receipt, Receipt.entry_id == LedgerEntry.id)
        .where(
            LedgerEntry.commune_id == commune_id,
            LedgerEntry.op.in_(CAME),
            LedgerEntry.reverses.is_(None),
            back.id.is_(None),
            Receipt.id.is_(None),
        )
    )


def without_receipt(db: Session, commune_id: int, *, limit: int = 200) -> list[tuple[LedgerEntry, PayeeAccount | None]]:
    """Money that came and has no receipt, the oldest first, with the account it came to where that is known."""
    asked = owed_receipts(select(LedgerEntry), commune_id).order_by(LedgerEntry.sequence).limit(limit)
    rows = db.scalars(asked).all()
    known = _payees(db, rows)
    return [(row, known.get(row.id)) for row in rows]


def _payees(db: Session, entries: Sequence[LedgerEntry]) -> dict[int, PayeeAccount]:
    """Entry -> the account: of its statement line, else of the call of its promise."""
    lines = {row.statement_line for row in entries if row.statement_line is not None}
    pledges = {row.pledge_id for row in entries if row.pledge_id is not None}
    if not lines and not pledges:
        return {}
    of_lines = select(StatementLine.id, StatementLine.payee_id).where(StatementLine.id.in_(lines))
    called = select(PaymentCall.pledge_id, PaymentCall.payee_id).where(PaymentCall.pledge_id.in_(pledges))
    by_line = {row[0]: row[1] for row in db.execute(of_lines)}
    by_pledge = {row[0]: row[1] for row in db.execute(called.order_by(PaymentCall.id))}
    wanted = {*by_line.values(), *by_pledge.values()}
    accounts = {each.id: each for each in db.scalars(select(PayeeAccount).where(PayeeAccount.id.in_(wanted)))}
    found = {}
    for row in entries:
        payee = by_line.get(row.statement_line or 0) or by_pledge.get(row.pledge_id or 0)
        if payee:
            found[row.id] = accounts[payee]
    return found


def giver_of(db: Session, entries: Iterable[LedgerEntry]) -> dict[int, tuple[str, str, Words | None, str, Words]]:
    """Entry -> a person's name, or the party of an institution; the group; number and title of the project."""
    ids = [row.id for row in entries]
    rows = db.execute(_about().where(LedgerEntry.id.in_(ids)))
    return {row.LedgerEntry.id: (row[2] or "", row[1].party, row[3], row[5], row[6]) for row in rows}


def _about() -> Any:
    return (
        select(LedgerEntry, FundingLine, said_name(), Group.name, Pledge, Project.number, Proposal.title)
        .join(FundingLine, FundingLine.id == LedgerEntry.line_id)
        .join(Project, Project.id == LedgerEntry.project_id)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .outerjoin(Pledge, Pledge.id == LedgerEntry.pledge_id)
        .outerjoin(Person, Person.id == Pledge.person_id)
        .outerjoin(Group, Group.id == Pledge.group_id)
    )


def issued(db: Session, commune_id: int, *, person_id: int | None = None, year: int | None = None) -> list[ReceiptRow]:
    """Receipts of a commune, the newest first: all, a giver's, a year's (by the day the money came)."""
    return [
        row
        for row in _rows(db, commune_id, Pledge.person_id == person_id if person_id is not None else None)
        if year is None or row.received_on.year == year
    ]


def find(db: Session, commune_id: int, receipt_id: int) -> ReceiptRow:
    """A receipt of this commune; NotFound else."""
    found = next(iter(_rows(db, commune_id, Receipt.id == receipt_id)), None)
    if found is None:
        raise NotFound
    return found


def held(db: Session, commune_id: int, receipt_id: int) -> Receipt:
    """The row itself, to be cancelled; NotFound else."""
    found = db.scalar(select(Receipt).where(Receipt.id == receipt_id, Receipt.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def _rows(db: Session, commune_id: int, which: Any, *, limit: int = 500) -> list[ReceiptRow]:
    asked = (
        _about()
        .add_columns(Receipt, PayeeAccount)
        .join(Receipt, Receipt.entry_id == LedgerEntry.id)
        .join(PayeeAccount, PayeeAccount.id == Receipt.payee_id)
        .where(Receipt.commune_id == commune_id)
        .order_by(Receipt.id.desc())
        .limit(limit)
    )
    rows = db.execute(asked if which is None else asked.where(which)).all()
    back = _given_back(db, {row[4].id for row in rows if row[4] is not None})
    return [_row(row, back) for row in rows]


def _given_back(db: Session, pledges: set[int]) -> dict[int, int]:
    """Promise -> what of it was given back, in its currency."""
    if not pledges:
        return {}
    found: dict[int, int] = {}
    asked = select(Refund.pledge_id, Refund.amount_minor).where(
        Refund.pledge_id.in_(pledges), Refund.paid_on.is_not(None)
    )
    for number, minor in db.execute(asked):
        found[number or 0] = found.get(number or 0, 0) + minor
    return found


def _row(row: Any, back: dict[int, int]) -> ReceiptRow:
    entry, line, name, group, pledge, number, title, receipt, payee = row
    gone = min(back.get(pledge.id, 0), entry.amount_minor) if pledge is not None else 0
    if gone and pledge is not None:
        back[pledge.id] -= gone
    return ReceiptRow(
        id=receipt.id,
        payee=payee,
        year=receipt.year,
        number=receipt.number,
        issued_at=receipt.issued_at,
        cancelled_at=receipt.cancelled_at,
        cancel_reason=receipt.cancel_reason,
        amount=Money(entry.amount_minor, entry.unit),
        dirhams=Money(entry.dirhams_minor or 0),
        received_on=entry.effective_on,
        evidence=entry.evidence or "",
        source=line.source,
        party=line.party,
        giver=name or "",
        group=group,
        person_id=pledge.person_id if pledge is not None else None,
        reference=pledge.reference if pledge is not None else "",
        project_number=number,
        project_title=title,
        given_back=Money(gone, entry.unit),
    )


def refunds(db: Session, commune_id: int, project_id: int) -> list[Refund]:
    """Money asked back of a project, the newest first."""
    asked = select(Refund).where(Refund.commune_id == commune_id, Refund.project_id == project_id)
    return list(db.scalars(asked.order_by(Refund.id.desc())))


def find_refund(db: Session, commune_id: int, refund_id: int) -> Refund:
    """A refund of this commune; NotFound else."""
    found = db.scalar(select(Refund).where(Refund.id == refund_id, Refund.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def refundable(db: Session, commune_id: int, project_id: int) -> list[tuple[Pledge, int]]:
    """Promises of a project of which money is here, and how much may go back (the pot of the line allows it)."""

    books = balances(entries_of(db, commune_id, project_id))
    asked = (
        select(Pledge).where(Pledge.project_id == project_id).options(joinedload(Pledge.project)).order_by(Pledge.id)
    )
    found = []
    for pledge in db.scalars(asked):
        there = books.available(Purse(project_id, pledge.line_id, pledge.id, pledge.unit), Account.HELD)
        if there > 0:
            found.append((pledge, there))
    return found

"""Tables of accounts and their statements: who may be paid, on which legal basis, and what the bank says came."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.funding.models.books import Pledge
from cdp.funding.states import LegalBasis, PayeeKind
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, choice, positive


class PayeeAccount(Base):
    """An account that may be named to givers while its legal basis holds; nobody's money passes through here."""

    __tablename__ = "payee_account"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
        CheckConstraint("(closed_on IS NULL) = (closing_reason = '')", name="closed_with_a_reason"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    kind: Mapped[PayeeKind] = mapped_column(choice(PayeeKind))
    holder: Mapped[str] = mapped_column(String(70))
    """In Latin letters, as banks abroad want it."""
    holder_ar: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[str] = mapped_column(String(34))
    """IBAN without blanks; in Morocco ``MA64`` and the RIB."""
    bic: Mapped[str] = mapped_column(String(11), default="")
    bank: Mapped[str] = mapped_column(String(80), default="")
    currency: Mapped[str] = mapped_column(String(3))
    basis: Mapped[LegalBasis] = mapped_column(choice(LegalBasis))
    basis_reference: Mapped[str] = mapped_column(String(120))
    basis_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    channels: Mapped[Any] = mapped_column(Document, default=list)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str] = mapped_column(String(200), default="")
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    def holds_on(self, day: date) -> bool:
        """Whether the legal basis covers a day, and the account was not closed."""
        ended = self.valid_until is not None and self.valid_until < day
        return self.valid_from <= day and not ended and (self.closed_on is None or day < self.closed_on)


class PaymentCall(Base):
    """A promise that was called: to which account, how much, by which day. What came is in the books."""

    __tablename__ = "payment_call"
    __table_args__ = (positive("amount_minor"), Index("ix_payment_call_pledge", "pledge_id", "due_on"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee_account.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    called_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    pledge: Mapped[Pledge] = relationship(lazy="raise_on_sql")
    payee: Mapped[PayeeAccount] = relationship(lazy="raise_on_sql")


class SavedMap(Base):
    """How the tables of one bank are read: a column map under a name."""

    __tablename__ = "saved_map"
    __table_args__ = (UniqueConstraint("commune_id", "name"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    name: Mapped[str] = mapped_column(String(60))
    columns: Mapped[Any] = mapped_column(Document)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class BankStatement(Base):
    """One statement of a file that was brought: balances as the bank gives them. Append-only."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        Index("ix_bank_statement_payee", "payee_id", "until"),
        UniqueConstraint("payee_id", "file_hash", "position"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee_account.id"))
    file_hash: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    opening_minor: Mapped[int | None] = mapped_column(BigInteger)
    closing_minor: Mapped[int | None] = mapped_column(BigInteger)
    since: Mapped[date | None]
    until: Mapped[date | None]
    lines: Mapped[int]
    new_lines: Mapped[int]
    warnings: Mapped[Any] = mapped_column(Document, default=list)
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StatementLine(Base):
    """A line of the bank, kept once whatever files it stands in; what became of it is in the books. Append-only."""

    __tablename__ = "statement_line"
    __table_args__ = (
        UniqueConstraint("payee_id", "fingerprint"),
        CheckConstraint("amount_minor <> 0", name="amount_is_not_zero"),
        Index("ix_statement_line_commune", "commune_id", "booked", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee_account.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"))
    fingerprint: Mapped[str] = mapped_column(String(80))
    place: Mapped[int]
    booked: Mapped[date | None]
    value_date: Mapped[date | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    references: Mapped[Any] = mapped_column(Document, default=list)
    text: Mapped[str] = mapped_column(Text, default="")
    end_to_end: Mapped[str | None] = mapped_column(String(140))
    bank_reference: Mapped[str | None] = mapped_column(String(140))
    party: Mapped[str | None] = mapped_column(String(200))
    party_account: Mapped[str | None] = mapped_column(String(80))
    is_reversal: Mapped[bool] = mapped_column(Boolean(name="is_reversal_is_bool"), default=False)


class SetAside(Base):
    """A line that is none of these books' concern (bank charges, other business), with its reason; may be lifted."""

    __tablename__ = "set_aside"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("statement_line.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

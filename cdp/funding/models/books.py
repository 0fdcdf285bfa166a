"""Tables of the books: lines, agreements, rates, promises, and the entries that say what became of them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.funding.rules.ledger import Op
from cdp.funding.states import ConditionKind
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.rounds.states import Source
from cdp.store.base import Base, BigId
from cdp.store.types import UTCDateTime, choice, not_negative, positive


class FundingLine(Base):
    """A source of a project's money: one partner, or all of the diaspora together."""

    __tablename__ = "funding_line"
    __table_args__ = (UniqueConstraint("project_id", "source", "party"), not_negative("planned_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    source: Mapped[Source] = mapped_column(choice(Source))
    party: Mapped[str] = mapped_column(String(120), default="")
    planned_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class Agreement(Base):
    """A signed agreement (convention) with a partner about a funding line; what it commits is in the ledger."""

    __tablename__ = "agreement"
    __table_args__ = (positive("amount_minor"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"), index=True)
    reference: Mapped[str] = mapped_column(String(80))
    signed_on: Mapped[date]
    signatory: Mapped[str] = mapped_column(String(120), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Rate(Base):
    """What one unit of a currency is worth in dirhams on a day, entered by the commune with its source."""

    __tablename__ = "rate"
    __table_args__ = (
        UniqueConstraint("commune_id", "currency", "day"),
        CheckConstraint("currency <> 'MAD'", name="not_for_dirhams"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date]
    dirhams: Mapped[str] = mapped_column(String(20))
    """Decimal as text, ``"10.8840"``."""
    rate_source: Mapped[str] = mapped_column(String(120))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Pledge(Base):
    """A promise to one project: money in the giver's currency, or hours. What became of it is in the ledger."""

    __tablename__ = "pledge"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint("(condition = 'others_join') = (condition_count IS NOT NULL)", name="count_if_others_join"),
        Index("ix_pledge_project", "project_id", "unit"),
        Index("ix_pledge_person", "person_id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    unit: Mapped[str] = mapped_column(String(4))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """Minor units of the currency, or minutes when the unit is hours; what became of it is in the books."""
    note: Mapped[str] = mapped_column(String(200), default="")
    condition: Mapped[ConditionKind] = mapped_column(choice(ConditionKind), default=ConditionKind.NONE)
    condition_count: Mapped[int | None]
    shown_as: Mapped[ShownAs] = mapped_column(choice(ShownAs))
    is_secret: Mapped[bool] = mapped_column(Boolean(), default=False)
    """Nobody but the treasurer reads whose promise it is; such a promise is always shown without a name."""
    until: Mapped[date]
    pledged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    project: Mapped[Project] = relationship(lazy="raise_on_sql")


class LedgerEntry(Base):
    """A move between stage accounts of a funding line or pledge; append-only, chained by hash in each commune.

    Who recorded it stands beside the sealed fields as a number: a person can be erased, the seal still holds.
    """

    __tablename__ = "entry"
    __table_args__ = (
        positive("amount_minor"),
        UniqueConstraint("commune_id", "sequence"),
        UniqueConstraint("commune_id", "reverses"),
        UniqueConstraint("key"),
        Index("ix_entry_project", "project_id", "sequence", "op"),
        Index("ix_entry_pledge", "pledge_id", "op", info={"where": "pledge_id IS NOT NULL"}),
        Index("ix_entry_statement_line", "commune_id", "statement_line", info={"where": "statement_line IS NOT NULL"}),
        Index("ix_entry_commune_day", "commune_id", "effective_on"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    op: Mapped[Op] = mapped_column(choice(Op))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("funding_line.id"))
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"))
    unit: Mapped[str] = mapped_column(String(4))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """Cents, minutes or pieces, always above zero."""
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(BigId)
    second_by_id: Mapped[int | None] = mapped_column(BigId)
    rate: Mapped[str | None] = mapped_column(String(20))
    rate_day: Mapped[date | None]
    rate_source: Mapped[str | None] = mapped_column(String(120))
    dirhams_minor: Mapped[int | None] = mapped_column(BigInteger)
    reverses: Mapped[int | None] = mapped_column(BigInteger)
    """Sequence of the entry this one takes back."""
    linked: Mapped[str | None] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80))
    evidence: Mapped[str | None] = mapped_column(String(200))
    evidence_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    statement_line: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EntrySum(Base):
    """The net sums of the entries by purse and operation, kept by the database itself as each entry is written.

    A trigger adds every entry to its row (0 stands for no project, line or pledge); nobody else writes here, and the
    nightly proof adds up all entries anew and names each sum that differs.
    """

    __tablename__ = "entry_sum"
    __table_args__ = (
        UniqueConstraint("project_id", "line_id", "pledge_id", "unit", "op", "commune_id", name="uq_entry_sum_purse"),
        Index("ix_entry_sum_commune", "commune_id", "project_id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    project_id: Mapped[int] = mapped_column(BigId)
    line_id: Mapped[int] = mapped_column(BigId)
    pledge_id: Mapped[int] = mapped_column(BigId)
    unit: Mapped[str] = mapped_column(String(4))
    op: Mapped[Op] = mapped_column(choice(Op))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """An entry that takes another back counts against it."""
    dirhams_minor: Mapped[int] = mapped_column(BigInteger)

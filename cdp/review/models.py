"""Tables of the review."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.kernel.words import Words
from cdp.proposals.models import Proposal
from cdp.review.states import Answer, CostKind, Verdict
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, WordsType, choice, not_negative, positive


class Finding(Base):
    """The answer to one point of the charter's checklist for one proposal; the latest stands."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("proposal_id", "point"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    charter_version: Mapped[int]
    point: Mapped[str] = mapped_column(String(40))
    answer: Mapped[Answer] = mapped_column(choice(Answer))
    note: Mapped[str] = mapped_column(Text, default="")
    found_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CostEstimate(Base):
    """A version of a proposal's cost in the prices of a year; the one with the highest version stands."""

    __tablename__ = "cost_estimate"
    __table_args__ = (UniqueConstraint("proposal_id", "version"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    version: Mapped[int]
    price_year: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200), default="")
    total_minor: Mapped[int] = mapped_column(BigInteger)
    """Sum of the lines without running costs, in centimes: kept because a list of proposals shows it."""
    estimated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    estimated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql")


class CostLine(Base):
    """A line of an estimate: quantity in thousandths of its unit, price in centimes."""

    __tablename__ = "cost_line"
    __table_args__ = (positive("quantity_milli"), not_negative("price_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    estimate_id: Mapped[int] = mapped_column(ForeignKey("cost_estimate.id"), index=True)
    position: Mapped[int]
    kind: Mapped[CostKind] = mapped_column(choice(CostKind))
    label: Mapped[Words] = mapped_column(WordsType)
    quantity_milli: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(20))
    price_minor: Mapped[int] = mapped_column(BigInteger)


class Conclusion(Base):
    """What was decided about a proposal, by whom, with the reason the public reads."""

    __tablename__ = "conclusion"
    __table_args__ = (
        Index("ix_conclusion_proposal", "proposal_id", "id"),
        CheckConstraint("reason <> ''", name="reason_is_given"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    reason: Mapped[str] = mapped_column(Text)
    reason_language: Mapped[str] = mapped_column(String(2))
    points: Mapped[Any] = mapped_column(Document, default=list)
    """Keys of the checklist's points to correct, when it is returned."""
    correct_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    concluded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    concluded_at: Mapped[datetime] = mapped_column(UTCDateTime)

"""Tables of the panel: sheets, marks, declared interests, the order people set by hand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.priorities.states import InterestKind
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, choice


class MarkSheet(Base):
    """A panel member's sheet for one proposal; marks stay hidden from others until it is handed in."""

    __tablename__ = "mark_sheet"
    __table_args__ = (UniqueConstraint("proposal_id", "member_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    charter_version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_language: Mapped[str] = mapped_column(String(2), default="")
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mark(Base):
    """A mark from 0 to 5 under one criterion of the charter."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("sheet_id", "criterion"),
        CheckConstraint("value BETWEEN 0 AND 5", name="value_is_zero_to_five"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"))
    criterion: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]


class Interest(Base):
    """A declared interest: it shuts the member out of that proposal, and is public."""

    __tablename__ = "interest"
    __table_args__ = (UniqueConstraint("proposal_id", "member_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[InterestKind] = mapped_column(choice(InterestKind))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RankDecision(Base):
    """A place in the order set by people, or none at all; the latest for a proposal stands, all stay readable."""

    __tablename__ = "rank_decision"
    __table_args__ = (
        Index("ix_rank_decision_round", "round_id", "id"),
        CheckConstraint("position > 0", name="position_is_positive"),
        CheckConstraint("reason <> ''", name="reason_is_given"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    position: Mapped[int | None]
    """From 1; None leaves the proposal out of the order."""
    reason: Mapped[str] = mapped_column(Text)
    reason_language: Mapped[str] = mapped_column(String(2))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)

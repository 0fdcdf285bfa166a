"""Tables of rounds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.rounds.states import DecisionKind, Phase
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, WordsType, choice


class Round(Base):
    """A planning round of a commune: six years of action, known by its first year."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("commune_id", "first_year"),
        CheckConstraint("last_year >= first_year", name="years_in_order"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    first_year: Mapped[int]
    last_year: Mapped[int]
    title: Mapped[Words] = mapped_column(WordsType)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered: Mapped[Phase | None] = mapped_column(choice(Phase))
    """Last phase whose consequences were carried out; the phase itself is worked out from the windows."""
    last_number: Mapped[int] = mapped_column(default=0)
    """Last number given to a proposal of this round."""
    commune: Mapped[Commune] = relationship(lazy="raise_on_sql")


class PhaseWindow(Base):
    """A planned phase of a round, from its first to its last day."""

    __tablename__ = "phase_window"
    __table_args__ = (UniqueConstraint("round_id", "phase"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    phase: Mapped[Phase] = mapped_column(choice(Phase))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class PhaseDecision(Base):
    """A decision that moves the end of a phase, with its reason; append-only."""

    __tablename__ = "phase_decision"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    phase: Mapped[Phase] = mapped_column(choice(Phase))
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind))
    ends_on_before: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    reason_language: Mapped[str] = mapped_column(String(2))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Charter(Base):
    """A version of the rules of a round; frozen rows are never changed (guarded by the database)."""

    __tablename__ = "charter"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    version: Mapped[int]
    rules: Mapped[Any] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

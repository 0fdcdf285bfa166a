"""Tables of meetings and of the diagnosis."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.kernel.words import Words
from cdp.meetings.states import MeetingKind, PresentBy, SayingKind
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, WordsType, choice, not_negative


class Meeting(Base):
    """A meeting of a round: called, held, written up."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index("ix_meeting_round", "round_id", "held_on"),
        not_negative("present"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind))
    title: Mapped[Words] = mapped_column(WordsType)
    held_on: Mapped[date]
    begins_at: Mapped[str] = mapped_column(String(5), default="")
    place: Mapped[Words] = mapped_column(WordsType, default=Words)
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    agenda: Mapped[Words] = mapped_column(WordsType, default=Words)
    chaired_by: Mapped[str] = mapped_column(String(120), default="")
    minutes: Mapped[Words] = mapped_column(WordsType, default=Words)
    present: Mapped[int | None]
    """How many came; None before it is written up."""
    called_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class AttendanceCount(Base):
    """How many of a class were present; no names. ``value`` is a class of the facet or the code of a douar."""

    __tablename__ = "attendance_count"
    __table_args__ = (UniqueConstraint("meeting_id", "facet", "value"), not_negative("count"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    facet: Mapped[PresentBy] = mapped_column(choice(PresentBy))
    value: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]


class Saying(Base):
    """What a meeting said, in its words: a need of a douar, a strength, a threat, an opinion."""

    __tablename__ = "saying"
    __table_args__ = (Index("ix_saying_meeting", "meeting_id", "position"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    kind: Mapped[SayingKind] = mapped_column(choice(SayingKind))
    text: Mapped[Words] = mapped_column(WordsType)
    sector: Mapped[str] = mapped_column(String(40), default="")
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    position: Mapped[int] = mapped_column(default=0)


class IndicatorValue(Base):
    """A figure of the diagnosis that the commune entered, with its source and year; the newest entry holds."""

    __tablename__ = "indicator_value"
    __table_args__ = (Index("ix_indicator_value_round", "round_id", "key"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    key: Mapped[str] = mapped_column(String(40))
    value_milli: Mapped[int]
    """Thousandths of the indicator's unit."""
    source: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)

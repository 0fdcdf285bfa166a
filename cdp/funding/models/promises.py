"""Tables beside a promise: what it waits for, when it is paid, when it is given, whose shares it is made of, paper."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.funding.models.books import Pledge
from cdp.funding.states import TermKind
from cdp.people.models import Group
from cdp.programme.models import Project
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, choice, positive


class PledgeTerm(Base):
    """On what a promise waits beyond the plain conditions of its row: one sentence, with its numbers and whom it names.

    ``at_least`` counts people, or centimes of the project; ``give`` for each ``each`` that a group gives.
    """

    __tablename__ = "pledge_term"
    __table_args__ = (
        CheckConstraint("(kind = 'club_gives') = (give IS NOT NULL)", name="ratio_if_club_gives"),
        CheckConstraint("(give IS NULL) = (each IS NULL)", name="ratio_has_two_parts"),
        CheckConstraint("(kind = 'club_gives') = (group_id IS NOT NULL)", name="group_if_club_gives"),
        CheckConstraint("(kind = 'club_gives') = (at_least IS NULL)", name="number_unless_club_gives"),
        CheckConstraint("(kind = 'village_joins') = (locality_id IS NOT NULL)", name="place_if_village_joins"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"), unique=True)
    kind: Mapped[TermKind] = mapped_column(choice(TermKind))
    at_least: Mapped[int | None] = mapped_column(BigInteger)
    give: Mapped[int | None]
    each: Mapped[int | None]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))


class Instalment(Base):
    """A part of a promise of money, and by which day its giver means to pay it. What came is in the books."""

    __tablename__ = "instalment"
    __table_args__ = (positive("amount_minor"), UniqueConstraint("pledge_id", "due_on"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class Appointment(Base):
    """When promised hours, skills or goods are given: agreed, said to be given, verified by a second person (books)."""

    __tablename__ = "appointment"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint("(given_on IS NULL) = (given_by_id IS NULL)", name="given_with_who"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name="verified_with_who"),
        CheckConstraint("verified_at IS NULL OR given_on IS NOT NULL", name="given_before_verified"),
        CheckConstraint("missed_at IS NULL OR given_on IS NULL", name="missed_or_given"),
        Index("ix_appointment_pledge", "pledge_id", "day"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    day: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    """Minutes, or pieces."""
    place: Mapped[str] = mapped_column(String(120), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_on: Mapped[date | None]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who said that it was given."""
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    missed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    pledge: Mapped[Pledge] = relationship(lazy="raise_on_sql")


class ClubShare(Base):
    """What one member of a village or club gives within its promise: read by its treasurer and the commune's alone."""

    __tablename__ = "club_share"
    __table_args__ = (positive("amount_minor"), Index("ix_club_share_pledge", "pledge_id", "id"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    name: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    """When the group's treasurer had it in hand; nothing of it is in the books before the group's money comes."""
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PromiseBatch(Base):
    """Paper promises of a village or club to one project, with what was counted on the spot before any entry."""

    __tablename__ = "promise_batch"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (lines IS NULL)", name="settled_with_its_lines"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_with_who"),
        positive("sheets"),
        positive("total_minor"),
        Index("ix_promise_batch_project", "project_id", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    keeper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who speaks for the group and gathers the shares: its treasurer."""
    sheets: Mapped[int]
    """Lines on the paper, refused ones included."""
    total_minor: Mapped[int] = mapped_column(BigInteger)
    """Centimes of all lines that count, added up on the spot."""
    unit: Mapped[str] = mapped_column(String(3), default="MAD", server_default="MAD")
    """The currency of every line of it."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    without_scan: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why there is no scan of the signed paper."""
    until: Mapped[date]
    lines: Mapped[Any | None] = mapped_column(Document)
    pledge_id: Mapped[int | None] = mapped_column(ForeignKey("pledge.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    group: Mapped[Group] = relationship(lazy="raise_on_sql")


class PromiseReading(Base):
    """One person's reading of a batch of paper promises; a batch has two, by two people."""

    __tablename__ = "promise_reading"
    __table_args__ = (
        UniqueConstraint("batch_id", "read_by_id"),
        UniqueConstraint("batch_id", "turn"),
        CheckConstraint("turn IN (1, 2)", name="two_readings"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("promise_batch.id"))
    turn: Mapped[int]
    lines: Mapped[Any] = mapped_column(Document)
    read_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StillMeant(Base):
    """A giver whose membership ended said on a day that an open promise still stands; nobody asks again."""

    __tablename__ = "still_meant"
    __table_args__ = (UniqueConstraint("pledge_id", "membership_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    pledge_id: Mapped[int] = mapped_column(ForeignKey("pledge.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)

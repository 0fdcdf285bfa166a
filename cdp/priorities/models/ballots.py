"""Tables of ballots: the rules, which the database itself freezes at the opening; the close; the published count.

What is done to a ballot after its opening stands in rows of its own, so that its rules need never be touched:
``opened_at`` freezes ``ballot`` and (copied down) ``ballot_project``, on both engines, by triggers.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.kernel.words import Words
from cdp.priorities.states import BallotKind, CountingRule, Filling, TieRule, Worth
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, WordsType, choice, not_negative, positive


class Ballot(Base):
    """The rules of a vote; ``version`` counts its changes, ``opened_at`` ends them."""

    __tablename__ = "ballot"
    __table_args__ = (
        Index("ix_ballot_round", "round_id", "id"),
        Index("ix_ballot_commune_id", "commune_id"),
        UniqueConstraint("idempotency_key"),
        CheckConstraint("closes_on >= opens_on", name="days_in_order"),
        CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name="opened_by_somebody"),
        CheckConstraint("ties <> 'lot' OR seed <> ''", name="a_lot_has_a_seed"),
        positive("budget_minor"),
        positive("most"),
        positive("purse"),
        CheckConstraint("panel_part BETWEEN 1 AND 99", name="panel_part_is_a_part"),
        not_negative("minimum_votes"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[BallotKind] = mapped_column(choice(BallotKind))
    rule: Mapped[CountingRule] = mapped_column(choice(CountingRule))
    worth: Mapped[Worth] = mapped_column(choice(Worth))
    filling: Mapped[Filling] = mapped_column(choice(Filling))
    ties: Mapped[TieRule] = mapped_column(choice(TieRule))
    seed: Mapped[str] = mapped_column(String(120), default="")
    most: Mapped[int | None]
    """Most projects a voter may name; None: as many as they like."""
    purse: Mapped[int | None]
    """Points a voter may spread."""
    budget_minor: Mapped[int] = mapped_column(BigInteger)
    minimum_votes: Mapped[int] = mapped_column(default=0)
    ceilings: Mapped[Any] = mapped_column(Document, default=list)
    """``[{"by": "territory" | "sector", "name": key, "amount": centimes}]``."""
    admits: Mapped[Any] = mapped_column(Document, default=list)
    """Values of :class:`RollSource`."""
    bonds: Mapped[Any] = mapped_column(Document, default=dict)
    """``{"incompatible": [[number, number]], "needs": [[number, number it needs]]}``."""
    panel_part: Mapped[int | None]
    """Per cent of the panel in a declared mix; None: the ballot alone."""
    title: Mapped[Words] = mapped_column(WordsType)
    question: Mapped[Words] = mapped_column(WordsType)
    help: Mapped[Words] = mapped_column(WordsType)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class BallotProject(Base):
    """A project on a ballot as voters see it; pinned or left out only by a decision with its reason."""

    __tablename__ = "ballot_project"
    __table_args__ = (
        UniqueConstraint("ballot_id", "proposal_id"),
        UniqueConstraint("ballot_id", "place"),
        CheckConstraint("(standing = 'offered') = (reason = '')", name="a_decision_has_a_reason"),
        CheckConstraint("standing IN ('offered', 'pinned', 'excluded')", name="standing_is_known"),
        positive("cost_minor"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    place: Mapped[int]
    """Its number on the sheet of paper, from 1."""
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[Words] = mapped_column(WordsType)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    territory: Mapped[str] = mapped_column(String(20), default="")
    sector: Mapped[str] = mapped_column(String(40))
    proposer: Mapped[str] = mapped_column(String(40))
    standing: Mapped[str] = mapped_column(String(10), default="offered")
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_language: Mapped[str] = mapped_column(String(2), default="")
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BallotKey(Base):
    """The key by which codes and change codes are hashed; destroyed when the ballot closes."""

    __tablename__ = "ballot_key"
    __table_args__ = (UniqueConstraint("ballot_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    key: Mapped[str] = mapped_column(String(64))


class BallotClose(Base):
    """The close of a ballot, by a person or by the clock; append-only."""

    __tablename__ = "ballot_close"
    __table_args__ = (UniqueConstraint("ballot_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    receipts: Mapped[Any] = mapped_column(Document)
    """Hashes of all receipts in their own order: they lead to no vote any more."""


class Tally(Base):
    """The count of a ballot with all that is needed to count again; frozen when it is published."""

    __tablename__ = "tally"
    __table_args__ = (
        UniqueConstraint("ballot_id"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    rule_version: Mapped[str] = mapped_column(String(20))
    pabulib: Mapped[str] = mapped_column(Text)
    """The ``.pb`` file that was counted, to the letter."""
    pabulib_sha256: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(Text)
    """What ``python -m cdp tally FILE.pb … --json`` prints, to the letter."""
    command: Mapped[str] = mapped_column(String(400))
    trace: Mapped[Any] = mapped_column(Document)
    turnout: Mapped[Any] = mapped_column(Document)
    refused: Mapped[Any] = mapped_column(Document)
    voters: Mapped[int]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

"""Tables of proposals."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.kernel.words import Words
from cdp.people.models import Group, Person
from cdp.proposals.states import AttachmentKind, Channel, ProposalState
from cdp.rounds.models import Round
from cdp.rounds.states import ProposerKind
from cdp.store.base import Base
from cdp.store.files import StoredFile
from cdp.store.types import Document, UTCDateTime, WordsType, choice, not_negative


def _board(name: str, *columns: str) -> Index:
    """An index of what is public; the condition as a note: to give it to a dialect would load both of them."""
    return Index(f"ix_proposal_{name}", *columns, info={"where": "submitted_at IS NOT NULL"})


class Proposal(Base):
    """What somebody asks for; keeps its number, page, people and history when it becomes a project."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("commune_id", "number"),
        UniqueConstraint("idempotency_key"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR submitted_at IS NOT NULL", name="day_of_submission"),
        CheckConstraint("(submitted_at IS NULL) = (number IS NULL)", name="number_with_submission"),
        CheckConstraint("(on_behalf_of = '') = (consent_noted_at IS NULL)", name="consent_if_on_behalf"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_something"),
        *(not_negative(n) for n in ("women", "men", "youth", "households", "summer_peak", "support_count")),
        _board("board_supported", "round_id", "support_count", "id"),
        _board("board_recent", "round_id", "submitted_at", "id"),
        _board("board_sector", "round_id", "sector", "support_count", "id"),
        _board("board_state", "round_id", "state", "support_count", "id"),
        _board("board_proposer", "round_id", "proposer_kind", "support_count", "id"),
        Index("ix_proposal_author", "author_id", "state"),
        Index("ix_proposal_group", "group_id"),
        Index("ix_proposal_commune_state", "commune_id", "state"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState), default=ProposalState.DRAFT)
    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.SCREEN)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    proposer_kind: Mapped[ProposerKind] = mapped_column(choice(ProposerKind), default=ProposerKind.RESIDENT)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down for somebody else; also the author where that person has no account."""
    on_behalf_of: Mapped[str] = mapped_column(String(120), default="")
    consent_noted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    title: Mapped[Words] = mapped_column(WordsType, default=Words)
    need: Mapped[Words] = mapped_column(WordsType, default=Words)
    sector: Mapped[str] = mapped_column(String(40), default="")
    women: Mapped[int | None]
    men: Mapped[int | None]
    youth: Mapped[int | None]
    households: Mapped[int | None]
    summer_peak: Mapped[int | None]
    upkeep: Mapped[Words] = mapped_column(WordsType, default=Words)
    step: Mapped[int] = mapped_column(default=1)
    """How far its author has come, of five steps."""
    support_count: Mapped[int] = mapped_column(default=0)
    """Supports that stand; kept beside each support for the order of the board, checked by ``cdp check``."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Folded words from the submission on; the database keeps its search by it (``cdp.store.search``)."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    correct_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    withdrawn_because: Mapped[Words] = mapped_column(WordsType, default=Words)
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[author_id])
    group: Mapped[Group | None] = relationship(lazy="raise_on_sql")
    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class ProposalPlace(Base):
    """A douar a proposal is for; none at all means the whole commune."""

    __tablename__ = "proposal_place"
    __table_args__ = (
        UniqueConstraint("proposal_id", "locality_id"),
        Index("ix_proposal_place_locality", "locality_id", "proposal_id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    locality_id: Mapped[int] = mapped_column(ForeignKey("locality.id"))


class Attachment(Base):
    """A photo or paper of a proposal."""

    __tablename__ = "attachment"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    kind: Mapped[AttachmentKind] = mapped_column(choice(AttachmentKind))
    caption: Mapped[Words] = mapped_column(WordsType, default=Words)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")


class Support(Base):
    """A person stands behind a proposal; taken back by ``withdrawn_at``, never moved by others."""

    __tablename__ = "support"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(80))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class BoardCount(Base):
    """How many public proposals of a round have a value of a facet; kept with each change, checked nightly."""

    __tablename__ = "board_count"
    __table_args__ = (UniqueConstraint("round_id", "facet", "value"), not_negative("count"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    facet: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    count: Mapped[int] = mapped_column(default=0)


class ImportBatch(Base):
    """A file of proposals that was read in: by whom, with what came of each row."""

    __tablename__ = "import_batch"
    __table_args__ = (UniqueConstraint("round_id", "sha256"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    report: Mapped[Any] = mapped_column(Document, default=list)
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime] = mapped_column(UTCDateTime)

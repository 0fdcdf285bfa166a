"""Tables of teams."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.proposals.models import Proposal
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, WordsType, choice, not_negative
from cdp.teams.states import Ending, Offer


class Need(Base):
    """What a project looks for: a skill, hours, a visit, goods, a sum."""

    __tablename__ = "need"
    __table_args__ = (not_negative("quantity"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    offer: Mapped[Offer] = mapped_column(choice(Offer))
    text: Mapped[Words] = mapped_column(WordsType)
    quantity: Mapped[int | None]
    """Hours, days or whole dirhams, as the offer says."""
    until: Mapped[date | None]
    found_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Invitation(Base):
    """A personal invitation to one project: a link (and its QR) that one person uses once; may be forwarded."""

    __tablename__ = "invitation"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2))
    offer: Mapped[Offer | None] = mapped_column(choice(Offer))
    until: Mapped[date]
    """Last day on which the invitation can be taken up."""
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Membership(Base):
    """A person in one project from a day to a day (both inside), with what they bring and the name they show."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("until >= since", name="days_in_order"),
        CheckConstraint("(ended_on IS NULL) = (ending IS NULL)", name="ending_with_its_day"),
        Index("ix_membership_proposal", "proposal_id", "until"),
        Index("ix_membership_person", "person_id", "until"),
        not_negative("hours"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"))
    offer: Mapped[Offer] = mapped_column(choice(Offer))
    text: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[int | None]
    visit_since: Mapped[date | None]
    visit_until: Mapped[date | None]
    since: Mapped[date]
    until: Mapped[date]
    shown_as: Mapped[ShownAs] = mapped_column(choice(ShownAs))
    city: Mapped[str] = mapped_column(String(80), default="")
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_on: Mapped[date | None]
    """Last day, when it came before ``until``."""
    ending: Mapped[Ending | None] = mapped_column(choice(Ending))
    ending_reason: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql")


class RoomMessage(Base):
    """A message in a team's room, read by the members of the day, the group that asks, and the office."""

    __tablename__ = "room_message"
    __table_args__ = (Index("ix_room_message_proposal", "proposal_id", "id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[str] = mapped_column(String(80))
    shown_name: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    is_thanks: Mapped[bool] = mapped_column(Boolean(name="is_thanks_is_bool"), default=False)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

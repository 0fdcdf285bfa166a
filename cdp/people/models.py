"""Tables of persons, groups, mandates. No nationality, papers, identity number, religion or health: by law."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.communes.models import Commune, Locality
from cdp.kernel.clock import now
from cdp.kernel.late import left_out
from cdp.kernel.words import Words
from cdp.people.states import DataRequestKind, GroupKind, GroupState, Role, ShownAs, Tie
from cdp.store.base import Base, BigId
from cdp.store.types import Document, UTCDateTime, WordsType, choice

with left_out("webauthn"), left_out("cryptography"):
    from flask_security.core import UserMixin, WebAuthnMixin


class Person(Base, UserMixin):
    """A person with an account: by e-mail, or by a sign-in card for those without."""

    __tablename__ = "person"

    email: Mapped[str | None] = mapped_column(String(255), unique=True)  # type: ignore[assignment,unused-ignore]
    password: Mapped[str | None] = mapped_column(String(255))  # type: ignore[assignment,unused-ignore]
    active: Mapped[bool] = mapped_column(Boolean(name="active_is_bool"), default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    create_datetime: Mapped[datetime | None] = mapped_column(UTCDateTime, default=now)  # type: ignore[assignment]
    update_datetime: Mapped[datetime | None] = mapped_column(UTCDateTime)  # type: ignore[assignment]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[Any] = mapped_column(MutableList.as_mutable(Document), default=list)
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)

    name: Mapped[str] = mapped_column(String(120))
    name_ar: Mapped[str] = mapped_column(String(120), default="")
    shown_as: Mapped[ShownAs] = mapped_column(choice(ShownAs), default=ShownAs.FIRST)
    language: Mapped[str] = mapped_column(String(2), default="ar")
    city: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    wants_news: Mapped[bool] = mapped_column(Boolean(name="wants_news_is_bool"), default=False)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Last sign-in; a link sent before it no longer opens anything."""
    entered_by_id: Mapped[int | None] = mapped_column(BigId)
    """Facilitator who entered a person without e-mail, whose consent is noted beside."""
    consent_noted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="person", cascade="all, delete-orphan")  # type: ignore[assignment]

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security asks for roles; ours are mandates and never pass through it."""
        return []

    def get_security_payload(self) -> dict[str, Any]:
        """Nothing of a person leaves through Flask-Security's JSON."""
        return {}


class Passkey(Base, WebAuthnMixin):
    """A passkey of a person, as second factor (columns as Flask-Security needs them)."""

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[Any] = mapped_column(Document, default=list)
    backup_state: Mapped[bool] = mapped_column(Boolean(name="backup_state_is_bool"))
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    lastuse_datetime: Mapped[datetime] = mapped_column(UTCDateTime)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    person: Mapped[Person] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """How Flask-Security finds the person of a passkey."""
        return {"id": self.person_id}


class SignInCard(Base):
    """A printed card for a person without e-mail: only the hash of its code is kept."""

    __tablename__ = "sign_in_card"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Belonging(Base):
    """A tie of a person to a commune or douar, from a day, perhaps until a day. Real, plural, temporary."""

    __tablename__ = "belonging"
    __table_args__ = (Index("ix_belonging_commune", "commune_id", "tie"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    tie: Mapped[Tie] = mapped_column(choice(Tie))
    since: Mapped[date]
    until: Mapped[date | None]
    commune: Mapped[Commune] = relationship(lazy="raise_on_sql")
    locality: Mapped[Locality | None] = relationship(lazy="raise_on_sql")


class Group(Base):
    """A group of people: registered (with its papers) or informal (with who vouches), said honestly."""

    __tablename__ = "group"
    __table_args__ = (
        Index("ix_group_commune", "commune_id", "state", "sort_key"),
        CheckConstraint("is_registered OR receipt_number = ''", name="receipt_only_if_registered"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    kind: Mapped[GroupKind] = mapped_column(choice(GroupKind))
    state: Mapped[GroupState] = mapped_column(choice(GroupState), default=GroupState.ENTERED)
    name: Mapped[Words] = mapped_column(WordsType)
    sort_key: Mapped[str] = mapped_column(String(120))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    city: Mapped[str] = mapped_column(String(80), default="")
    is_registered: Mapped[bool] = mapped_column(Boolean(name="is_registered_is_bool"), default=False)
    receipt_number: Mapped[str] = mapped_column(String(60), default="")
    board_date: Mapped[date | None]
    valid_until: Mapped[date | None]
    vouched_by: Mapped[str] = mapped_column(String(120), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    join_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    locality: Mapped[Locality | None] = relationship(lazy="raise_on_sql")


class GroupMember(Base):
    """A person in a group, from a day; those who may act speak for it."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "person_id", "since"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    may_act: Mapped[bool] = mapped_column(Boolean(name="may_act_is_bool"), default=False)
    since: Mapped[date]
    until: Mapped[date | None]
    group: Mapped[Group] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Mandate(Base):
    """A role in a commune for a period; it ends by itself or by a written end."""

    __tablename__ = "mandate"
    __table_args__ = (Index("ix_mandate_commune", "commune_id", "role"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    since: Mapped[date]
    until: Mapped[date | None]
    given_by_id: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class DataRequest(Base):
    """A wish about one's own data, answered within ten full days (law 09-08 art. 8)."""

    __tablename__ = "data_request"

    commune_id: Mapped[int | None] = mapped_column(ForeignKey("commune.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[DataRequestKind] = mapped_column(choice(DataRequestKind))
    text: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

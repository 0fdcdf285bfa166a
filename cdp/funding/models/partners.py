"""Tables of what becomes of an agreement: its instalments, its later versions, visa and default."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cdp.funding.states import ConditionKind, PartnerAct, TermKind
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, choice, not_negative, positive


class AgreementVersion(Base):
    """An amendment: a new amount with its paper and its reason; the agreement itself is version 1. Append-only."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "version"), not_negative("amount_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    version: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(80))
    signed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)


class AgreementInstalment(Base):
    """What a partner is to pay by a day, in one version of its agreement. Append-only."""

    __tablename__ = "agreement_instalment"
    __table_args__ = (UniqueConstraint("agreement_id", "version", "due_on"), positive("amount_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    version: Mapped[int]
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class PartnerStep(Base):
    """A visa on an agreement, a default of its funder, or its end: a public fact with its day. Append-only."""

    __tablename__ = "partner_step"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    act: Mapped[PartnerAct] = mapped_column(choice(PartnerAct))
    day: Mapped[date]
    words: Mapped[str] = mapped_column(String(200))
    """The number of the visa, or what happened, as it stands in the paper."""
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PartnerPromise(Base):
    """What an institution has agreed to in principle, on a condition or on none; what became of it is in the books.

    One open promise a line; it ends with the signed agreement, or is taken back. Append-only.
    """

    __tablename__ = "partner_promise"
    __table_args__ = (
        positive("amount_minor"),
        CheckConstraint(
            "kind IS NULL OR ((kind = 'village_joins') = (locality_id IS NOT NULL)"
            " AND (kind = 'club_gives') = (group_id IS NOT NULL AND give IS NOT NULL AND each IS NOT NULL))",
            name="kinds_of_institutions",
        ),
        CheckConstraint(
            "(at_least IS NOT NULL) = (condition = 'others_join' OR kind IN ('village_joins', 'total_reached'))",
            name="number_where_counted",
        ),
        Index("ix_partner_promise_project", "project_id", "id"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("funding_line.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    condition: Mapped[ConditionKind] = mapped_column(choice(ConditionKind), default=ConditionKind.NONE)
    kind: Mapped[TermKind | None] = mapped_column(choice(TermKind))
    at_least: Mapped[int | None] = mapped_column(BigInteger)
    """People who promise too or come from the village, or centimes that come together."""
    give: Mapped[int | None]
    each: Mapped[int | None]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    locality_id: Mapped[int | None] = mapped_column(ForeignKey("locality.id"))
    until: Mapped[date | None]
    """The last day on which the word holds; None: until it is signed or taken back."""
    words: Mapped[str] = mapped_column(String(200))
    """The letter or minutes it stands in."""
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

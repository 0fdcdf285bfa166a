"""Tables of what a project's givers are told beforehand: what becomes of more than is needed, shares, match funding."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cdp.funding.states import OverFunding, RuleKind
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, choice


class MoneyRule(Base):
    """A project's rule about more than it needs, chosen before its first promise."""

    __tablename__ = "money_rule"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    over_funding: Mapped[OverFunding] = mapped_column(choice(OverFunding))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ProjectRule(Base):
    """A share rule or match funding of a project, in force from a day until the next of its kind. Append-only."""

    __tablename__ = "project_rule"
    __table_args__ = (Index("ix_project_rule_project", "project_id", "kind", "since"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[RuleKind] = mapped_column(choice(RuleKind))
    name: Mapped[str] = mapped_column(String(120))
    data: Mapped[Any] = mapped_column(Document)
    """Nothing but numbers and names, as the rules read them; empty: no rule from that day on."""
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Why it was changed, or differs from the register; empty for the first one taken as it stands there."""
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

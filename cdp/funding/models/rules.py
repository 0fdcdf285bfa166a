"""Table of what a project's givers are told beforehand: what becomes of more than is needed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cdp.funding.states import OverFunding
from cdp.store.base import Base
from cdp.store.types import UTCDateTime, choice


class MoneyRule(Base):
    """A project's rule about more than it needs, chosen before its first promise."""

    __tablename__ = "money_rule"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    over_funding: Mapped[OverFunding] = mapped_column(choice(OverFunding))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)

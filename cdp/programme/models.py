"""Tables of the plan: versions with their lines and yearly amounts, acts of the council, projects."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cdp.kernel.words import Words
from cdp.programme.states import ActKind, LineVerdict, Pin, ProjectState, RunState
from cdp.proposals.models import Proposal
from cdp.rounds.models import Round
from cdp.rounds.states import Source, Sureness
from cdp.store.base import Base
from cdp.store.types import Document, UTCDateTime, WordsType, choice, not_negative, positive


class PartnerShare(Base):
    """What a partner is expected to bear of a proposal's cost; the rest falls to the commune's own money."""

    __tablename__ = "partner_share"
    __table_args__ = (UniqueConstraint("proposal_id", "source", "party"), positive("amount_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    source: Mapped[Source] = mapped_column(choice(Source))
    party: Mapped[str] = mapped_column(String(120), default="")
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    sureness: Mapped[Sureness] = mapped_column(choice(Sureness))
    by_year: Mapped[Any | None] = mapped_column(Document)
    """``[[year, centimes], …]`` where the convention says so; they sum to the amount. None: as the works go."""


class Partner(Base):
    """A partner of a commune: ``party``, the name shares and books keep it by, and what it is called by language."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("commune_id", "party"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    party: Mapped[str] = mapped_column(String(120))
    name: Mapped[Words] = mapped_column(WordsType)


class PlanVersion(Base):
    """A version of a round's plan; frozen with its data when it is submitted (guarded by the database)."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    charter_version: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    data_hash: Mapped[str] = mapped_column(String(64), default="")
    instance: Mapped[Any | None] = mapped_column(Document)
    """Everything the fit depended on, as ``rules.fit.schema.INPUT`` has it: it can be fitted again by anyone."""
    value: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    """Proven: no programme is worth more; None when it was made by rank."""
    record: Mapped[Any | None] = mapped_column(Document, deferred=True)
    """Everything its document prints beside its lines, frozen with them: see ``queries.recording``."""
    updates: Mapped[int | None]
    """Number of the visaed version that this one brings up to date; why stands in ``note``."""
    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class PlanLine(Base):
    """A proposal in a version: in (from which year) or out (why), with its rank and cost as they were."""

    __tablename__ = "plan_line"
    __table_args__ = (
        UniqueConstraint("version_id", "proposal_id"),
        CheckConstraint("(verdict = 'in') = (start_year IS NOT NULL)", name="start_year_if_in"),
        CheckConstraint("pin = 'free' OR pin_reason <> ''", name="pin_has_a_reason"),
        not_negative("cost_minor"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    rank: Mapped[int]
    mean: Mapped[str] = mapped_column(String(20))
    """Weighted mean of the panel as an exact fraction, ``"17/4"``."""
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[LineVerdict] = mapped_column(choice(LineVerdict))
    start_year: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(60), default="")
    reason_values: Mapped[Any] = mapped_column(Document, default=dict)
    pin: Mapped[Pin] = mapped_column(choice(Pin), default=Pin.FREE)
    pin_year: Mapped[int | None]
    pin_reason: Mapped[str] = mapped_column(Text, default="")
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """With its version; then the database refuses every change."""


class YearAmount(Base):
    """What a line of the plan takes in a year from a source; ``is_running``: once its works are done."""

    __tablename__ = "year_amount"
    __table_args__ = (UniqueConstraint("line_id", "year", "source"), positive("amount_minor"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("plan_line.id", ondelete="CASCADE"))
    year: Mapped[int]
    source: Mapped[Source] = mapped_column(choice(Source))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    is_running: Mapped[bool] = mapped_column(server_default=false())
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PlanTerms(Base):
    """The conditions of a round's plan as the office set them: a document of ``rules.conditions``."""

    __tablename__ = "plan_terms"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    terms: Mapped[Any] = mapped_column(Document)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ProjectTerms(Base):
    """The conditions of one proposal in the plan: a document of ``rules.conditions``."""

    __tablename__ = "project_terms"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), unique=True)
    terms: Mapped[Any] = mapped_column(Document)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FitRun(Base):
    """A search for the best programme, asked for by the office and carried out by the worker."""

    __tablename__ = "fit_run"
    __table_args__ = (Index("ix_fit_run_round", "round_id", "id"), positive("seconds"))

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[RunState] = mapped_column(choice(RunState), default=RunState.WAITING)
    instance: Mapped[Any] = mapped_column(Document)
    previous: Mapped[Any | None] = mapped_column(Document)
    """First year of works by number: as little of it as possible changes; None: the best is looked for."""
    seconds: Mapped[int]
    """Time limit."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    progress: Mapped[Any | None] = mapped_column(Document)
    result: Mapped[Any | None] = mapped_column(Document)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    """The scenario whose best is looked for; None: the plan's own."""


class Scenario(Base):
    """A named "what if": the instance of a version, what was changed of it, and what comes of it: by rank at once,
    the best with its proven gap once it was searched for."""

    __tablename__ = "scenario"
    __table_args__ = (Index("ix_scenario_round", "round_id", "id"),)

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    instance: Mapped[Any] = mapped_column(Document)
    changes: Mapped[Any] = mapped_column(Document)
    result: Mapped[Any] = mapped_column(Document)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)


class CouncilAct(Base):
    """An act on a version of the plan: submitted, adopted with its votes, visaed, published. Append-only."""

    __tablename__ = "council_act"
    __table_args__ = (
        Index("ix_council_act_version", "version_id", "kind"),
        not_negative("votes_for"),
        not_negative("votes_against"),
        not_negative("abstentions"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    kind: Mapped[ActKind] = mapped_column(choice(ActKind))
    on: Mapped[date] = mapped_column("acted_on")
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    reference: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Project(Base):
    """A proposal that the adopted plan carries: same number, same page, now with money and works."""

    __tablename__ = "project"
    __table_args__ = (
        Index("ix_project_commune", "commune_id", "state"),
        Index("ix_project_round", "round_id", "start_year", "id"),
        not_negative("cost_minor"),
        CheckConstraint("state <> 'dropped' OR dropped_reason <> ''", name="dropped_with_a_reason"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), unique=True)
    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[ProjectState] = mapped_column(choice(ProjectState), default=ProjectState.PROGRAMMED)
    start_year: Mapped[int]
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    price_year: Mapped[int]
    state_since: Mapped[date]
    dropped_reason: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql")


class ShareRule(Base):
    """A commune's own copy of a share rule, as its call or convention says it, with its reason. Append-only.

    A later row of the same key changes it from its first day on; what was attached before stays as it was.
    """

    __tablename__ = "share_rule"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="days_in_order"),
        Index("ix_share_rule_commune", "commune_id", "key", "since"),
    )

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id"))
    key: Mapped[str] = mapped_column(String(40))
    data: Mapped[Any] = mapped_column(Document)
    """Numbers, sources and names as ``rules.share_rules`` reads them."""
    since: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(200))
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

"""A commune's money as everybody reads it: by source, by year, by sector; promises past their day as numbers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, Pledge
from cdp.funding.queries import flows, planned
from cdp.funding.rules.sheet import MoneySheet, sheet
from cdp.funding.rules.standing import COMMITTED as COMMITTED_OPS
from cdp.funding.rules.standing import open_promise
from cdp.kernel.money import Money
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal
from cdp.rounds.states import Source


@dataclass
class Part:
    """The money of one source, year or sector, in centimes; each part excludes the others."""

    received: int = 0
    committed: int = 0
    pledged: int = 0
    sought: int = 0

    @property
    def total(self) -> int:
        """Received, committed and promised together."""
        return self.received + self.committed + self.pledged


@dataclass
class OpenAccounts:
    """The whole: a sheet of all projects, and its parts; promises past their day are only counted."""

    cost: int = 0
    whole: Part = field(default_factory=Part)
    sources: dict[Source, Part] = field(default_factory=lambda: defaultdict(Part))
    years: dict[int, Part] = field(default_factory=lambda: defaultdict(Part))
    sectors: dict[str, Part] = field(default_factory=lambda: defaultdict(Part))
    spent: int = 0
    hours_promised: int = 0
    hours_done: int = 0
    expired: int = 0
    overdue: int = 0
    projects: int = 0


def open_accounts(db: Session, commune_id: int, day: date) -> OpenAccounts:
    """The money of all projects of a commune that were not dropped, in five statements."""
    projects = db.execute(
        select(Project.id, Project.cost_minor, Project.start_year, Proposal.sector)
        .join(Proposal, Proposal.id == Project.proposal_id)
        .where(Project.commune_id == commune_id, Project.state != ProjectState.DROPPED)
        .order_by(Project.start_year, Project.id)
    ).all()
    ids = [row[0] for row in projects]
    plans, sums = planned(db, ids), flows(db, ids)
    lines = db.execute(
        select(FundingLine.id, FundingLine.source, FundingLine.party).where(FundingLine.commune_id == commune_id)
    )
    places = {number: (source, party) for number, source, party in lines}
    past = set(db.scalars(select(Pledge.id).where(Pledge.commune_id == commune_id, Pledge.until < day)))
    found = OpenAccounts(projects=len(ids))
    for project_id, cost, year, sector in projects:
        own = sums.get(project_id, {})
        money = sheet(Money(cost), plans.get(project_id, {}), own, places=places, expired=past)
        _add(found, money, (found.years[year], found.sectors[sector], found.whole))
        for purse, ops in own.items():
            if purse.pledge in past and open_promise(ops).amount_minor > 0:
                called = sum(sign * ops[op].amount_minor for op, sign in COMMITTED_OPS.items() if op in ops)
                found.overdue += called > 0
                found.expired += called <= 0
    return found


def _add(found: OpenAccounts, money: MoneySheet, parts: Iterable[Part]) -> None:
    """One project's sheet into the whole and its parts."""
    found.cost += money.cost.minor
    found.spent += money.spent.minor
    found.hours_promised += money.hours_promised
    found.hours_done += money.hours_done
    for part in parts:
        part.received += money.received.minor
        part.committed += money.committed.minor
        part.pledged += money.pledged.minor
        part.sought += money.sought.minor
    for row in money.rows:
        source = found.sources[row.source]
        source.received += row.received.minor
        source.committed += row.committed.minor
        source.pledged += row.pledged.minor

"""A commune's money as everybody reads it: by source, year, sector and douar; what is late; rates; its partners."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, PaymentCall, Pledge
from cdp.funding.queries import Flows, flows, planned
from cdp.funding.queries.performance import partners
from cdp.funding.rules.performance import Exchange, Funder, exchanges
from cdp.funding.rules.promises import Purse, unpaid
from cdp.funding.rules.shares import split
from cdp.funding.rules.sheet import COMMITTED, PLEDGED, MoneySheet, open_dirhams, sheet
from cdp.funding.rules.units import IN_KIND
from cdp.kernel.money import Money
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal, ProposalPlace
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
    """The whole: a sheet of all projects, and its parts; of late promises the number and centimes, never whose.

    ``places`` by douar (None: for the whole commune); a project of several douars counts in equal parts.
    """

    cost: int = 0
    whole: Part = field(default_factory=Part)
    sources: dict[Source, Part] = field(default_factory=lambda: defaultdict(Part))
    years: dict[int, Part] = field(default_factory=lambda: defaultdict(Part))
    sectors: dict[str, Part] = field(default_factory=lambda: defaultdict(Part))
    places: dict[int | None, Part] = field(default_factory=lambda: defaultdict(Part))
    partners: list[Funder] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    spent: int = 0
    hours_promised: int = 0
    hours_done: int = 0
    expired: int = 0
    expired_minor: int = 0
    overdue: int = 0
    overdue_minor: int = 0
    projects: int = 0


def open_accounts(db: Session, commune_id: int, day: date) -> OpenAccounts:
    """The money of all projects of a commune that were not dropped, in a fixed number of statements."""
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
    lines_of = {number: (source, party) for number, source, party in lines}
    places = _places(db, commune_id)
    last = _last_days(db, commune_id)
    past = {pledge for pledge, (until, _due) in last.items() if until < day}
    found = OpenAccounts(projects=len(ids))
    for project_id, cost, year, sector in projects:
        own = sums.get(project_id, {})
        money = sheet(Money(cost), plans.get(project_id, {}), own, places=lines_of, expired=past)
        _add(found, money, (found.years[year], found.sectors[sector], found.whole))
        _add_places(found, money, places.get(project_id, [None]))
    _add_late(found, sums, last, day)
    found.partners = partners(db, commune_id, day, {number: sums.get(number, {}) for number in ids})
    found.exchanges = exchanges(sums.values())
    return found


def _places(db: Session, commune_id: int) -> dict[int, list[int | None]]:
    """Project -> its douars, in order; projects of the whole commune are left out."""
    rows = db.execute(
        select(Project.id, ProposalPlace.locality_id)
        .join(ProposalPlace, ProposalPlace.proposal_id == Project.proposal_id)
        .where(Project.commune_id == commune_id)
        .order_by(Project.id, ProposalPlace.locality_id)
    )
    found: defaultdict[int, list[int | None]] = defaultdict(list)
    for project_id, place in rows:
        found[project_id].append(place)
    return dict(found)


def _last_days(db: Session, commune_id: int) -> dict[int, tuple[date, list[tuple[date, int]]]]:
    """Promise -> until when it holds, and its calls: by which day, how much."""
    asked = (
        select(Pledge.id, Pledge.until, PaymentCall.due_on, PaymentCall.amount_minor)
        .outerjoin(PaymentCall, PaymentCall.pledge_id == Pledge.id)
        .where(Pledge.commune_id == commune_id)
    )
    found: dict[int, tuple[date, list[tuple[date, int]]]] = {}
    for pledge, until, due, amount in db.execute(asked):
        calls = found.setdefault(pledge, (until, []))[1]
        if due is not None:
            calls.append((due, amount))
    return found


def _add_late(
    found: OpenAccounts, sums: Flows, last: dict[int, tuple[date, list[tuple[date, int]]]], day: date
) -> None:
    """Promises of money that were called and are not here by their day, and those that nobody called in time."""
    for own in sums.values():
        for purse, ops in own.items():
            if purse.pledge not in last or purse.unit in IN_KIND:
                continue
            until, calls = last[purse.pledge]
            own_purse = Purse.of(ops)
            called = next((due for due, _ in unpaid(calls, own_purse.committed)), None)
            owed, still = open_dirhams(ops, COMMITTED), open_dirhams(ops, PLEDGED)
            if owed > 0 and (called or until) < day:
                found.overdue += 1
                found.overdue_minor += owed
            elif still > 0 and until < day:
                found.expired += 1
                found.expired_minor += still


def _add_places(found: OpenAccounts, money: MoneySheet, places: list[int | None]) -> None:
    """One project's sheet to its douars, in equal parts that sum to the whole."""
    for name in ("received", "committed", "pledged", "sought"):
        whole = getattr(money, name).minor
        way = -1 if whole < 0 else 1
        for place, part in zip(places, split(abs(whole), [1] * len(places)), strict=True):
            own = found.places[place]
            setattr(own, name, getattr(own, name) + way * part)


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

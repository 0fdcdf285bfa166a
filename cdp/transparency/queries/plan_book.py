"""The plan's book: one version with its reasons, its people and its meetings (a fixed number of statements)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes import queries as territory
from cdp.communes.models import Commune, Province, Region
from cdp.conduct.census import census
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.meetings import queries as meetings
from cdp.priorities import queries as priorities
from cdp.programme import queries as programme
from cdp.programme.models import PartnerShare
from cdp.programme.queries import PlanRow, PlanSheet, VersionRow
from cdp.programme.states import VersionState
from cdp.proposals.models import Proposal
from cdp.review.models import CostEstimate, CostLine
from cdp.rounds.queries import RoundCard
from cdp.transparency.plan_book import (
    CostRow,
    DayOnPath,
    HomeSheet,
    PlaceOnMap,
    PlanBook,
    RankedSheet,
    ShareRow,
    SheetOfProject,
)
from cdp.transparency.queries.path import path

STANDING = frozenset({VersionState.ADOPTED, VersionState.VISAED})


def version_of(db: Session, card: RoundCard, number: int | None = None) -> VersionRow:
    """The version asked for, else the newest adopted, else the newest submitted; NotFound for drafts and none."""
    return _chosen([version for version in programme.versions(db, card.id) if version.frozen_at], number)


def any_version_of(db: Session, card: RoundCard, number: int | None = None) -> VersionRow:
    """The same, drafts with them: for the office."""
    return _chosen(list(programme.versions(db, card.id)), number)


def no_version(card: RoundCard, made_at: datetime) -> VersionRow:
    """A version with nothing in it: for papers that come before there is a plan."""
    return VersionRow(0, 0, card.charter_version, made_at, None, "", ())


def _chosen(readable: list[VersionRow], number: int | None) -> VersionRow:
    if number is not None:
        readable = [version for version in readable if version.number == number]
    if not readable:
        raise NotFound("programme.no_such_version", number=number or 1)
    return next((version for version in readable if version.state in STANDING), readable[0])


def book(db: Session, commune: Commune, card: RoundCard, version: VersionRow) -> PlanBook:
    """Everything the document of a version says."""
    sheet = programme.sheet(db, card, version)
    entered = meetings.entered_figures(db, card.id)
    kinds = db.execute(
        select(Proposal.proposer_kind, func.count(), func.sum(Proposal.support_count))
        .where(Proposal.round_id == card.id, Proposal.submitted_at.is_not(None))
        .group_by(Proposal.proposer_kind)
    ).all()
    return PlanBook(
        home=_home(db, commune),
        card=card,
        plan=sheet,
        projects=_projects(db, sheet.rows),
        ranked=_ranked(db, card),
        askers=tuple(sorted(((kind, count) for kind, count, _ in kinds), key=lambda each: (-each[1], each[0]))),
        supports=sum(int(supports or 0) for _, _, supports in kinds),
        meetings=meetings.meetings(db, card.id),
        census=census(commune.code),
        entered=tuple(entered.values()),
        map=_map(db, commune.id, sheet),
        path=tuple(
            DayOnPath(row.step.title, row.step.article, row.happened) for row in path(db, card, today()) if row.happened
        ),
        made_at=version.frozen_at or version.made_at,
    )


def _home(db: Session, commune: Commune) -> HomeSheet:
    province, region = db.execute(
        select(Province.name, Region.name)
        .join(Region, Region.id == Province.region_id)
        .where(Province.id == commune.province_id)
    ).one()
    return HomeSheet(
        slug=commune.slug,
        name=commune.name,
        province=province,
        region=region,
        cercle=commune.cercle,
        population=commune.population_2024,
        council_size=commune.council_size,
        is_invented=commune.is_invented,
    )


def _projects(db: Session, rows: Iterable[PlanRow]) -> tuple[SheetOfProject, ...]:
    wanted = {row.id: row for row in rows}
    found = {p.id: p for p in db.scalars(select(Proposal).where(Proposal.id.in_(wanted)))}
    shares, costs = _shares(db, wanted), _costs(db, wanted)
    return tuple(
        SheetOfProject(
            row=row,
            need=found[key].need,
            upkeep=found[key].upkeep,
            women=found[key].women,
            men=found[key].men,
            youth=found[key].youth,
            households=found[key].households,
            summer_peak=found[key].summer_peak,
            supports=found[key].support_count,
            price_year=costs[key][0] if key in costs else None,
            shares=tuple(shares[key]),
            costs=tuple(costs[key][1]) if key in costs else (),
        )
        for key, row in wanted.items()
    )


def _shares(db: Session, ids: Collection[int]) -> dict[int, list[ShareRow]]:
    found: dict[int, list[ShareRow]] = defaultdict(list)
    rows = db.scalars(select(PartnerShare).where(PartnerShare.proposal_id.in_(ids)).order_by(PartnerShare.id))
    for row in rows:
        found[row.proposal_id].append(ShareRow(row.source, row.party, Money(row.amount_minor), row.sureness))
    return found


def _costs(db: Session, ids: Collection[int]) -> dict[int, tuple[int, list[CostRow]]]:
    """The estimate that stands of each proposal: its year of prices, its lines (one statement)."""
    newest = (
        select(CostEstimate.proposal_id, func.max(CostEstimate.version).label("version"))
        .where(CostEstimate.proposal_id.in_(ids))
        .group_by(CostEstimate.proposal_id)
        .subquery()
    )
    rows = db.execute(
        select(CostEstimate.proposal_id, CostEstimate.price_year, CostLine)
        .join(newest, (newest.c.proposal_id == CostEstimate.proposal_id) & (newest.c.version == CostEstimate.version))
        .join(CostLine, CostLine.estimate_id == CostEstimate.id)
        .order_by(CostEstimate.proposal_id, CostLine.position)
    )
    found: dict[int, tuple[int, list[CostRow]]] = {}
    for proposal_id, year, line in rows:
        row = CostRow(line.kind, line.label, line.quantity_milli, line.unit, Money(line.price_minor))
        found.setdefault(proposal_id, (year, []))[1].append(row)
    return found


def _ranked(db: Session, card: RoundCard) -> tuple[RankedSheet, ...]:
    return tuple(
        RankedSheet(
            number=row.number,
            title=row.title,
            score=row.score,
            place=row.place,
            sheets=len(row.sheets),
            reason=row.decided.reason if row.decided and row.differs else "",
        )
        for row in priorities.ranking(db, card, today()).rows
    )


def _map(db: Session, commune_id: int, sheet: PlanSheet) -> tuple[PlaceOnMap, ...]:
    """Douars with a place on the sketch map; a project of several douars counts in equal parts."""
    amounts: dict[Words, int] = {name: amount for name, amount in sheet.by_place().items() if name is not None}
    return tuple(
        PlaceOnMap(place.name, place.x, place.y, amounts.get(place.name, 0))
        for place in territory.places(db, commune_id)
        if place.x is not None and place.y is not None
    )

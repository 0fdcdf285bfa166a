"""Reads of co-financing: everything is worked out from the books, no status is stored."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session, aliased, join, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from cdp.communes.models import Commune
from cdp.funding.models import Agreement, AgreementVersion, EntrySum, FundingLine, LedgerEntry, Pledge, PromiseBatch
from cdp.funding.rules.ledger import Entry, Op, Purse
from cdp.funding.rules.sheet import MoneySheet, sheet
from cdp.funding.rules.standing import Flow
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import CouncilAct, PlanLine, PlanVersion, Project, YearAmount
from cdp.programme.states import ActKind, ProjectState
from cdp.proposals.models import Proposal
from cdp.rounds.states import Source
from cdp.store.base import table_of
from cdp.store.files import StoredFile
from cdp.store.ready import Ready, Whole


def as_entry(row: LedgerEntry) -> Entry:
    """A row of the books as the rules know it."""
    return Entry(
        op=row.op,
        project=row.project_id,
        line=row.line_id,
        pledge=row.pledge_id,
        unit=row.unit,
        amount_minor=row.amount_minor,
        effective_date=row.effective_on,
        actor="clock" if row.recorded_by_id is None else f"person:{row.recorded_by_id}",
        key=row.key,
        second_actor=None if row.second_by_id is None else f"person:{row.second_by_id}",
        rate=row.rate,
        rate_date=row.rate_day,
        rate_source=row.rate_source,
        mad_minor=row.dirhams_minor,
        reverses=row.reverses,
        linked=row.linked,
        evidence=row.evidence,
        statement_line=row.statement_line,
        seq=row.sequence,
        recorded_at=row.recorded_at,
        prev_hash=row.previous_hash,
        hash=row.hash,
    )


def entries_of(db: Session, commune_id: int, project_id: int | None) -> list[Entry]:
    """The entries of one project, in order."""
    rows = db.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.commune_id == commune_id, LedgerEntry.project_id == project_id)
        .order_by(LedgerEntry.sequence)
    )
    return [as_entry(row) for row in rows]


def find_entry(db: Session, commune_id: int, entry_id: int) -> LedgerEntry:
    """An entry of this commune's books; NotFound else."""
    row = db.scalar(select(LedgerEntry).where(LedgerEntry.id == entry_id, LedgerEntry.commune_id == commune_id))
    if row is None:
        raise NotFound
    return row


def _with_proposal(asked: Any) -> Any:
    mine = (Project.commune_id == bindparam("commune"), Project.number == bindparam("number"))
    return asked.select_from(join(Project, Proposal, Proposal.id == Project.proposal_id)).where(*mine)


def _with_its_books(asked: Any) -> Any:
    commune = table_of(Commune)
    both = _with_proposal(asked).join(commune, commune.c.id == Project.commune_id)
    return both.with_for_update(of=commune, key_share=True)


_project = Whole(Project, _with_proposal, Proposal)
_project_to_write = Whole(Project, _with_its_books, Proposal)


def find_project(db: Session, commune_id: int, number: str) -> Project:
    """A project of this commune by its number; NotFound else."""
    return _found(_project, db, commune_id, number)


def find_project_to_write(db: Session, commune_id: int, number: str) -> Project:
    """The same where the act begins at once: its commune's row is held as ``services.ledger.lock`` holds it."""
    return _found(_project_to_write, db, commune_id, number)


def _found(asked: Whole[Project], db: Session, commune_id: int, number: str) -> Project:
    found = asked.together(db, commune=commune_id, number=number)
    if found is None:
        raise NotFound
    project, proposal = found
    set_committed_value(project, "proposal", proposal)
    return cast("Project", project)


def find_line(db: Session, commune_id: int, line_id: int) -> FundingLine:
    """A funding line in this commune, with its project; NotFound else."""
    found = db.scalar(
        select(FundingLine)
        .where(FundingLine.id == line_id, FundingLine.commune_id == commune_id)
        .options(joinedload(FundingLine.project))
    )
    if found is None:
        raise NotFound
    return found


def find_pledge(db: Session, commune_id: int, pledge_id: int) -> Pledge:
    """A pledge in this commune, with its project; NotFound else."""
    found = db.scalar(
        select(Pledge)
        .where(Pledge.id == pledge_id, Pledge.commune_id == commune_id)
        .options(joinedload(Pledge.project))
    )
    if found is None:
        raise NotFound
    return found


Flows = dict[int, dict[Purse, dict[Op, Flow]]]


_flows = Ready(
    lambda: (
        select(
            EntrySum.project_id,
            EntrySum.line_id,
            EntrySum.pledge_id,
            EntrySum.unit,
            EntrySum.op,
            EntrySum.amount_minor,
            EntrySum.dirhams_minor,
        )
        .where(EntrySum.project_id.in_(bindparam("ids", expanding=True)))
        .order_by(EntrySum.project_id, EntrySum.line_id, EntrySum.pledge_id, EntrySum.unit, EntrySum.op)
    )
)


def flows(db: Session, project_ids: Iterable[int]) -> Flows:
    """Net sums by project, purse and operation, in one statement."""
    sums: Flows = defaultdict(lambda: defaultdict(dict))
    for project_id, line_id, pledge_id, unit, op, amount, dirhams in _flows.rows(db, ids=list(project_ids)):
        sums[project_id][Purse(project_id, line_id or None, pledge_id or None, unit)][op] = Flow(amount, dirhams)
    return sums


@cache
def carried() -> ScalarSelect[int]:
    """Number of the adopted version with the highest number: the one the projects of a round come from."""
    adopted = aliased(PlanVersion)
    return (
        select(func.max(adopted.id))
        .join(CouncilAct, CouncilAct.version_id == adopted.id)
        .where(adopted.round_id == Project.round_id, CouncilAct.kind == ActKind.ADOPT)
        .correlate(Project)
        .scalar_subquery()
    )


def by_the_plan(*columns: Any) -> Any:
    """A select over what the adopted plan takes for the works of projects, by project and source."""
    return (
        select(*columns)
        .select_from(Project)
        .join(PlanLine, PlanLine.proposal_id == Project.proposal_id)
        .join(PlanVersion, PlanVersion.id == PlanLine.version_id)
        .join(YearAmount, YearAmount.line_id == PlanLine.id)
        .where(PlanVersion.id == carried(), YearAmount.is_running.is_(False))
        .group_by(Project.id, YearAmount.source)
    )


_planned = Ready(
    lambda: by_the_plan(Project.id, YearAmount.source, func.sum(YearAmount.amount_minor)).where(
        Project.id.in_(bindparam("ids", expanding=True))
    )
)


def planned(db: Session, project_ids: Iterable[int]) -> dict[int, dict[Source, int]]:
    """What the adopted plan takes from each source for the works of each project, in centimes."""
    found: dict[int, dict[Source, int]] = defaultdict(dict)
    for project_id, source, amount in _planned.rows(db, ids=list(project_ids)):
        found[project_id][source] = int(amount)
    return found


def money_sheets(db: Session, projects: Iterable[tuple[int, Money]], day: date) -> dict[int, MoneySheet]:
    """The money of several projects (number, cost) on a day, in four statements."""
    costs = dict(projects)
    return _sheets(db, costs, day, flows(db, costs))


_lines = Ready(
    lambda: select(FundingLine.id, FundingLine.source, FundingLine.party).where(
        FundingLine.project_id.in_(bindparam("ids", expanding=True))
    )
)
_expired = Ready(
    lambda: select(Pledge.id).where(
        Pledge.project_id.in_(bindparam("ids", expanding=True)), Pledge.until < bindparam("day")
    )
)


def _sheets(db: Session, costs: Mapping[int, Money], day: date, sums: Flows) -> dict[int, MoneySheet]:
    ids = list(costs)
    plans = planned(db, ids)
    places = {line_id: (source, party) for line_id, source, party in _lines.rows(db, ids=ids)}
    has_promises = any(purse.pledge is not None for own in sums.values() for purse in own)
    expired = {row.id for row in _expired.rows(db, ids=ids, day=day)} if has_promises else set()
    return {
        project_id: sheet(cost, plans.get(project_id, {}), sums.get(project_id, {}), places=places, expired=expired)
        for project_id, cost in costs.items()
    }


def money_sheet(db: Session, project: Project, day: date) -> MoneySheet:
    """The money of one project on a day."""
    return money_sheets(db, [(project.id, Money(project.cost_minor))], day)[project.id]


def sheet_of(db: Session, project: Project, day: date, sums: Mapping[Purse, dict[Op, Flow]]) -> MoneySheet:
    """The same from its flows, where they are at hand."""
    return _sheets(db, {project.id: Money(project.cost_minor)}, day, {project.id: dict(sums)})[project.id]


@dataclass(frozen=True)
class BookRow:
    """A line of the books as the treasurer reads it."""

    id: int
    sequence: int
    op: Op
    number: str
    title: Words
    source: Source | None
    party: str
    unit: str
    amount_minor: int
    effective_on: date
    evidence: str
    reverses: int | None
    is_reversed: bool


def books(db: Session, commune_id: int, *, number: int = 1, size: int = SIZE) -> Page[BookRow]:
    """The books of a commune, the newest entry first."""
    taken_back = aliased(LedgerEntry)
    rows = db.execute(
        select(LedgerEntry, Project.number, Proposal.title, FundingLine.source, FundingLine.party, taken_back.id)
        .outerjoin(Project, Project.id == LedgerEntry.project_id)
        .outerjoin(Proposal, Proposal.id == Project.proposal_id)
        .outerjoin(FundingLine, FundingLine.id == LedgerEntry.line_id)
        .outerjoin(
            taken_back,
            (taken_back.commune_id == LedgerEntry.commune_id) & (taken_back.reverses == LedgerEntry.sequence),
        )
        .where(LedgerEntry.commune_id == commune_id)
        .order_by(LedgerEntry.sequence.desc())
        .limit(size + 1)
        .offset(size * (number - 1))
    ).all()
    found = [
        BookRow(
            id=e.id,
            sequence=e.sequence,
            op=e.op,
            number=project or "",
            title=title or Words(),
            source=source,
            party=party or "",
            unit=e.unit,
            amount_minor=e.amount_minor,
            effective_on=e.effective_on,
            evidence=e.evidence or "",
            reverses=e.reverses,
            is_reversed=back is not None,
        )
        for e, project, title, source, party, back in rows
    ]
    return Page(found[:size], number, more=len(found) > size)


def lines_of(db: Session, project_id: int) -> list[FundingLine]:
    """The funding lines of a project."""
    return list(db.scalars(select(FundingLine).where(FundingLine.project_id == project_id).order_by(FundingLine.id)))


def agreements_of(db: Session, project_id: int) -> list[tuple[Agreement, FundingLine, int]]:
    """The signed agreements of a project with their lines, by day, each with its centimes as last amended."""
    amended = (
        select(AgreementVersion.amount_minor)
        .where(AgreementVersion.agreement_id == Agreement.id)
        .order_by(AgreementVersion.version.desc())
        .limit(1)
        .correlate(Agreement)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Agreement, FundingLine, func.coalesce(amended, Agreement.amount_minor))
        .join(FundingLine, FundingLine.id == Agreement.line_id)
        .where(FundingLine.project_id == project_id)
        .order_by(Agreement.signed_on, Agreement.id)
    )
    return [(agreement, line, amount) for agreement, line, amount in rows]


def projects_to_fund(db: Session, commune_id: int) -> list[Project]:
    """The projects of a commune that are not dropped, with their proposals, by number."""
    return list(
        db.scalars(
            select(Project)
            .where(Project.commune_id == commune_id, Project.state != ProjectState.DROPPED)
            .options(joinedload(Project.proposal))
            .order_by(Project.number)
        )
    )


def is_evidence_shown(db: Session, actor: Actor, commune_id: int, sha256: str) -> bool:
    """Whether a file is a paper of the books (agreement, receipt) and who looks is of the office that keeps them."""
    if not actor.holds(commune_id, Role.TREASURER, Role.OFFICER, Role.PRESIDENT):
        return False
    wanted = select(StoredFile.id).where(StoredFile.commune_id == commune_id, StoredFile.sha256 == sha256)
    papers = select(Agreement.id).where(Agreement.commune_id == commune_id, Agreement.file_id.in_(wanted))
    entries = select(LedgerEntry.id).where(
        LedgerEntry.commune_id == commune_id, LedgerEntry.evidence_file_id.in_(wanted)
    )
    batches = select(PromiseBatch.id).where(PromiseBatch.commune_id == commune_id, PromiseBatch.file_id.in_(wanted))
    return db.scalar(papers.union(entries, batches).limit(1)) is not None

"""A member's desk: which proposals, how far each sheet is, what one is shut out of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.models import GroupMember, Mandate
from cdp.people.states import Role
from cdp.priorities.models import Interest, Mark, MarkSheet
from cdp.priorities.policy import PanelCase
from cdp.priorities.rules.sheets import Progress, SheetDraft
from cdp.priorities.states import InterestKind
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds import queries as rounds
from cdp.teams.models import Membership


class SheetState(StrEnum):
    """How far a member's sheet is."""

    TO_MARK = "to_mark"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    SHUT_OUT = "shut_out"


@dataclass(frozen=True)
class SheetRow:
    """A proposal on a member's desk; ``marked`` counts the criteria that have a mark."""

    id: int
    number: str
    title: Words
    sector: str
    state: SheetState
    marked: int
    interest: InterestKind | None


@dataclass(frozen=True)
class Desk:
    """All admissible proposals before one member, by number."""

    rows: tuple[SheetRow, ...]

    def count(self, state: SheetState) -> int:
        """How many sheets are that far."""
        return sum(row.state == state for row in self.rows)

    @property
    def due(self) -> int:
        """Sheets this member has to hand in, those handed in included."""
        return len(self.rows) - self.count(SheetState.SHUT_OUT)

    @property
    def next(self) -> SheetRow | None:
        """The first sheet that is not handed in; one that was begun before one that was not."""
        return next_sheet(self.rows)


def next_sheet(rows: Collection[SheetRow], after: str = "") -> SheetRow | None:
    """The next sheet to hand in: the first after a number, then from the start, drafts first without one."""
    open_rows = [row for row in rows if row.state in (SheetState.TO_MARK, SheetState.DRAFT)]
    if not after:
        open_rows.sort(key=lambda row: (row.state is not SheetState.DRAFT, row.number))
        return next(iter(open_rows), None)
    later = (row for row in open_rows if row.number > after)
    return next(later, None) or next((row for row in open_rows if row.number != after), None)


def desk(db: Session, round_id: int, member_id: int, day: date) -> Desk:
    """What lies before a member (five statements, however many proposals)."""
    proposals = db.execute(
        select(Proposal.id, Proposal.number, Proposal.title, Proposal.sector)
        .where(Proposal.round_id == round_id, Proposal.state == ProposalState.ADMITTED)
        .order_by(Proposal.number)
    ).all()
    shut = shut_out(db, round_id, day, members=[member_id])
    sheets = {
        proposal_id: (handed_in_at, marked)
        for proposal_id, handed_in_at, marked in db.execute(
            select(MarkSheet.proposal_id, MarkSheet.handed_in_at, func.count(Mark.id))
            .outerjoin(Mark, Mark.sheet_id == MarkSheet.id)
            .where(MarkSheet.round_id == round_id, MarkSheet.member_id == member_id)
            .group_by(MarkSheet.id)
        )
    }
    rows = []
    for proposal_id, number, title, sector in proposals:
        handed_in_at, marked = sheets.get(proposal_id, (None, 0))
        interest = shut.get((proposal_id, member_id))
        state = _state(interest, handed_in_at, is_begun=proposal_id in sheets)
        rows.append(SheetRow(proposal_id, number or "", title, sector, state, marked, interest))
    return Desk(tuple(rows))


def _state(interest: InterestKind | None, handed_in_at: datetime | None, *, is_begun: bool) -> SheetState:
    if interest is not None:
        return SheetState.SHUT_OUT
    if handed_in_at is not None:
        return SheetState.HANDED_IN
    return SheetState.DRAFT if is_begun else SheetState.TO_MARK


def members(db: Session, commune_id: int, day: date) -> frozenset[int]:
    """Persons who hold a mandate of panel member on a day."""
    return frozenset(
        db.scalars(
            select(Mandate.person_id).where(
                Mandate.commune_id == commune_id,
                Mandate.role == Role.PANEL,
                Mandate.since <= day,
                or_(Mandate.until.is_(None), Mandate.until >= day),
            )
        )
    )


def shut_out(
    db: Session, round_id: int, day: date, *, members: Collection[int], proposal_id: int | None = None
) -> dict[tuple[int, int], InterestKind]:
    """(proposal, member) -> why that member does not mark it: declared, or known without asking.

    Known: who asks, who belongs that day to the group that asks, who is that day a member of its team. Three
    statements, four at most; with ``proposal_id`` for one proposal alone.
    """
    of_round = Proposal.round_id == round_id if proposal_id is None else Proposal.id == proposal_id
    found: dict[tuple[int, int], InterestKind] = {}
    teams = (
        select(Membership.proposal_id, Membership.person_id)
        .join(Proposal, Proposal.id == Membership.proposal_id)
        .where(
            of_round,
            Membership.person_id.in_(members),
            Membership.since <= day,
            Membership.until >= day,
            or_(Membership.ended_on.is_(None), Membership.ended_on >= day),
        )
    )
    groups = (
        select(Proposal.id, GroupMember.person_id)
        .join(GroupMember, GroupMember.group_id == Proposal.group_id)
        .where(
            of_round,
            GroupMember.person_id.in_(members),
            GroupMember.since <= day,
            or_(GroupMember.until.is_(None), GroupMember.until >= day),
        )
    )
    authors = select(Proposal.id, Proposal.author_id).where(
        of_round,
        Proposal.author_id.in_(members),
        or_(Proposal.entered_by_id.is_(None), Proposal.entered_by_id != Proposal.author_id),
    )
    for statement, kind in (
        (teams, InterestKind.MEMBER),
        (groups, InterestKind.MEMBER),
        (authors, InterestKind.AUTHOR),
    ):
        found |= dict.fromkeys(((proposal, member) for proposal, member in db.execute(statement)), kind)
    declared = (
        select(Interest.proposal_id, Interest.member_id, Interest.kind)
        .join(Proposal, Proposal.id == Interest.proposal_id)
        .where(of_round, Interest.member_id.in_(members))
    )
    return found | {(proposal, member): kind for proposal, member, kind in db.execute(declared)}


def case_of(db: Session, proposal: Proposal, member_id: int | None) -> PanelCase:
    """A proposal before one person today, with what shuts them out of it."""
    card = rounds.card_of(db, proposal.commune_id, proposal.round_id)
    day = today()
    known = () if member_id is None else (member_id,)
    shut = shut_out(db, proposal.round_id, day, members=known, proposal_id=proposal.id)
    return PanelCase(proposal, card, day, shut.get((proposal.id, member_id or 0)))


def progress(db: Session, proposal: Proposal, day: date) -> Progress:
    """Of whom marks are expected for a proposal on a day, and who has handed in."""
    panel = members(db, proposal.commune_id, day)
    shut = {member for _, member in shut_out(db, proposal.round_id, day, members=panel, proposal_id=proposal.id)}
    handed_in = db.scalars(
        select(MarkSheet.member_id).where(
            MarkSheet.proposal_id == proposal.id, MarkSheet.handed_in_at.is_not(None), MarkSheet.member_id.not_in(shut)
        )
    )
    return Progress(expected=panel - shut, handed_in=frozenset(handed_in))


@dataclass(frozen=True)
class OwnSheet:
    """A member's own sheet as it stands; nobody else is ever given one."""

    draft: SheetDraft
    handed_in_at: datetime | None


def own_sheet(db: Session, proposal_id: int, member_id: int) -> OwnSheet:
    """The sheet of a member for a proposal; an empty one before it was begun (two statements)."""
    sheet = db.execute(
        select(MarkSheet.id, MarkSheet.reason, MarkSheet.reason_language, MarkSheet.handed_in_at).where(
            MarkSheet.proposal_id == proposal_id, MarkSheet.member_id == member_id
        )
    ).first()
    if sheet is None:
        return OwnSheet(SheetDraft({}), None)
    marks = {key: value for key, value in _marks(db, sheet.id)}  # noqa: C416
    return OwnSheet(SheetDraft(marks, sheet.reason, sheet.reason_language), sheet.handed_in_at)


def _marks(db: Session, sheet_id: int) -> list[tuple[str, int]]:
    rows = db.execute(select(Mark.criterion, Mark.value).where(Mark.sheet_id == sheet_id))
    return [(key, value) for key, value in rows]

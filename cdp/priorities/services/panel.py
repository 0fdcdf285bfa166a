"""The panel: declare an interest, mark, hand in, take back. Marks of others are never read here."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.priorities import queries
from cdp.priorities.models import Interest, Mark, MarkSheet
from cdp.priorities.policy import POLICY, PanelCase
from cdp.priorities.rules.sheets import SheetDraft, are_open, draft_problem, sheet_problem
from cdp.priorities.states import InterestKind, PanelStep
from cdp.proposals.models import Proposal
from cdp.rounds.models import Round
from cdp.rounds.services import freeze
from cdp.store.audit import record


def declare(db: Session, actor: Actor, proposal: Proposal, kind: InterestKind) -> Interest:
    """Declare an interest: from now on this member neither marks the proposal nor counts there.

    A sheet that was begun is taken out with its marks. Declared once, it stays; the same again changes nothing.
    """
    _entered(db, actor, proposal, PanelStep.DECLARE)
    actor = actor.under_mandate(proposal.commune_id, Role.PANEL)
    mine = (Interest.proposal_id == proposal.id, Interest.member_id == actor.known())
    if declared := db.scalar(select(Interest).where(*mine)):
        return declared
    sheet = _sheet(db, proposal, actor)
    if sheet is not None:
        db.execute(delete(Mark).where(Mark.sheet_id == sheet.id))
        db.delete(sheet)
    made = Interest(
        commune_id=proposal.commune_id,
        proposal_id=proposal.id,
        member_id=actor.known(),
        kind=kind,
        declared_at=now(),
    )
    db.add(made)
    db.flush()
    record(db, actor, "priorities.declare", proposal, kind=kind.value)
    return made


def mark(db: Session, actor: Actor, proposal: Proposal, draft: SheetDraft) -> MarkSheet:
    """Keep a sheet as a draft; marks may still lack. RuleBroken("priorities.sheet_handed_in") after handing in."""
    case = _entered(db, actor, proposal, PanelStep.MARK)
    actor = actor.under_mandate(proposal.commune_id, Role.PANEL)
    if problem := draft_problem(draft, _criteria(case)):
        raise RuleBroken(problem)
    sheet = _sheet(db, proposal, actor)
    if sheet is not None and sheet.handed_in_at is not None:
        raise RuleBroken("priorities.sheet_handed_in")
    return _keep(db, actor, case, draft)


def hand_in(db: Session, actor: Actor, proposal: Proposal, draft: SheetDraft) -> MarkSheet:
    """Keep and hand in a sheet; nobody else reads it before all are in. Handing in twice counts once.

    RuleBroken with what it lacks, "priorities.sheet_handed_in" when another one was handed in before.
    """
    case = _entered(db, actor, proposal, PanelStep.HAND_IN)
    actor = actor.under_mandate(proposal.commune_id, Role.PANEL)
    if problem := sheet_problem(draft, _criteria(case)):
        raise RuleBroken(problem)
    before = _sheet(db, proposal, actor)
    if before is not None and before.handed_in_at is not None:
        if queries.own_sheet(db, proposal.id, actor.known()).draft == _tidy(draft):
            return before
        raise RuleBroken("priorities.sheet_handed_in")
    sheet = _keep(db, actor, case, draft)
    sheet.handed_in_at = now()
    record(db, actor, "priorities.hand_in", proposal)
    db.flush()
    return sheet


def take_back(db: Session, actor: Actor, proposal: Proposal) -> None:
    """Make a handed-in sheet a draft again, as long as the marks of the proposal are not open.

    RuleBroken("priorities.marks_are_open"): who has read the others' marks no longer changes their own.
    """
    _entered(db, actor, proposal, PanelStep.TAKE_BACK)
    actor = actor.under_mandate(proposal.commune_id, Role.PANEL)
    sheet = _sheet(db, proposal, actor)
    if sheet is None or sheet.handed_in_at is None:
        return
    if are_open(queries.progress(db, proposal, today())):
        raise RuleBroken("priorities.marks_are_open")
    sheet.handed_in_at = None
    record(db, actor, "priorities.take_back", proposal)
    db.flush()


def _entered(db: Session, actor: Actor, proposal: Proposal, step: PanelStep) -> PanelCase:
    """The case of this act, its proposal held; Refused with the reason that concerns this person most."""
    db.flush()
    db.execute(select(Proposal.id).where(Proposal.id == proposal.id).with_for_update())
    db.refresh(proposal, ["state", "group_id", "author_id"])
    case = queries.case_of(db, proposal, actor.person_id)
    if actor.holds(proposal.commune_id, Role.PANEL) and case.interest and step is not PanelStep.DECLARE:
        raise Refused("priorities.shut_out", kind=case.interest)
    authorize(POLICY, step, actor, case)
    return case


def _criteria(case: PanelCase) -> list[str]:
    return [criterion.key for criterion in case.card.charter.criteria]


def _tidy(draft: SheetDraft) -> SheetDraft:
    return SheetDraft(dict(draft.marks), draft.reason.strip(), draft.language)


def _sheet(db: Session, proposal: Proposal, actor: Actor) -> MarkSheet | None:
    return db.scalar(
        select(MarkSheet).where(MarkSheet.proposal_id == proposal.id, MarkSheet.member_id == actor.known())
    )


def _keep(db: Session, actor: Actor, case: PanelCase, draft: SheetDraft) -> MarkSheet:
    """The member's sheet with these marks and no others; the first of a round freezes its charter."""
    proposal, tidy = case.proposal, _tidy(draft)
    sheet = _sheet(db, proposal, actor)
    if sheet is not None and queries.own_sheet(db, proposal.id, actor.known()).draft == tidy:
        return sheet
    if sheet is None:
        sheet = MarkSheet(
            commune_id=proposal.commune_id,
            round_id=proposal.round_id,
            proposal_id=proposal.id,
            member_id=actor.known(),
        )
        db.add(sheet)
    sheet.charter_version = case.card.charter_version
    sheet.reason, sheet.reason_language = tidy.reason, tidy.language
    db.flush()
    db.execute(delete(Mark).where(Mark.sheet_id == sheet.id))
    db.add_all(
        Mark(commune_id=proposal.commune_id, sheet_id=sheet.id, criterion=key, value=value)
        for key, value in tidy.marks.items()
    )
    freeze(db, actor, db.get_one(Round, proposal.round_id))
    record(db, actor, "priorities.mark", proposal, marked=len(tidy.marks))
    db.flush()
    return sheet

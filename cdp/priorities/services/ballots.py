"""A ballot is set up by the office: its rules, its projects, what is pinned or left out; then opened, and frozen."""

import secrets
from collections import Counter
from dataclasses import fields
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot, BallotKey, BallotProject
from cdp.priorities.policy import BALLOT_POLICY, MEETING, BallotCase
from cdp.priorities.queries import ballots as queries
from cdp.priorities.rules.ballots import BallotDraft, draft_problems
from cdp.priorities.rules.bonds import bonds, plain, standing_problem, within
from cdp.priorities.rules.duels import LONGEST_LIST, too_long_or_short
from cdp.priorities.states import BALLOT_LIFE, BallotKind, BallotState, BallotStep
from cdp.proposals.models import Proposal, ProposalPlace
from cdp.proposals.policy import OFFICE
from cdp.proposals.states import ProposalState
from cdp.review.models import CostEstimate
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record

LONGEST_REASON = 4000
NAMES = tuple(each.name for each in fields(BallotDraft))
STANDINGS = ("offered", "pinned", "excluded")


def prepare(db: Session, actor: Actor, card: RoundCard, draft: BallotDraft, *, key: str) -> Ballot:
    """Begin a ballot for a round, with the admissible proposals that have a cost; RuleBroken with what lacks.

    The same key again leads to the first ballot; with other rules it is a Conflict("errors.sent_before").
    """
    case = BallotCase(card.commune_id, BallotState.DRAFT, draft.opens_on, draft.closes_on, card, today())
    authorize(BALLOT_POLICY, BallotStep.EDIT, actor, case)
    actor = actor.under_mandate(card.commune_id, *OFFICE)
    if problems := draft_problems(draft):
        raise RuleBroken(problems[0])
    same = db.scalar(select(Ballot).where(Ballot.idempotency_key == key, Ballot.commune_id == card.commune_id))
    if same is not None:
        if queries.draft_of(same) != draft:
            raise Conflict("errors.sent_before")
        return same
    ballot = Ballot(
        commune_id=card.commune_id,
        round_id=card.id,
        idempotency_key=key,
        made_by_id=actor.known(),
        made_at=now(),
        **_columns(draft),
    )
    db.add(ballot)
    db.flush()
    _take_projects(db, ballot)
    record(db, actor, "priorities.prepare_ballot", ballot, kind=draft.kind.value, rule=draft.rule.value)
    return ballot


def _columns(draft: BallotDraft) -> dict[str, Any]:
    plain = {name: getattr(draft, name) for name in NAMES}
    budget = plain.pop("budget")
    return plain | {
        "budget_minor": budget.minor,
        "ceilings": queries.plain_ceilings(draft),
        "admits": sorted(one.value for one in draft.admits),
    }


def change(db: Session, actor: Actor, ballot: Ballot, draft: BallotDraft) -> None:
    """Set the rules anew, as long as the ballot is not open; each change is a new version, written down."""
    actor = enter(db, actor, ballot, BallotStep.EDIT)
    if problems := draft_problems(draft):
        raise RuleBroken(problems[0])
    before = queries.draft_of(ballot)
    if before == draft:
        return
    for name, value in _columns(draft).items():
        setattr(ballot, name, value)
    ballot.version += 1
    db.flush()
    changed = sorted(name for name in NAMES if getattr(before, name) != getattr(draft, name))
    record(db, actor, "priorities.change_ballot", ballot, version=ballot.version, changed=changed)


def take_projects(db: Session, actor: Actor, ballot: Ballot) -> int:
    """Bring the list of projects up to what is admissible and costed today; gives how many there are."""
    enter(db, actor, ballot, BallotStep.EDIT)
    return _take_projects(db, ballot)


def decide(
    db: Session, actor: Actor, ballot: Ballot, number: str, *, standing: str, reason: str = "", language: str = "fr"
) -> None:
    """Pin a project (taken first) or leave it out (cannot be voted for), with the reason; or offer it again."""
    actor = enter(db, actor, ballot, BallotStep.EDIT)
    project = (BallotProject.ballot_id == ballot.id, BallotProject.number == number)
    if standing not in STANDINGS or db.scalar(select(BallotProject.id).where(*project)) is None:
        raise NotFound
    written = reason.strip()
    if standing != "offered" and not written:
        raise RuleBroken("priorities.reason_needed")
    if len(written) > LONGEST_REASON:
        raise RuleBroken("priorities.reason_too_long", longest=LONGEST_REASON)
    said = ("", "") if standing == "offered" else (written, language)
    values = {"standing": standing, "reason": said[0], "reason_language": said[1]}
    db.execute(update(BallotProject).where(*project).values(**values))
    ballot.version += 1
    db.flush()
    record(db, actor, "priorities.decide_project", ballot, project=number, standing=standing)


def open_ballot(db: Session, actor: Actor, ballot: Ballot) -> None:
    """Freeze the rules and the list of projects, and make the key of the codes; votes are taken from the first day.

    RuleBroken: "priorities.ballot_no_projects", "priorities.ballot_pairs_short", and what keeps the decisions from
    standing together ("priorities.pinned_…"). From here on the database itself refuses any change of the rules.
    """
    actor = enter(db, actor, ballot, BallotStep.OPEN)
    _take_projects(db, ballot)
    card = queries.card_of(db, ballot)
    _check_opening(card)
    key_of(db, ballot)
    db.execute(update(BallotProject).where(BallotProject.ballot_id == ballot.id).values(frozen_at=now()))
    ballot.opened_at, ballot.opened_by_id = now(), actor.known()
    db.flush()
    record(db, actor, "priorities.open_ballot", ballot, version=ballot.version, projects=len(card.sheet.offers))


def _check_opening(card: queries.BallotCard) -> None:
    """What voters can choose among is there, and what was decided beforehand can stand together."""
    sheet = card.sheet
    if not sheet.offered:
        raise RuleBroken("priorities.ballot_no_projects")
    if sheet.kind is BallotKind.PAIRS and too_long_or_short(len(sheet.offered)):
        raise RuleBroken("priorities.ballot_pairs_short", most=LONGEST_LIST)
    amounts = [(limit.projects_among(sheet.offers), limit.amount) for limit in card.draft.ceilings]
    if problem := standing_problem(sheet.offers, sheet.bonds, budget=sheet.budget, ceilings=amounts):
        raise RuleBroken(problem)


def key_of(db: Session, ballot: Ballot) -> str:
    """The ballot's own key, made with the first code or at the opening; gone after the close."""
    kept = db.scalar(select(BallotKey.key).where(BallotKey.ballot_id == ballot.id))
    if kept is None:
        kept = secrets.token_hex(32)
        db.add(BallotKey(commune_id=ballot.commune_id, ballot_id=ballot.id, key=kept))
        db.flush()
    return kept


def enter(db: Session, actor: Actor, ballot: Ballot, step: BallotStep) -> Actor:
    """Who acts, under their mandate, once policy and state allow the step; the ballot's row is held."""
    db.flush()
    db.execute(select(Ballot.id).where(Ballot.id == ballot.id).with_for_update())
    db.refresh(ballot)
    card = queries.card_of(db, ballot)
    round_card = rounds.card(db, db.get_one(Round, ballot.round_id))
    authorize(BALLOT_POLICY, step, actor, queries.case_of(card, round_card))
    BALLOT_LIFE.next(card.state, step)
    return actor if actor.person_id is None else actor.under_mandate(ballot.commune_id, *MEETING)


def _take_projects(db: Session, ballot: Ballot) -> int:
    """Write the list anew from the admissible proposals with a cost; decisions and bonds about them are kept."""
    columns = (BallotProject.standing, BallotProject.reason, BallotProject.reason_language)
    of_ballot = BallotProject.ballot_id == ballot.id
    decided = {
        number: said for number, *said in db.execute(select(BallotProject.proposal_id, *columns).where(of_ballot))
    }
    db.execute(delete(BallotProject).where(of_ballot))
    places = _territories(db, ballot.round_id)
    rows = []
    for place, row in enumerate(db.execute(_admissible(ballot.round_id)), 1):
        standing, reason, language = decided.get(row.id, ("offered", "", ""))
        rows.append(
            {
                "commune_id": ballot.commune_id,
                "ballot_id": ballot.id,
                "proposal_id": row.id,
                "place": place,
                "number": row.number,
                "title": row.title,
                "cost_minor": row.total_minor,
                "territory": places.get(row.id, ""),
                "sector": row.sector,
                "proposer": row.proposer_kind.value,
                "standing": standing,
                "reason": reason,
                "reason_language": language,
            }
        )
    if rows:
        db.execute(insert(BallotProject), rows)
    left = plain(within(bonds(ballot.bonds), {str(row["number"]) for row in rows}))
    if left != (ballot.bonds or {}):
        ballot.bonds = left
    return len(rows)


def _admissible(round_id: int) -> Any:
    newest = (
        select(CostEstimate.proposal_id, func.max(CostEstimate.version).label("version"))
        .group_by(CostEstimate.proposal_id)
        .subquery()
    )
    columns = (Proposal.id, Proposal.number, Proposal.title, Proposal.sector, Proposal.proposer_kind)
    return (
        select(*columns, CostEstimate.total_minor)
        .join(newest, newest.c.proposal_id == Proposal.id)
        .join(
            CostEstimate,
            (CostEstimate.proposal_id == Proposal.id) & (CostEstimate.version == newest.c.version),
        )
        .where(Proposal.round_id == round_id, Proposal.state == ProposalState.ADMITTED, CostEstimate.total_minor > 0)
        .order_by(Proposal.number)
    )


def _territories(db: Session, round_id: int) -> dict[int, str]:
    """Of each proposal the code of its douar; none for several douars or the whole commune."""
    rows = db.execute(
        select(ProposalPlace.proposal_id, Locality.code)
        .join(Locality, Locality.id == ProposalPlace.locality_id)
        .join(Proposal, Proposal.id == ProposalPlace.proposal_id)
        .where(Proposal.round_id == round_id)
    ).all()
    often = Counter(number for number, _ in rows)
    return {number: code for number, code in rows if often[number] == 1}

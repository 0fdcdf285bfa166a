"""Counts in every stage, as the rules of rounds want them: values, each gathered in one statement."""

from dataclasses import fields
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from cdp.priorities.models import Mark, MarkSheet
from cdp.programme.models import CouncilAct, PlanVersion
from cdp.programme.states import ActKind
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.models import Finding
from cdp.rounds.rules.freezing import CharterFacts
from cdp.rounds.rules.obstacles import PhaseFacts


def charter_facts(db: Session, round_id: int) -> CharterFacts:
    """Whether anything was done by the charter of a round: 1 for each kind of thing there is, else 0."""
    of_round = select(Proposal.id).where(Proposal.round_id == round_id)
    asked: dict[str, Select[Any]] = {
        "submissions": of_round.where(Proposal.submitted_at.is_not(None)),
        "findings": select(Finding.id).where(Finding.proposal_id.in_(of_round)),
        "marks": select(Mark.id).join(MarkSheet, MarkSheet.id == Mark.sheet_id).where(MarkSheet.round_id == round_id),
        "submitted_versions": select(PlanVersion.id).where(
            PlanVersion.round_id == round_id, PlanVersion.frozen_at.is_not(None)
        ),
    }
    row = db.execute(select(*(_count(each.limit(1)).label(name) for name, each in asked.items()))).one()
    return CharterFacts(**row._asdict())


def phase_facts(db: Session, round_id: int) -> PhaseFacts:
    """What lies open in a round, counted where it lies."""
    admitted = _in_state(round_id, ProposalState.ADMITTED)
    marked = select(MarkSheet.proposal_id).where(MarkSheet.round_id == round_id, MarkSheet.handed_in_at.is_not(None))
    asked = {
        "drafts": _in_state(round_id, ProposalState.DRAFT),
        "unconcluded": _in_state(round_id, ProposalState.SUBMITTED),
        "returned": _in_state(round_id, ProposalState.RETURNED),
        "open_sheets": select(MarkSheet.id).where(
            MarkSheet.round_id == round_id, MarkSheet.handed_in_at.is_(None), MarkSheet.proposal_id.in_(admitted)
        ),
        "admitted": admitted,
        "unmarked": admitted.where(Proposal.id.not_in(marked)),
        "submitted_versions": _versions(round_id, ActKind.SUBMIT),
        "adopted_versions": _versions(round_id, ActKind.ADOPT),
        "visaed_versions": _versions(round_id, ActKind.VISA),
    }
    assert asked.keys() == {field.name for field in fields(PhaseFacts)}
    row = db.execute(select(*(_count(each).label(name) for name, each in asked.items()))).one()
    return PhaseFacts(**row._asdict())


def _in_state(round_id: int, state: ProposalState) -> Select[Any]:
    return select(Proposal.id).where(Proposal.round_id == round_id, Proposal.state == state)


def _versions(round_id: int, act: ActKind) -> Select[Any]:
    of_round = select(PlanVersion.id).where(PlanVersion.round_id == round_id)
    return select(CouncilAct.version_id).where(CouncilAct.version_id.in_(of_round), CouncilAct.kind == act).distinct()


def _count(rows: Select[Any]) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()

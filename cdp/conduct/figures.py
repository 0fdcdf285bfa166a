"""The numbers of an office's desk: counts and first days of every stage, in one statement."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, false, func, select
from sqlalchemy.orm import Session

from cdp.conduct.ballot_figures import of_ballots
from cdp.delivery.models import Milestone
from cdp.people.models import DataRequest, Group
from cdp.people.states import GroupState
from cdp.programme.models import CouncilAct, PlanVersion, Project
from cdp.programme.states import ActKind, ProjectState
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.review.models import CostEstimate
from cdp.teams.models import Invitation, Membership

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Figures:
    """Counts, and the first of each kind; days are Moroccan, moments UTC."""

    submitted: int
    examined: int
    costed: int
    unconcluded: int
    oldest_submitted: datetime | None
    oldest_number: str | None
    overdue_returned: int
    overdue_since: date | None
    overdue_number: str | None
    groups_to_check: int
    first_group: int | None
    data_requests: int
    data_request_due: date | None
    memberships: int
    memberships_ending: int
    membership_end: date | None
    membership_project: str | None
    invitations_ending: int
    invitation_end: date | None
    invitation_project: str | None
    late_milestones: int
    milestone_due: date | None
    milestone_project: str | None
    submitted_versions: int
    adopted_on: date | None
    visaed_versions: int
    papers_differing: int
    paper_batch: int | None
    paper_ballot: int | None
    ballots_to_open: int
    ballot_to_open: int | None
    ballot_open_due: date | None
    ballots_to_close: int
    ballot_to_close: int | None
    ballot_close_due: date | None
    ballots_to_publish: int
    ballot_to_publish: int | None
    ballot_publish_due: date | None


def figures(db: Session, commune_id: int, round_id: int | None, day: date) -> Figures:
    """All numbers of a commune's desk on a day; those of the round are zero without one."""
    asked: dict[str, ScalarSelect[Any]] = {
        **_of_proposals(round_id, day),
        **_of_people(commune_id),
        **_of_teams(commune_id, day),
        **_of_works(commune_id, day),
        **_of_plan(round_id),
        **of_ballots(round_id, day),
    }
    columns = [asked[each.name].label(each.name) for each in fields(Figures)]
    return Figures(**db.execute(select(*columns)).one()._asdict())


def _of_proposals(round_id: int | None, day: date) -> dict[str, ScalarSelect[Any]]:
    of_round = Proposal.round_id == round_id if round_id else false()
    waiting = (of_round, Proposal.state == ProposalState.SUBMITTED)
    overdue = (of_round, Proposal.state == ProposalState.RETURNED, Proposal.correct_until < day)
    open_states = (ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED, ProposalState.WITHDRAWN)
    costed = select(CostEstimate.proposal_id).join(Proposal, Proposal.id == CostEstimate.proposal_id).where(of_round)
    return {
        "submitted": _count(select(Proposal.id).where(of_round, Proposal.submitted_at.is_not(None))),
        "examined": _count(select(Proposal.id).where(of_round, Proposal.state.not_in(open_states))),
        "costed": _count(costed.distinct()),
        "unconcluded": _count(select(Proposal.id).where(*waiting)),
        "oldest_submitted": _first(select(Proposal.submitted_at).where(*waiting), Proposal.submitted_at, Proposal.id),
        "oldest_number": _first(select(Proposal.number).where(*waiting), Proposal.submitted_at, Proposal.id),
        "overdue_returned": _count(select(Proposal.id).where(*overdue)),
        "overdue_since": _first(select(Proposal.correct_until).where(*overdue), Proposal.correct_until, Proposal.id),
        "overdue_number": _first(select(Proposal.number).where(*overdue), Proposal.correct_until, Proposal.id),
    }


def _of_people(commune_id: int) -> dict[str, ScalarSelect[Any]]:
    standing = (Group.commune_id == commune_id, Group.state == GroupState.STANDING)
    asked = (DataRequest.commune_id == commune_id, DataRequest.answered_at.is_(None))
    return {
        "groups_to_check": _count(select(Group.id).where(*standing)),
        "first_group": _first(select(Group.id).where(*standing), Group.entered_at, Group.id),
        "data_requests": _count(select(DataRequest.id).where(*asked)),
        "data_request_due": _first(select(DataRequest.due_on).where(*asked), DataRequest.due_on),
    }


def _of_teams(commune_id: int, day: date) -> dict[str, ScalarSelect[Any]]:
    holds = (
        Membership.commune_id == commune_id,
        Membership.since <= day,
        Membership.until >= day,
        Membership.ended_on.is_(None),
    )
    ends = (*holds, Membership.until <= day + WEEK)
    invited = (
        Invitation.commune_id == commune_id,
        Invitation.taken_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.until.between(day, day + WEEK),
    )
    of_member = select(Proposal.number).join(Membership, Membership.proposal_id == Proposal.id).where(*ends)
    of_invited = select(Proposal.number).join(Invitation, Invitation.proposal_id == Proposal.id).where(*invited)
    return {
        "memberships": _count(select(Membership.id).where(*holds)),
        "memberships_ending": _count(select(Membership.id).where(*ends)),
        "membership_end": _first(select(Membership.until).where(*ends), Membership.until, Membership.id),
        "membership_project": _first(of_member, Membership.until, Membership.id),
        "invitations_ending": _count(select(Invitation.id).where(*invited)),
        "invitation_end": _first(select(Invitation.until).where(*invited), Invitation.until, Invitation.id),
        "invitation_project": _first(of_invited, Invitation.until, Invitation.id),
    }


def _of_works(commune_id: int, day: date) -> dict[str, ScalarSelect[Any]]:
    late = (
        Milestone.commune_id == commune_id,
        Milestone.done_on.is_(None),
        func.coalesce(Milestone.expected_on, Milestone.planned_on) < day,
        Project.state != ProjectState.DROPPED,
    )
    due = func.coalesce(Milestone.expected_on, Milestone.planned_on)
    rows = select(due).join(Project, Project.id == Milestone.project_id).where(*late)
    numbers = (
        select(Proposal.number)
        .join(Project, Project.proposal_id == Proposal.id)
        .join(Milestone, Milestone.project_id == Project.id)
        .where(*late)
    )
    return {
        "late_milestones": _count(rows),
        "milestone_due": _first(rows, due, Milestone.id),
        "milestone_project": _first(numbers, due, Milestone.id),
    }


def _of_plan(round_id: int | None) -> dict[str, ScalarSelect[Any]]:
    of_round = PlanVersion.round_id == round_id if round_id else false()

    def acts(kind: ActKind) -> Select[Any]:
        return (
            select(CouncilAct.on)
            .join(PlanVersion, PlanVersion.id == CouncilAct.version_id)
            .where(of_round, CouncilAct.kind == kind)
        )

    return {
        "submitted_versions": _count(acts(ActKind.SUBMIT)),
        "adopted_on": _first(acts(ActKind.ADOPT), CouncilAct.on.desc()),
        "visaed_versions": _count(acts(ActKind.VISA)),
    }


def _count(rows: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _first(rows: Select[Any], *order: Any) -> ScalarSelect[Any]:
    return rows.order_by(*order).limit(1).scalar_subquery()

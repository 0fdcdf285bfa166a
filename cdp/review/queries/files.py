"""One file: what was found, what it costs, what was concluded, as the office and the public read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.actor import Capacity, read_capacity
from cdp.people.models import GroupMember, Person
from cdp.people.queries import said_name, shown_name
from cdp.proposals.models import Proposal
from cdp.proposals.policy import Case
from cdp.review.models import Conclusion, CostEstimate, Finding
from cdp.review.queries.costs import Estimate, last_estimate
from cdp.review.rules import Point, Standing, points_of
from cdp.review.states import Answer, Verdict
from cdp.rounds import queries as rounds
from cdp.rounds.models import Charter
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules.charter import CheckPoint
from cdp.rounds.states import Phase
from cdp.store.ready import Ready


@dataclass(frozen=True)
class FindingRow:
    """A point of the checklist with what was found, by whom (the name they show) and in which capacity."""

    point: str
    question: Words
    answer: Answer
    note: str
    by: str
    capacity: Capacity
    at: datetime


@dataclass(frozen=True)
class ConclusionRow:
    """A conclusion as anyone may read it; ``questions`` are the points to correct."""

    verdict: Verdict
    reason: str
    reason_language: str
    questions: tuple[Words, ...]
    correct_until: date | None
    into: str | None
    by: str
    capacity: Capacity
    at: datetime


@dataclass(frozen=True)
class PublicFile:
    """What the public reads of a review; the latest conclusion comes first."""

    findings: tuple[FindingRow, ...] = ()
    estimate: Estimate | None = None
    conclusions: tuple[ConclusionRow, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.findings or self.estimate or self.conclusions)


def public_file(db: Session, proposal_id: int, checklist: Sequence[CheckPoint] | None = None) -> PublicFile:
    """The public part of a file: three statements, one more when the round's checklist is not given."""
    if checklist is None:
        checklist = _checklist(db, proposal_id)
    return PublicFile(
        findings=tuple(_findings(db, proposal_id, checklist)),
        estimate=last_estimate(db, proposal_id),
        conclusions=tuple(_conclusions(db, proposal_id, checklist)),
    )


def _checklist(db: Session, proposal_id: int) -> Sequence[CheckPoint]:
    document = db.scalar(
        select(Charter.rules)
        .join(Proposal, Proposal.round_id == Charter.round_id)
        .where(Proposal.id == proposal_id)
        .order_by(Charter.version.desc())
        .limit(1)
    )
    return charters.read(document).checklist if document is not None else ()


_found = Ready(
    lambda: (
        select(
            Finding.point,
            Finding.answer,
            Finding.note,
            Finding.capacity,
            Finding.found_at,
            said_name(),
            Person.shown_as,
        )
        .join(Person, Person.id == Finding.found_by_id)
        .where(Finding.proposal_id == bindparam("proposal_id"))
    )
)


def _findings(db: Session, proposal_id: int, checklist: Sequence[CheckPoint]) -> list[FindingRow]:
    """The findings in the order of the checklist; a point that the charter no longer has comes last, by its key."""
    rows = _found.rows(db, proposal_id=proposal_id)
    order = {point.key: position for position, point in enumerate(checklist)}
    asked = {point.key: point.question for point in checklist}
    found = [
        FindingRow(
            point=row.point,
            question=asked.get(row.point, Words()),
            answer=row.answer,
            note=row.note,
            by=shown_name(row.name, row.shown_as),
            capacity=read_capacity(row.capacity),
            at=row.found_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (order.get(each.point, len(order)), each.point))


def _conclusions_statement() -> Select[Any]:
    into = aliased(Proposal)
    return (
        select(
            Conclusion.verdict,
            Conclusion.reason,
            Conclusion.reason_language,
            Conclusion.points,
            Conclusion.correct_until,
            Conclusion.capacity,
            Conclusion.concluded_at,
            into.number,
            said_name(),
            Person.shown_as,
        )
        .join(Person, Person.id == Conclusion.concluded_by_id)
        .outerjoin(into, into.id == Conclusion.merged_into_id)
        .where(Conclusion.proposal_id == bindparam("proposal_id"))
        .order_by(Conclusion.id.desc())
    )


_concluded = Ready(_conclusions_statement)


def _conclusions(db: Session, proposal_id: int, checklist: Sequence[CheckPoint]) -> list[ConclusionRow]:
    rows = _concluded.rows(db, proposal_id=proposal_id)
    asked = {point.key: point.question for point in checklist}
    return [
        ConclusionRow(
            verdict=row.verdict,
            reason=row.reason,
            reason_language=row.reason_language,
            questions=tuple(asked[key] for key in row.points if key in asked),
            correct_until=row.correct_until,
            into=row.number,
            by=shown_name(row.name, row.shown_as),
            capacity=read_capacity(row.capacity),
            at=row.concluded_at,
        )
        for row in rows
    ]


def case_of(db: Session, proposal: Proposal) -> Case:
    """The proposal with the card of its round, today: all that a right depends on."""
    return Case(proposal, rounds.card_of(db, proposal.commune_id, proposal.round_id), today())


def standing(db: Session, case: Case) -> Standing:
    """What a verdict about this file depends on today (two statements)."""
    proposal_id = case.proposal.id
    has_estimate = select(CostEstimate.id).where(CostEstimate.proposal_id == proposal_id).limit(1)
    return standing_of(case, points(db, case), has_estimate=db.scalar(has_estimate) is not None)


def standing_of(case: Case, points: tuple[Point, ...], *, has_estimate: bool) -> Standing:
    """The same from what was read already."""
    return Standing(
        points=points,
        has_estimate=has_estimate,
        today=case.day,
        last_day=_last_day(case),
        correct_until=case.proposal.correct_until,
    )


def points(db: Session, case: Case) -> tuple[Point, ...]:
    """The points of the round's checklist with the answers found so far."""
    rows = db.execute(select(Finding.point, Finding.answer).where(Finding.proposal_id == case.proposal.id))
    answers = {key: answer for key, answer in rows}  # noqa: C416
    return points_of([(point.key, point.is_correctable) for point in case.card.charter.checklist], answers)


def _last_day(case: Case) -> date | None:
    ends = [w.ends_on for w in case.card.windows if w.phase in (Phase.PROPOSALS, Phase.REVIEW) and w.ends_on]
    return max(ends, default=None)


def acting_members(db: Session, group_id: int, day: date) -> frozenset[int]:
    """Persons who may act for a group on a day."""
    return frozenset(
        db.scalars(
            select(GroupMember.person_id).where(
                GroupMember.group_id == group_id,
                GroupMember.may_act,
                GroupMember.since <= day,
                or_(GroupMember.until.is_(None), GroupMember.until >= day),
            )
        )
    )

"""The ranking: never kept, always counted from the open marks; and where people set another order, with why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.words import Words
from cdp.people.actor import Capacity, read_capacity
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name
from cdp.priorities.models import Mark, MarkSheet, RankDecision
from cdp.priorities.policy import marking_is_over
from cdp.priorities.queries.panel import members, shut_out
from cdp.priorities.rules import scoring
from cdp.priorities.rules.order import final_order, left_out
from cdp.priorities.rules.scoring import Score
from cdp.priorities.rules.sheets import Progress, are_open
from cdp.priorities.states import InterestKind
from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.queries import RoundCard

RANKED = (ProposalState.ADMITTED, ProposalState.PROGRAMMED, ProposalState.NOT_KEPT)
"""States of proposals that were before the panel."""


@dataclass(frozen=True)
class Decided:
    """A place people set, or None for no place, with the reason anyone may read."""

    position: int | None
    reason: str
    reason_language: str
    by: str
    capacity: Capacity
    at: datetime


@dataclass(frozen=True)
class OpenSheet:
    """A member's marks and reason without the member's name, and the score they come to."""

    marks: Mapping[str, int]
    reason: str
    reason_language: str
    score: float
    is_outlier: bool


@dataclass(frozen=True)
class RankRow:
    """A proposal in the ranking; ``place`` is the final one, ``score`` holds what the marks come to."""

    id: int
    number: str
    title: Words
    sector: str
    score: Score
    place: int | None
    sheets: tuple[OpenSheet, ...]
    interests: Mapping[InterestKind, int]
    decided: Decided | None
    counted_place: int

    @property
    def differs(self) -> bool:
        """Whether people gave it another place than the count: then the reason is shown."""
        return self.decided is not None and self.decided.position != self.counted_place


@dataclass(frozen=True)
class Ranking:
    """Proposals whose marks are open in their final order, then those left out; ``hidden`` still wait for marks.

    ``handed_in`` and ``expected`` count sheets of all proposals.
    """

    rows: tuple[RankRow, ...]
    hidden: int
    handed_in: int
    expected: int
    is_final: bool


@dataclass(frozen=True)
class _Sheets:
    """The handed-in sheets of a round, by proposal and member."""

    marks: Mapping[tuple[int, int], Mapping[str, int]]
    reasons: Mapping[tuple[int, int], tuple[str, str]]


def ranking(db: Session, card: RoundCard, day: date) -> Ranking:
    """The ranking of a round as it may be read on a day (nine statements, however many proposals)."""
    proposals = db.execute(
        select(Proposal.id, Proposal.number, Proposal.title, Proposal.sector)
        .where(Proposal.round_id == card.id, Proposal.state.in_(RANKED))
        .order_by(Proposal.number)
    ).all()
    sheets = _sheets(db, card)
    panel = members(db, card.commune_id, day)
    marked_by = {member for _, member in sheets.marks}
    shut = shut_out(db, card.id, day, members=panel | marked_by)
    is_over = marking_is_over(card, day)
    states = {row.id: _progress(row.id, panel, sheets, shut) for row in proposals}
    shown = [row for row in proposals if is_over or are_open(states[row.id])]
    rows = _rows(db, card, shown, sheets, shut)
    return Ranking(
        rows=rows,
        hidden=len(proposals) - len(shown),
        handed_in=sum(len(state.handed_in) for state in states.values()),
        expected=sum(len(state.expected | state.handed_in) for state in states.values()),
        is_final=is_over,
    )


def _progress(
    proposal_id: int,
    panel: frozenset[int],
    sheets: _Sheets,
    shut: Mapping[tuple[int, int], InterestKind],
) -> Progress:
    expected = frozenset(member for member in panel if (proposal_id, member) not in shut)
    handed_in = frozenset(m for p, m in sheets.marks if p == proposal_id and (p, m) not in shut)
    return Progress(expected, handed_in)


def _sheets(db: Session, card: RoundCard) -> _Sheets:
    """Whole sheets by the criteria in force: one made before a change of the charter is to be handed in anew."""
    round_id, criteria = card.id, {criterion.key for criterion in card.charter.criteria}
    rows = db.execute(
        select(MarkSheet.proposal_id, MarkSheet.member_id, MarkSheet.reason, MarkSheet.reason_language)
        .where(MarkSheet.round_id == round_id, MarkSheet.handed_in_at.is_not(None))
        .order_by(MarkSheet.proposal_id, MarkSheet.handed_in_at, MarkSheet.id)
    ).all()
    reasons = {(row.proposal_id, row.member_id): (row.reason, row.reason_language) for row in rows}
    marks: dict[tuple[int, int], dict[str, int]] = {key: {} for key in reasons}
    for proposal_id, member_id, criterion, value in db.execute(
        select(MarkSheet.proposal_id, MarkSheet.member_id, Mark.criterion, Mark.value)
        .join(Mark, Mark.sheet_id == MarkSheet.id)
        .where(MarkSheet.round_id == round_id, MarkSheet.handed_in_at.is_not(None))
    ):
        marks[proposal_id, member_id][criterion] = value
    return _Sheets({key: sheet for key, sheet in marks.items() if sheet.keys() == criteria}, reasons)


def _rows(
    db: Session,
    card: RoundCard,
    shown: Sequence[Any],
    sheets: _Sheets,
    shut: Mapping[tuple[int, int], InterestKind],
) -> tuple[RankRow, ...]:
    keys = {row.number: row for row in shown}
    numbers = {row.id: row.number for row in shown}
    weights = {criterion.key: criterion.weight for criterion in card.charter.criteria}
    valid = {key: marks for key, marks in sheets.marks.items() if key[0] in numbers}
    found = scoring.scores(
        keys,
        [
            scoring.Mark(str(member), numbers[proposal], criterion, value)
            for (proposal, member), marks in valid.items()
            for criterion, value in marks.items()
        ],
        weights,
        interests=[(str(member), numbers[proposal]) for proposal, member in shut if proposal in numbers],
    )
    decided = _decisions(db, card.id)
    counted = [keys[score.proposal].id for score in found]
    places = {key: decision.position for key, decision in decided.items()}
    final = final_order(counted, places)
    by_id = {keys[score.proposal].id: score for score in found}
    kinds = _kinds(shut)
    return tuple(
        RankRow(
            id=key,
            number=numbers[key],
            title=keys[numbers[key]].title,
            sector=keys[numbers[key]].sector,
            score=by_id[key],
            place=final.index(key) + 1 if key in final else None,
            sheets=_open_sheets(key, by_id[key], valid, sheets.reasons, weights=weights, shut=shut),
            interests=kinds.get(key, Counter()),
            decided=decided.get(key),
            counted_place=counted.index(key) + 1,
        )
        for key in (*final, *left_out(counted, places))
    )


def _open_sheets(
    proposal_id: int,
    score: Score,
    marks: Mapping[tuple[int, int], Mapping[str, int]],
    reasons: Mapping[tuple[int, int], tuple[str, str]],
    *,
    weights: Mapping[str, int],
    shut: Mapping[tuple[int, int], InterestKind],
) -> tuple[OpenSheet, ...]:
    """The sheets that count, ordered by their score so that the order names nobody."""
    found = [
        OpenSheet(
            marks=sheet,
            reason=reasons[proposal, member][0],
            reason_language=reasons[proposal, member][1],
            score=sum(weights[key] * value for key, value in sheet.items()) / sum(weights.values()),
            is_outlier=str(member) in score.outliers,
        )
        for (proposal, member), sheet in marks.items()
        if proposal == proposal_id and (proposal, member) not in shut
    ]
    return tuple(sorted(found, key=lambda each: (-each.score, each.reason)))


def _kinds(shut: Mapping[tuple[int, int], InterestKind]) -> dict[int, Counter[InterestKind]]:
    kinds: dict[int, Counter[InterestKind]] = {}
    for (proposal_id, _), kind in shut.items():
        kinds.setdefault(proposal_id, Counter())[kind] += 1
    return kinds


def _decisions(db: Session, round_id: int) -> dict[int, Decided]:
    """The decision that stands for each proposal: the latest."""
    rows = db.execute(
        select(
            RankDecision.proposal_id,
            RankDecision.position,
            RankDecision.reason,
            RankDecision.reason_language,
            RankDecision.capacity,
            RankDecision.decided_at,
            said_name(),
            Person.shown_as,
        )
        .join(Person, Person.id == RankDecision.decided_by_id)
        .where(RankDecision.round_id == round_id)
        .order_by(RankDecision.id)
    )
    return {
        row.proposal_id: Decided(
            row.position,
            row.reason,
            row.reason_language,
            shown_name(row.name, row.shown_as),
            read_capacity(row.capacity),
            row.decided_at,
        )
        for row in rows
    }

"""Reads of ballots: the card every page of a ballot carries, its offers, those of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.priorities.models import Ballot, BallotClose, BallotProject, RollEntry, Tally
from cdp.priorities.policy import BallotCase
from cdp.priorities.rules.ballots import BallotDraft, Offer, Sheet, limits
from cdp.priorities.rules.bonds import bonds
from cdp.priorities.states import BallotState, RollSource
from cdp.rounds.queries import RoundCard
from cdp.store.keeping import Keep
from cdp.store.ready import Ready


@dataclass(frozen=True)
class BallotCard:
    """A ballot with its rules, its projects and how far it is: all a page asks about it."""

    id: int
    commune_id: int
    round_id: int
    version: int
    state: BallotState
    draft: BallotDraft
    sheet: Sheet
    opened_at: datetime | None
    closed_at: datetime | None
    counted_at: datetime | None
    published_at: datetime | None

    @property
    def title(self) -> Words:
        """Its title."""
        return self.draft.title

    def takes_votes(self, day: date) -> bool:
        """Whether one may vote on a day."""
        return self.state is BallotState.OPEN and self.draft.opens_on <= day <= self.draft.closes_on


def card_of(db: Session, ballot: Ballot) -> BallotCard:
    """The card of a ballot (two statements)."""
    closed_at, counted_at, published_at = (None, None, None) if ballot.opened_at is None else _later(db, ballot.id)
    draft = draft_of(ballot)
    return BallotCard(
        id=ballot.id,
        commune_id=ballot.commune_id,
        round_id=ballot.round_id,
        version=ballot.version,
        state=state_of(ballot.opened_at, closed_at, counted_at, published_at),
        draft=draft,
        sheet=Sheet(draft.kind, draft.budget, offers(db, ballot.id), draft.most, draft.purse, bonds(ballot.bonds)),
        opened_at=ballot.opened_at,
        closed_at=closed_at,
        counted_at=counted_at,
        published_at=published_at,
    )


def _later(db: Session, ballot_id: int) -> Any:
    """When a ballot was closed, counted and published (one statement)."""
    return db.execute(
        select(BallotClose.closed_at, Tally.counted_at, Tally.published_at)
        .select_from(Ballot)
        .outerjoin(BallotClose, BallotClose.ballot_id == Ballot.id)
        .outerjoin(Tally, Tally.ballot_id == Ballot.id)
        .where(Ballot.id == ballot_id)
    ).one()


def state_of(
    opened_at: datetime | None, closed_at: datetime | None, counted_at: datetime | None, published_at: datetime | None
) -> BallotState:
    """How far a ballot is, from what was done to it."""
    done = ((published_at, BallotState.PUBLISHED), (counted_at, BallotState.COUNTED), (closed_at, BallotState.CLOSED))
    later = next((state for moment, state in done if moment is not None), None)
    return later or (BallotState.DRAFT if opened_at is None else BallotState.OPEN)


def draft_of(ballot: Ballot) -> BallotDraft:
    """The rules of a ballot as a value."""
    return BallotDraft(
        kind=ballot.kind,
        rule=ballot.rule,
        title=ballot.title,
        question=ballot.question,
        help=ballot.help,
        budget=Money(ballot.budget_minor),
        opens_on=ballot.opens_on,
        closes_on=ballot.closes_on,
        worth=ballot.worth,
        filling=ballot.filling,
        ties=ballot.ties,
        seed=ballot.seed,
        most=ballot.most,
        purse=ballot.purse,
        minimum_votes=ballot.minimum_votes,
        panel_part=ballot.panel_part,
        ceilings=limits(ballot.ceilings),
        admits=frozenset(RollSource(one) for one in ballot.admits),
    )


def offers(db: Session, ballot_id: int) -> tuple[Offer, ...]:
    """The projects of a ballot in the order of the sheet (one statement)."""
    columns = (
        BallotProject.place,
        BallotProject.number,
        BallotProject.title,
        BallotProject.cost_minor,
        BallotProject.sector,
        BallotProject.territory,
        BallotProject.proposer,
        BallotProject.standing,
        BallotProject.reason,
        BallotProject.reason_language,
    )
    rows = db.execute(select(*columns).where(BallotProject.ballot_id == ballot_id).order_by(BallotProject.place))
    return tuple(Offer(place, number, title, Money(cost), *rest) for place, number, title, cost, *rest in rows)


def find(db: Session, commune_id: int, ballot_id: int) -> Ballot:
    """A ballot of a commune; NotFound for one of another."""
    ballot = db.scalar(select(Ballot).where(Ballot.id == ballot_id, Ballot.commune_id == commune_id))
    if ballot is None:
        raise NotFound
    return ballot


_rules: Keep[tuple[BallotDraft, Sheet]] = Keep()
"""Rules and projects of opened ballots by number: nobody can change them any more, the database sees to that."""

_standing = Ready(
    lambda: (
        select(
            Ballot.id,
            Ballot.commune_id,
            Ballot.round_id,
            Ballot.version,
            Ballot.opened_at,
            BallotClose.closed_at,
            Tally.counted_at,
            Tally.published_at,
        )
        .select_from(Ballot)
        .outerjoin(BallotClose, BallotClose.ballot_id == Ballot.id)
        .outerjoin(Tally, Tally.ballot_id == Ballot.id)
        .where(Ballot.id == bindparam("ballot"), Ballot.commune_id == bindparam("commune"))
    )
)


def find_card(db: Session, commune_id: int, ballot_id: int) -> BallotCard:
    """The card of a ballot of a commune; NotFound for one of another. One statement once the ballot is open: how far
    it is is always asked, its rules the worker keeps.
    """
    row = _standing.first(db, ballot=ballot_id, commune=commune_id)
    if row is None:
        raise NotFound
    if row.opened_at is None:
        return card_of(db, find(db, commune_id, ballot_id))
    moment = int(row.opened_at.timestamp() * 1_000_000)
    draft, sheet = _rules.of(db, ballot_id, moment, lambda: _rules_of(db, commune_id, ballot_id))
    state = state_of(*row[4:])
    return BallotCard(row.id, row.commune_id, row.round_id, row.version, state, draft, sheet, *row[4:])


def _rules_of(db: Session, commune_id: int, ballot_id: int) -> tuple[BallotDraft, Sheet]:
    card = card_of(db, find(db, commune_id, ballot_id))
    return card.draft, card.sheet


@dataclass(frozen=True)
class BallotRow:
    """A ballot in a list."""

    id: int
    title: Words
    state: BallotState
    opens_on: date
    closes_on: date


def of_round(db: Session, round_id: int) -> list[BallotRow]:
    """The ballots of a round, the newest first (one statement)."""
    columns = (Ballot.id, Ballot.title, Ballot.opens_on, Ballot.closes_on, Ballot.opened_at)
    later = (BallotClose.closed_at, Tally.counted_at, Tally.published_at)
    rows = db.execute(
        select(*columns, *later)
        .outerjoin(BallotClose, BallotClose.ballot_id == Ballot.id)
        .outerjoin(Tally, Tally.ballot_id == Ballot.id)
        .where(Ballot.round_id == round_id)
        .order_by(Ballot.id.desc())
    )
    return [BallotRow(number, title, state_of(*moments), first, last) for number, title, first, last, *moments in rows]


def case_of(ballot: BallotCard, card: RoundCard) -> BallotCase:
    """A ballot today, before its policy."""
    return BallotCase(
        commune_id=ballot.commune_id,
        state=ballot.state,
        opens_on=ballot.draft.opens_on,
        closes_on=ballot.draft.closes_on,
        card=card,
        day=today(),
    )


def to_close(db: Session, day: date) -> list[Ballot]:
    """Open ballots whose last day has passed (for the clock)."""
    closed = select(BallotClose.ballot_id)
    return list(
        db.scalars(
            select(Ballot).where(Ballot.opened_at.is_not(None), Ballot.closes_on < day, Ballot.id.not_in(closed))
        )
    )


def voting_on(db: Session, day: date) -> Sequence[int]:
    """Numbers of the ballots that take votes on a day (for the shuffle)."""
    closed = select(BallotClose.ballot_id)
    return db.scalars(
        select(Ballot.id).where(
            Ballot.opened_at.is_not(None), Ballot.opens_on <= day, Ballot.closes_on >= day, Ballot.id.not_in(closed)
        )
    ).all()


def plain_ceilings(draft: BallotDraft) -> list[dict[str, Any]]:
    """The ceilings of a draft as they are kept."""
    return [{"by": one.by, "name": one.name, "amount": one.amount.minor} for one in draft.ceilings]


def persons_on_roll(db: Session, ballot_id: int) -> frozenset[int]:
    """Who is on the roll with an account and has not voted."""
    on_roll = (RollEntry.ballot_id == ballot_id, RollEntry.taken.is_(None), RollEntry.struck_because == "")
    rows = db.scalars(select(RollEntry.person_id).where(*on_roll, RollEntry.person_id.is_not(None)))
    return frozenset(number for number in rows if number is not None)

"""The roll: who may vote. From lists of the douars, from accounts, groups and teams; never by status or papers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import null, or_, select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import Actor
from cdp.people.models import Belonging, Group, GroupMember, Person
from cdp.people.states import GroupState, Tie
from cdp.priorities.models import Ballot, RollEntry
from cdp.priorities.services.ballots import enter
from cdp.priorities.states import BallotStep, RollSource, VoteChannel
from cdp.proposals.models import Proposal
from cdp.proposals.rules.folding import fold
from cdp.store.audit import record
from cdp.teams.models import Membership

LONGEST_NAME = 120
MOST_NAMES = 20_000
TICKED_BY_HAND = (VoteChannel.PAPER, VoteChannel.CODE)
"""What an office notes beside a name: a sheet or a printed code was handed out."""


def enrol_names(
    db: Session, actor: Actor, ballot: Ballot, names: Iterable[str], *, locality_id: int | None = None
) -> int:
    """Put the residents of a douar's list on the roll; a name that stands there already is passed over."""
    actor = enter(db, actor, ballot, BallotStep.KEEP_ROLL)
    if locality_id is not None:
        found = db.scalar(
            select(Locality.id).where(Locality.id == locality_id, Locality.commune_id == ballot.commune_id)
        )
        if found is None:
            raise NotFound
    wanted = list(dict.fromkeys(" ".join(name.split())[:LONGEST_NAME] for name in names if name.strip()))
    if len(wanted) > MOST_NAMES:
        raise RuleBroken("priorities.roll_too_long", most=MOST_NAMES)
    known = set(
        db.scalars(
            select(RollEntry.sort_key).where(RollEntry.ballot_id == ballot.id, RollEntry.locality_id == locality_id)
        )
    )
    fresh = [name for name in wanted if fold(name)[:LONGEST_NAME] not in known]
    for name in fresh:
        _add(db, ballot, name, RollSource.RESIDENT, locality_id=locality_id)
    db.flush()
    record(db, actor, "priorities.enrol_names", ballot, number=len(fresh), locality_id=locality_id)
    return len(fresh)


def enrol_accounts(db: Session, actor: Actor, ballot: Ballot) -> int:
    """Put on the roll who has an account and may vote by the ballot's rules today; those on it stay as they are."""
    actor = enter(db, actor, ballot, BallotStep.KEEP_ROLL)
    known = set(
        db.scalars(
            select(RollEntry.person_id).where(RollEntry.ballot_id == ballot.id, RollEntry.person_id.is_not(None))
        )
    )
    count = 0
    for source in RollSource:
        if source.value not in ballot.admits:
            continue
        for person_id, name, locality_id in _who(db, ballot, source, today()):
            if person_id not in known:
                known.add(person_id)
                _add(db, ballot, name, source, person_id=person_id, locality_id=locality_id)
                count += 1
    db.flush()
    record(db, actor, "priorities.enrol_accounts", ballot, number=count)
    return count


def _who(db: Session, ballot: Ballot, source: RollSource, day: date) -> Sequence[tuple[int, str, int | None]]:
    """(person, name, douar) of those one source admits on a day."""
    statement: Any
    if source is RollSource.RESIDENT:
        tie = (Belonging.commune_id == ballot.commune_id, Belonging.tie == Tie.LIVES, Belonging.since <= day)
        statement = (
            select(Person.id, Person.name, Belonging.locality_id)
            .join(Belonging, Belonging.person_id == Person.id)
            .where(*tie, or_(Belonging.until.is_(None), Belonging.until >= day))
        )
    elif source is RollSource.GROUP:
        standing = (Group.commune_id == ballot.commune_id, Group.state.in_((GroupState.STANDING, GroupState.CHECKED)))
        statement = (
            select(Person.id, Person.name, Group.locality_id)
            .join(GroupMember, GroupMember.person_id == Person.id)
            .join(Group, Group.id == GroupMember.group_id)
            .where(*standing, GroupMember.since <= day, or_(GroupMember.until.is_(None), GroupMember.until >= day))
        )
    else:
        held = (Membership.commune_id == ballot.commune_id, Membership.since <= day, Membership.until >= day)
        statement = (
            select(Person.id, Person.name, null())
            .join(Membership, Membership.person_id == Person.id)
            .join(Proposal, Proposal.id == Membership.proposal_id)
            .where(*held, Membership.ended_on.is_(None))
        )
    rows = db.execute(statement.where(Person.active, Person.erased_at.is_(None)).order_by(Person.id))
    return [(person_id, name, place) for person_id, name, place in rows]


def _add(
    db: Session,
    ballot: Ballot,
    name: str,
    source: RollSource,
    *,
    person_id: int | None = None,
    locality_id: int | None = None,
) -> None:
    db.add(
        RollEntry(
            commune_id=ballot.commune_id,
            ballot_id=ballot.id,
            source=source,
            person_id=person_id,
            name=name[:LONGEST_NAME],
            sort_key=fold(name)[:LONGEST_NAME],
            locality_id=locality_id,
        )
    )


def strike(db: Session, actor: Actor, ballot: Ballot, entry_id: int, *, reason: str) -> None:
    """Take somebody off the roll, with the reason; RuleBroken("priorities.already_voted") for who has voted."""
    actor = enter(db, actor, ballot, BallotStep.KEEP_ROLL)
    if not reason.strip():
        raise RuleBroken("priorities.reason_needed")
    _find(db, ballot, entry_id)
    _set(db, entry_id, {"struck_because": reason.strip()}, RollEntry.taken.is_(None))
    record(db, actor, "priorities.strike", ballot, entry_id=entry_id)


def tick(db: Session, actor: Actor, ballot: Ballot, entry_id: int, channel: VoteChannel) -> None:
    """Note that somebody was handed a sheet or a printed code: they vote no other way."""
    actor = enter(db, actor, ballot, BallotStep.TICK)
    if channel not in TICKED_BY_HAND:
        raise NotFound
    _find(db, ballot, entry_id)
    _set(db, entry_id, {"taken": channel}, RollEntry.taken.is_(None) & (RollEntry.struck_because == ""))


def untick(db: Session, actor: Actor, ballot: Ballot, entry_id: int) -> None:
    """Take back a sheet or code that was handed out and came back unused; written down."""
    actor = enter(db, actor, ballot, BallotStep.TICK)
    _find(db, ballot, entry_id)
    _set(db, entry_id, {"taken": None}, RollEntry.taken.in_(TICKED_BY_HAND))
    record(db, actor, "priorities.untick", ballot, entry_id=entry_id)


def _find(db: Session, ballot: Ballot, entry_id: int) -> None:
    if db.scalar(select(RollEntry.id).where(RollEntry.id == entry_id, RollEntry.ballot_id == ballot.id)) is None:
        raise NotFound("priorities.not_on_roll")


def _set(db: Session, entry_id: int, values: dict[str, object], only: object) -> None:
    statement = update(RollEntry).where(RollEntry.id == entry_id, only).values(**values)  # type: ignore[arg-type]
    changed = db.execute(statement, execution_options={"synchronize_session": False})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleBroken("priorities.already_voted")

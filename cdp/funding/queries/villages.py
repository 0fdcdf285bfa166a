"""Reads of paper promises and of the private list of a village or club."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from cdp.funding.models import ClubShare, Pledge, PromiseBatch, PromiseReading
from cdp.funding.rules.paper import differences
from cdp.funding.rules.references import grouped
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.people.models import Group, GroupMember, Person
from cdp.people.queries import said_name
from cdp.people.states import GroupState
from cdp.programme.models import Project

STANDING = (GroupState.STANDING, GroupState.CHECKED)


def speakers(db: Session, commune_id: int, day: date) -> list[tuple[int, Words, int, str]]:
    """Who speaks for a standing group of a commune: group, its name, person, their name."""
    rows = db.execute(
        select(Group.id, Group.name, Person.id, said_name())
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(
            Group.commune_id == commune_id,
            Group.state.in_(STANDING),
            GroupMember.may_act,
            GroupMember.since <= day,
            or_(GroupMember.until.is_(None), GroupMember.until >= day),
        )
        .order_by(Group.sort_key, Group.id, Person.name)
        .limit(400)
    )
    return [(group, name, person, said) for group, name, person, said in rows]


def speaks_for(db: Session, commune_id: int, group_id: int, person_id: int, day: date) -> bool:
    """Whether a person speaks today for a standing group of the commune."""
    return any((row[0], row[2]) == (group_id, person_id) for row in speakers(db, commune_id, day))


def find_batch(db: Session, commune_id: int, batch_id: int) -> PromiseBatch:
    """A batch of this commune with its project and group; NotFound else."""
    found = db.scalar(
        select(PromiseBatch)
        .where(PromiseBatch.id == batch_id, PromiseBatch.commune_id == commune_id)
        .options(joinedload(PromiseBatch.project).joinedload(Project.proposal), joinedload(PromiseBatch.group))
    )
    if found is None:
        raise NotFound
    return found


def batches(db: Session, project_id: int) -> list[PromiseBatch]:
    """The batches of a project, the newest first."""
    asked = select(PromiseBatch).where(PromiseBatch.project_id == project_id).options(joinedload(PromiseBatch.group))
    return list(db.scalars(asked.order_by(PromiseBatch.id.desc())))


def readings(db: Session, batch_id: int) -> list[PromiseReading]:
    """The readings of a batch, the first first."""
    asked = select(PromiseReading).where(PromiseReading.batch_id == batch_id)
    return list(db.scalars(asked.order_by(PromiseReading.turn)))


def differing(db: Session, batch_id: int) -> list[int]:
    """Numbers of the lines two people read differently; none before both have read."""
    read = readings(db, batch_id)
    return differences(read[0].lines, read[1].lines) if len(read) == 2 else []


def list_is_open(db: Session, pledge_id: int) -> bool:
    """Whether the private list of a promise may still be written: not from signed paper, and nobody has given."""
    given = exists().where(ClubShare.pledge_id == pledge_id, ClubShare.paid_on.is_not(None))
    return not db.scalar(select(or_(given, exists().where(PromiseBatch.pledge_id == pledge_id))))


def lines_of(db: Session, pledge_id: int) -> list[tuple[str, int]]:
    """Who gives how much within a promise, in the order of its list."""
    asked = select(ClubShare.name, ClubShare.amount_minor).where(ClubShare.pledge_id == pledge_id)
    return [(name, amount) for name, amount in db.execute(asked.order_by(ClubShare.id))]


@dataclass(frozen=True)
class ShareList:
    """The private list of a group's promise: its reference, and who gives how much within it."""

    reference: str
    project: Project
    group: Words
    until: date
    unit: str
    shares: tuple["Listed", ...]

    @property
    def gathered_minor(self) -> int:
        """What has been given of it, as far as who gathers has noted."""
        return sum(share.amount_minor for share in self.shares if share.paid_on is not None)


@dataclass(frozen=True)
class Listed:
    """One of the list: the name, how much, and when it was given; None for not yet, and for all but who gathers."""

    id: int
    name: str
    amount_minor: int
    paid_on: date | None


def share_list(db: Session, commune_id: int, pledge_id: int, *, reader_id: int) -> tuple[Pledge, ShareList]:
    """The list of a group's promise in this commune; who has given is told to who gathers alone. NotFound else."""
    row = db.execute(
        select(Pledge, Group.name)
        .join(Group, Group.id == Pledge.group_id)
        .where(Pledge.id == pledge_id, Pledge.commune_id == commune_id)
        .options(joinedload(Pledge.project).joinedload(Project.proposal))
    ).one_or_none()
    shares = db.execute(
        select(ClubShare.id, ClubShare.name, ClubShare.amount_minor, ClubShare.paid_on)
        .where(ClubShare.pledge_id == pledge_id)
        .order_by(ClubShare.id)
    ).all()
    if row is None or not shares:
        raise NotFound
    pledge, group = row
    gathers = pledge.person_id == reader_id
    listed = tuple(Listed(number, name, amount, on if gathers else None) for number, name, amount, on in shares)
    reference = grouped(pledge.reference)
    return pledge, ShareList(reference, pledge.project, group, pledge.until, pledge.unit, listed)

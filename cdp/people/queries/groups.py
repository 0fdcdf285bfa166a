"""Reads about groups: the board of a commune, one group with its members."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from cdp.communes.models import Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.kernel.reference import digest
from cdp.kernel.words import Words
from cdp.people.models import Group, GroupMember, Person
from cdp.people.queries import said_name
from cdp.people.rules import shown_name
from cdp.people.states import GroupKind, GroupState


@dataclass(frozen=True)
class Row:
    """A group as a list shows it."""

    id: int
    kind: GroupKind
    state: GroupState
    name: Words
    is_registered: bool
    valid_until: date | None
    checked_at: datetime | None
    place: Words | None
    city: str
    members: int


@dataclass(frozen=True)
class Member:
    """A member as who looks may see them: the chosen name, or the full one for the group itself and the office."""

    person_id: int
    name: str
    may_act: bool
    since: date


def _holds(day: date) -> ColumnElement[bool]:
    return or_(GroupMember.until.is_(None), GroupMember.until >= day)


def board(db: Session, commune_id: int, *, day: date, page: int = 1) -> Page[Row]:
    """The groups of a commune that stand or wait for a second member, by name."""
    members = (
        select(func.count()).where(GroupMember.group_id == Group.id, _holds(day)).correlate(Group).scalar_subquery()
    )
    columns = (
        Group.id,
        Group.kind,
        Group.state,
        Group.name,
        Group.is_registered,
        Group.valid_until,
        Group.checked_at,
        Locality.name,
        Group.city,
        members,
    )
    rows = db.execute(
        select(*columns)
        .outerjoin(Locality, Locality.id == Group.locality_id)
        .where(Group.commune_id == commune_id, Group.state != GroupState.CLOSED)
        .order_by(Group.sort_key, Group.id)
        .limit(SIZE + 1)
        .offset(SIZE * (page - 1))
    ).all()
    return Page([Row(*row) for row in rows[:SIZE]], page, more=len(rows) > SIZE)


def standing_names(db: Session, commune_id: int, language: str, *, most: int = 200) -> dict[int, str]:
    """The standing groups of a commune by name, for choosing one."""
    rows = db.execute(
        select(Group.id, Group.name)
        .where(Group.commune_id == commune_id, Group.state.in_((GroupState.STANDING, GroupState.CHECKED)))
        .order_by(Group.sort_key, Group.id)
        .limit(most)
    )
    return {number: name.in_(language)[0] for number, name in rows}


def find(db: Session, commune_id: int, group_id: int) -> Group:
    """A group of that commune with its place; NotFound for another commune's."""
    group = db.scalar(
        select(Group).options(joinedload(Group.locality)).where(Group.id == group_id, Group.commune_id == commune_id)
    )
    if group is None:
        raise NotFound
    return group


def by_code(db: Session, commune_id: int, code: str) -> Group:
    """The group a join code belongs to; NotFound("people.code_unknown") else."""
    group = db.scalar(select(Group).where(Group.commune_id == commune_id, Group.join_code_hash == digest(code)))
    if group is None:
        raise NotFound("people.code_unknown")
    return group


def members(db: Session, group_id: int, *, day: date) -> list[tuple[Member, str]]:
    """Members of a day by entry; each with the name shown to the public beside."""
    rows = db.execute(
        select(Person.id, said_name(), GroupMember.may_act, GroupMember.since, Person.shown_as)
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == group_id, _holds(day))
        .order_by(GroupMember.id)
    )
    return [(Member(i, name, acts, since), shown_name(name, shown)) for i, name, acts, since, shown in rows]


def people_of_check(db: Session, group: Group) -> tuple[str, str]:
    """Names as shown of who entered the group and who checked it; "" for none or anonymous."""
    entered, checked = aliased(Person), aliased(Person)
    row = db.execute(
        select(said_name(entered), entered.shown_as, said_name(checked), checked.shown_as)
        .select_from(Group)
        .join(entered, entered.id == Group.entered_by_id)
        .outerjoin(checked, checked.id == Group.checked_by_id)
        .where(Group.id == group.id)
    ).one()
    return shown_name(row[0], row[1]), row[2] or ""

"""Reads of the office: mandates, persons without e-mail, wishes about data, accounts to look around with."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.errors import NotFound
from cdp.kernel.page import SIZE, Page
from cdp.kernel.words import Words
from cdp.people.models import Belonging, DataRequest, Group, GroupMember, Mandate, Person, SignInCard
from cdp.people.queries import said_name
from cdp.people.states import DataRequestKind, GroupKind, Role, Tie


@dataclass(frozen=True)
class MandateRow:
    """A mandate as the office's list shows it."""

    id: int
    person_id: int
    name: str
    role: Role
    since: date
    until: date | None


@dataclass(frozen=True)
class PersonRow:
    """A person without e-mail, and whether a card stands."""

    id: int
    name: str
    place: Words | None
    printed_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class RequestRow:
    """A wish about data that waits or was answered."""

    id: int
    person_id: int
    name: str
    kind: DataRequestKind
    text: str
    asked_at: datetime
    due_on: date
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True)
class Telling:
    """An account worth looking around with (demonstration only)."""

    person_id: int
    name: str
    what: str
    """Role, tie or kind of group."""
    place: Words
    """The commune, or the group."""


def mandates(db: Session, commune_id: int) -> list[MandateRow]:
    """All mandates of a commune, those that hold or come first, by role."""
    columns = (Mandate.id, Mandate.person_id, said_name(), Mandate.role, Mandate.since, Mandate.until)
    rows = db.execute(
        select(*columns)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.commune_id == commune_id)
        .order_by(Mandate.role, Mandate.since.desc(), Mandate.id)
    )
    return [MandateRow(*row) for row in rows]


def mandate(db: Session, commune_id: int, mandate_id: int) -> Mandate:
    """A mandate of that commune; NotFound for another's."""
    found = db.scalar(select(Mandate).where(Mandate.id == mandate_id, Mandate.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def persons(db: Session, commune_id: int, *, page: int = 1) -> Page[PersonRow]:
    """Persons entered without e-mail who belong to the commune, by name."""
    card = and_(SignInCard.person_id == Person.id, SignInCard.revoked_at.is_(None))
    rows = db.execute(
        select(Person.id, said_name(), Locality.name, SignInCard.printed_at, SignInCard.last_used_at)
        .join(Belonging, and_(Belonging.person_id == Person.id, Belonging.commune_id == commune_id))
        .outerjoin(Locality, Locality.id == Belonging.locality_id)
        .outerjoin(SignInCard, card)
        .where(
            Belonging.id
            == select(func.min(Belonging.id))
            .where(Belonging.person_id == Person.id, Belonging.commune_id == commune_id)
            .correlate(Person)
            .scalar_subquery(),
            Person.email.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(said_name(), Person.id)
        .limit(SIZE + 1)
        .offset(SIZE * (page - 1))
    ).all()
    return Page([PersonRow(*row) for row in rows[:SIZE]], page, more=len(rows) > SIZE)


def person_here(db: Session, commune_id: int, person_id: int, *, day: date) -> Person:
    """A person who belongs to that commune on a day; NotFound else."""
    found = db.scalar(
        select(Person)
        .join(Belonging, Belonging.person_id == Person.id)
        .where(
            Person.id == person_id,
            Person.erased_at.is_(None),
            Belonging.commune_id == commune_id,
            or_(Belonging.until.is_(None), Belonging.until >= day),
        )
        .limit(1)
    )
    if found is None:
        raise NotFound("people.unknown_here")
    return found


def names_to_choose(db: Session, commune_id: int) -> list[tuple[int, str]]:
    """Persons without e-mail of a commune, to choose the members of a group from."""
    rows = db.execute(
        select(Person.id, said_name())
        .join(Belonging, Belonging.person_id == Person.id)
        .where(Belonging.commune_id == commune_id, Person.email.is_(None), Person.erased_at.is_(None))
        .distinct()
        .order_by(said_name(), Person.id)
    )
    return [(number, name) for number, name in rows]


def requests(db: Session, commune_id: int) -> list[RequestRow]:
    """Wishes about data sent to this commune: those that wait first, by the day they are due."""
    columns = (
        DataRequest.id,
        DataRequest.person_id,
        said_name(),
        DataRequest.kind,
        DataRequest.text,
        DataRequest.asked_at,
        DataRequest.due_on,
        DataRequest.answered_at,
        DataRequest.answer,
    )
    rows = db.execute(
        select(*columns)
        .join(Person, Person.id == DataRequest.person_id)
        .where(DataRequest.commune_id == commune_id)
        .order_by(DataRequest.answered_at.is_not(None), DataRequest.due_on, DataRequest.id)
        .limit(100)
    )
    return [RequestRow(*row) for row in rows]


def request(db: Session, commune_id: int, request_id: int) -> DataRequest:
    """A wish sent to that commune; NotFound for another's."""
    found = db.scalar(select(DataRequest).where(DataRequest.id == request_id, DataRequest.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def telling_accounts(db: Session, *, day: date, each: int = 4) -> list[Telling]:
    """Accounts of the demonstration by what they may do: a few of every role, of groups and of ties."""
    found: list[Telling] = []
    for role in Role:
        held = (Mandate.role == role, Mandate.since <= day, or_(Mandate.until.is_(None), Mandate.until >= day))
        found += _telling(db, Mandate, role.value, each, *held)
    for kind in (GroupKind.WOMENS_GROUP, GroupKind.YOUTH_GROUP, GroupKind.INFORMAL):
        found += _acting(db, kind, each, day=day)
    no_more = (Person.id.not_in(select(Mandate.person_id)), Person.id.not_in(select(GroupMember.person_id)))
    for tie in (Tie.ROOTS, Tie.LIVES):
        found += _telling(db, Belonging, tie.value, each, Belonging.tie == tie, Belonging.until.is_(None), *no_more)
    return found


def _acting(db: Session, kind: GroupKind, each: int, *, day: date) -> list[Telling]:
    """Members who may act for a group of a kind, under the name of the group."""
    rows = db.execute(
        select(Person.id, said_name(), Group.name)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(
            Group.kind == kind,
            GroupMember.may_act,
            GroupMember.since <= day,
            or_(GroupMember.until.is_(None), GroupMember.until >= day),
            Person.erased_at.is_(None),
            Person.active,
        )
        .order_by(Group.id, GroupMember.id)
        .limit(each)
    )
    return [Telling(number, name, kind.value, group) for number, name, group in rows]


def _telling(db: Session, table: type[Mandate | Belonging], what: str, each: int, *held: object) -> list[Telling]:
    rows = db.execute(
        select(Person.id, said_name(), Commune.name)
        .select_from(table)
        .join(Person, Person.id == table.person_id)
        .join(Commune, Commune.id == table.commune_id)
        .where(*held, Person.erased_at.is_(None), Person.active)  # type: ignore[arg-type]
        .order_by(table.commune_id, table.id)
        .limit(each)
    )
    return [Telling(number, name, what, commune) for number, name, commune in rows]

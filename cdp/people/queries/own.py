"""Reads of one's own things: ties, groups, mandates, cards, wishes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune, Locality
from cdp.kernel.words import Words
from cdp.people.models import Belonging, DataRequest, Group, GroupMember, Mandate
from cdp.people.states import DataRequestKind, GroupState, Role, Tie


@dataclass(frozen=True)
class TieRow:
    """A tie to a place, from a day, perhaps until a day."""

    id: int
    tie: Tie
    commune: Words
    slug: str
    is_open: bool
    place: Words | None
    since: date
    until: date | None


@dataclass(frozen=True)
class GroupRow:
    """A group one belongs to."""

    id: int
    name: Words
    slug: str
    state: GroupState
    may_act: bool
    since: date
    valid_until: date | None


@dataclass(frozen=True)
class HeldMandate:
    """A mandate one holds or held."""

    role: Role
    commune: Words
    slug: str
    since: date
    until: date | None


@dataclass(frozen=True)
class WishRow:
    """A wish about one's own data and what came of it."""

    id: int
    kind: DataRequestKind
    text: str
    commune: Words
    asked_at: datetime
    due_on: date
    answered_at: datetime | None
    answer: str


def ties(db: Session, person_id: int) -> list[TieRow]:
    """All ties of a person, the open ones first."""
    rows = db.execute(
        select(
            Belonging.id,
            Belonging.tie,
            Commune.name,
            Commune.slug,
            Commune.opened_on.is_not(None),
            Locality.name,
            Belonging.since,
            Belonging.until,
        )
        .join(Commune, Commune.id == Belonging.commune_id)
        .outerjoin(Locality, Locality.id == Belonging.locality_id)
        .where(Belonging.person_id == person_id)
        .order_by(Belonging.until.is_not(None), Belonging.since, Belonging.id)
    )
    return [TieRow(*row) for row in rows]


def groups(db: Session, person_id: int, *, day: date) -> list[GroupRow]:
    """Groups a person is a member of on a day."""
    rows = db.execute(
        select(
            Group.id, Group.name, Commune.slug, Group.state, GroupMember.may_act, GroupMember.since, Group.valid_until
        )
        .join(Group, Group.id == GroupMember.group_id)
        .join(Commune, Commune.id == Group.commune_id)
        .where(
            GroupMember.person_id == person_id,
            or_(GroupMember.until.is_(None), GroupMember.until >= day),
            Group.state != GroupState.CLOSED,
        )
        .order_by(Group.sort_key, Group.id)
    )
    return [GroupRow(*row) for row in rows]


def mandates(db: Session, person_id: int, *, day: date) -> list[HeldMandate]:
    """Mandates that hold on a day or are to come."""
    rows = db.execute(
        select(Mandate.role, Commune.name, Commune.slug, Mandate.since, Mandate.until)
        .join(Commune, Commune.id == Mandate.commune_id)
        .where(Mandate.person_id == person_id, or_(Mandate.until.is_(None), Mandate.until >= day))
        .order_by(Mandate.since, Mandate.id)
    )
    return [HeldMandate(*row) for row in rows]


def wishes(db: Session, person_id: int) -> list[WishRow]:
    """What a person asked about their data, the newest first."""
    rows = db.execute(
        select(
            DataRequest.id,
            DataRequest.kind,
            DataRequest.text,
            Commune.name,
            DataRequest.asked_at,
            DataRequest.due_on,
            DataRequest.answered_at,
            DataRequest.answer,
        )
        .join(Commune, Commune.id == DataRequest.commune_id)
        .where(DataRequest.person_id == person_id)
        .order_by(DataRequest.id.desc())
    )
    return [WishRow(*row) for row in rows]

"""Reads about teams: who stands behind a project on a day, under the name they chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from cdp.communes.models import Commune
from cdp.kernel.errors import NotFound
from cdp.kernel.reference import digest
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name, standing_row
from cdp.proposals.models import Proposal
from cdp.rounds.models import Round
from cdp.store.ready import Ready
from cdp.teams.models import Invitation, Membership, Need, RoomMessage
from cdp.teams.states import Offer


@dataclass(frozen=True)
class Member:
    """A member as the public sees them: the name they chose ("" when anonymous), what they bring, until when."""

    id: int
    person_id: int
    name: str
    city: str
    offer: Offer
    text: str
    hours: int | None
    visit_since: date | None
    since: date
    until: date
    is_over: bool


@dataclass(frozen=True)
class Belonging:
    """A membership as its own person sees it."""

    id: int
    proposal_id: int
    number: str
    title: Words
    commune_slug: str
    offer: Offer
    since: date
    until: date
    is_over: bool


@dataclass(frozen=True)
class Wanted:
    """What a project looks for."""

    id: int
    offer: Offer
    text: Words
    quantity: int | None
    until: date | None
    is_found: bool

    def is_open_on(self, day: date) -> bool:
        """Whether it is still looked for on a day."""
        return not self.is_found and (self.until is None or self.until >= day)


@dataclass(frozen=True)
class Said:
    """A message of the room."""

    id: int
    name: str
    text: str
    language: str
    written_at: datetime
    is_hidden: bool


def holds_on(day: Any) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a membership that holds on a day (or on the day a statement is asked for later)."""
    return (
        Membership.since <= day,
        Membership.until >= day,
        Membership.ended_on.is_(None) | (Membership.ended_on >= day),
    )


@cache
def standing_part() -> Select[Any]:
    """Proposals a person is a member of on a day, each with its last day: beside ``people.standing_parts``."""
    last = func.coalesce(Membership.ended_on, Membership.until)
    return standing_row("member", Membership.proposal_id, until=last).where(
        Membership.person_id == bindparam("person"), *holds_on(bindparam("day", type_=Date))
    )


def find_project(db: Session, commune_id: int, number: str) -> Proposal:
    """A proposal of this commune by its number, with the group that asks; NotFound else."""
    found = db.scalar(
        select(Proposal)
        .where(Proposal.commune_id == commune_id, Proposal.number == number)
        .options(joinedload(Proposal.group))
    )
    if found is None:
        raise NotFound
    return found


def find_membership(db: Session, commune_id: int, membership_id: int) -> Membership:
    """A membership in this commune; NotFound else."""
    found = db.scalar(select(Membership).where(Membership.id == membership_id, Membership.commune_id == commune_id))
    if found is None:
        raise NotFound
    return found


def find_invitation(db: Session, token: str) -> Invitation:
    """The invitation of a link; NotFound("teams.invitation_unknown") for none and for one taken back."""
    found = db.scalar(select(Invitation).where(Invitation.token_hash == digest(token)))
    if found is None or found.revoked_at is not None:
        raise NotFound("teams.invitation_unknown")
    return found


def _team_statement() -> Any:
    last = func.coalesce(Membership.ended_on, Membership.until)
    return (
        select(
            Membership.id,
            Membership.person_id,
            said_name(),
            Membership.shown_as,
            Membership.city,
            Membership.offer,
            Membership.text,
            Membership.hours,
            Membership.visit_since,
            Membership.since,
            last,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.proposal_id == bindparam("proposal_id"), Membership.since <= bindparam("day"))
        .order_by(last.desc(), Membership.id)
    )


_team = Ready(_team_statement)


def team(db: Session, proposal_id: int, day: date) -> list[Member]:
    """All who stand or stood behind a project, those of the day first, then the latest."""
    return [
        Member(*(key, person_id, shown_name(name, shown_as), *rest, rest[-1] < day))
        for key, person_id, name, shown_as, *rest in _team.rows(db, proposal_id=proposal_id, day=day)
    ]


def belongings(db: Session, person_id: int, day: date) -> list[Belonging]:
    """The projects a person belongs or belonged to, those that hold first."""
    rows = db.execute(
        select(Membership, Proposal.number, Proposal.title, Commune.slug)
        .join(Proposal, Proposal.id == Membership.proposal_id)
        .join(Commune, Commune.id == Membership.commune_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.until.desc(), Membership.id)
    )
    return [
        Belonging(m.id, m.proposal_id, number or "", title, slug, m.offer, m.since, until, until < day)
        for m, number, title, slug in rows
        for until in [m.ended_on or m.until]
    ]


_needs = Ready(
    lambda: (
        select(Need.id, Need.offer, Need.text, Need.quantity, Need.until, Need.found_at.is_not(None))
        .where(Need.proposal_id == bindparam("proposal_id"))
        .order_by(Need.found_at.is_not(None), Need.id)
    )
)


def needs(db: Session, proposal_id: int) -> list[Wanted]:
    """What a project looks for, what is still open first."""
    return [Wanted(*row) for row in _needs.rows(db, proposal_id=proposal_id)]


def has_open_need(db: Session, proposal_id: int, day: date) -> bool:
    """Whether the territory said that it looks for somebody or something today."""
    open_until = Need.until.is_(None) | (Need.until >= day)
    wanted = select(Need.id).where(Need.proposal_id == proposal_id, Need.found_at.is_(None), open_until)
    return db.scalar(wanted.limit(1)) is not None


def membership_of(db: Session, person_id: int, proposal_id: int, day: date) -> Membership | None:
    """The membership of a person in a project that holds on a day, if any."""
    return db.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.proposal_id == proposal_id, *holds_on(day)
        )
    )


def membership_part() -> ScalarSelect[Any]:
    """Number of the membership of a ``person`` in a ``proposal`` that holds on a ``day``, as part of a statement."""
    held = (Membership.person_id == bindparam("person"), Membership.proposal_id == bindparam("proposal"))
    return select(Membership.id).where(*held, *holds_on(bindparam("day", type_=Date))).limit(1).scalar_subquery()


def messages(db: Session, proposal_id: int, *, limit: int = 100) -> list[Said]:
    """The last messages of a room, the oldest of them first."""
    rows = db.scalars(
        select(RoomMessage).where(RoomMessage.proposal_id == proposal_id).order_by(RoomMessage.id.desc()).limit(limit)
    )
    return [
        Said(m.id, m.shown_name, "" if m.hidden_at else m.text, m.language, m.written_at, m.hidden_at is not None)
        for m in reversed(rows.all())
    ]


def ended_between(db: Session, first: date, last: date) -> list[Membership]:
    """Memberships whose last day lies between two days, both inside."""
    end = func.coalesce(Membership.ended_on, Membership.until)
    return list(db.scalars(select(Membership).where(end.between(first, last)).order_by(Membership.id)))


def counts(db: Session, proposal_ids: Collection[int], day: date) -> dict[int, int]:
    """How many stand behind each of these projects on a day."""
    rows = db.execute(
        select(Membership.proposal_id, func.count())
        .where(Membership.proposal_id.in_(proposal_ids), *holds_on(day))
        .group_by(Membership.proposal_id)
    )
    return {proposal_id: value for proposal_id, value in rows}  # noqa: C416


def find_need(db: Session, proposal_id: int, need_id: int) -> Need:
    """A need of this project; NotFound else."""
    found = db.scalar(select(Need).where(Need.id == need_id, Need.proposal_id == proposal_id))
    if found is None:
        raise NotFound
    return found


def find_message(db: Session, proposal_id: int, message_id: int) -> RoomMessage:
    """A message of this room; NotFound else."""
    found = db.scalar(select(RoomMessage).where(RoomMessage.id == message_id, RoomMessage.proposal_id == proposal_id))
    if found is None:
        raise NotFound
    return found


def invited_project(db: Session, invitation: Invitation) -> Proposal:
    """The project of an invitation, with its commune's round and the group that asks."""
    return db.scalars(
        select(Proposal)
        .where(Proposal.id == invitation.proposal_id)
        .options(joinedload(Proposal.group), joinedload(Proposal.round).joinedload(Round.commune))
    ).one()


@dataclass(frozen=True)
class Open:
    """An invitation that waits."""

    id: int
    name: str
    until: date
    is_taken: bool
    is_revoked: bool


def invitations(db: Session, proposal_id: int) -> list[Open]:
    """The invitations to a project, the newest first."""
    rows = db.scalars(select(Invitation).where(Invitation.proposal_id == proposal_id).order_by(Invitation.id.desc()))
    return [Open(i.id, i.name, i.until, i.taken_at is not None, i.revoked_at is not None) for i in rows]


def find_invitation_of(db: Session, proposal_id: int, invitation_id: int) -> Invitation:
    """An invitation to this project by its number; NotFound else."""
    found = db.scalar(select(Invitation).where(Invitation.id == invitation_id, Invitation.proposal_id == proposal_id))
    if found is None:
        raise NotFound("teams.invitation_unknown")
    return found

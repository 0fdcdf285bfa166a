"""Reads about persons: who they are today; groups, the office and one's own things each have their module."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, case, cast, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.people.actor import Voice
from cdp.people.models import Belonging, Group, GroupMember, Mandate, Passkey, Person
from cdp.people.rules import shown_name
from cdp.people.states import GroupKind, GroupState, Role, Tie

__all__ = ["Standing", "by_address", "find", "has_passkey", "shown_name", "standing"]

STANDS = (GroupState.STANDING, GroupState.CHECKED)
"""States of a group that has been joined by a second member and was not closed."""


@dataclass(frozen=True)
class Standing:
    """What a person is on a day: mandates and ties by commune, groups they may act for."""

    mandates: frozenset[tuple[int, Role]]
    groups: frozenset[int]
    voices: frozenset[Voice]
    ties: frozenset[tuple[int, Tie]]


def standing(db: Session, person_id: int, day: date) -> Standing:
    """Mandates, groups and ties of a person that hold on a day, in one statement."""
    text = String(40)
    rows = db.execute(
        union_all(
            select(
                literal("mandate"), Mandate.commune_id, type_coerce(cast(Mandate.role, text), text), literal(0)
            ).where(*_holds(Mandate, person_id, day)),
            select(
                case((Group.state.in_(STANDS), "voice"), else_="group"),
                GroupMember.group_id,
                type_coerce(cast(Group.kind, text), text),
                Group.commune_id,
            )
            .join(Group, Group.id == GroupMember.group_id)
            .where(*_holds(GroupMember, person_id, day), GroupMember.may_act),
            select(
                literal("tie"), Belonging.commune_id, type_coerce(cast(Belonging.tie, text), text), literal(0)
            ).where(*_holds(Belonging, person_id, day)),
        )
    ).all()
    return Standing(
        mandates=frozenset((of, Role(what)) for kind, of, what, _at in rows if kind == "mandate"),
        groups=frozenset(of for kind, of, _what, _at in rows if kind in {"group", "voice"}),
        voices=frozenset(Voice(of, at, GroupKind(what)) for kind, of, what, at in rows if kind == "voice"),
        ties=frozenset((of, Tie(what)) for kind, of, what, _at in rows if kind == "tie"),
    )


def _holds(
    table: type[Mandate] | type[GroupMember] | type[Belonging], person_id: int, day: date
) -> tuple[ColumnElement[bool], ...]:
    return (table.person_id == person_id, table.since <= day, or_(table.until.is_(None), table.until >= day))


def find(db: Session, person_id: int) -> Person:
    """A person by number; NotFound for none and for one who was erased."""
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound
    return person


def by_address(db: Session, address: str) -> Person | None:
    """The person with that e-mail, however it is written; None else."""
    found: Person | None = db.scalar(select(Person).where(func.lower(Person.email) == address.strip().lower()))
    return found


def has_passkey(db: Session, person_id: int) -> bool:
    """Whether a person has registered a passkey."""
    return db.scalar(select(Passkey.id).where(Passkey.person_id == person_id).limit(1)) is not None

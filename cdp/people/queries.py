"""Reads about persons, groups and mandates."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, cast, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.people.models import Belonging, GroupMember, Mandate, Person
from cdp.people.states import Role, ShownAs, Tie


@dataclass(frozen=True)
class Standing:
    """What a person is on a day: mandates and ties by commune, groups they may act for."""

    mandates: frozenset[tuple[int, Role]]
    groups: frozenset[int]
    ties: frozenset[tuple[int, Tie]]


def standing(db: Session, person_id: int, day: date) -> Standing:
    """Mandates, groups and ties of a person that hold on a day, in one statement."""
    text = String(40)
    rows = db.execute(
        union_all(
            select(literal("mandate"), Mandate.commune_id, type_coerce(cast(Mandate.role, text), text)).where(
                *_holds(Mandate, person_id, day)
            ),
            select(literal("group"), GroupMember.group_id, literal("")).where(
                *_holds(GroupMember, person_id, day), GroupMember.may_act
            ),
            select(literal("tie"), Belonging.commune_id, type_coerce(cast(Belonging.tie, text), text)).where(
                *_holds(Belonging, person_id, day)
            ),
        )
    ).all()
    return Standing(
        mandates=frozenset((of, Role(what)) for kind, of, what in rows if kind == "mandate"),
        groups=frozenset(of for kind, of, _ in rows if kind == "group"),
        ties=frozenset((of, Tie(what)) for kind, of, what in rows if kind == "tie"),
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


def shown_name(name: str, shown_as: ShownAs) -> str:
    """The name a person chose to show: full, first name with an initial, or nothing."""
    if shown_as is ShownAs.ANONYMOUS:
        return ""
    first, *others = name.split()
    if shown_as is ShownAs.FULL or not others:
        return name
    return f"{first} {others[-1][0]}."

"""Reads about persons: who they are today; groups, the office and one's own things each have their module."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    outerjoin,
    select,
)
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.i18n.say import language
from cdp.kernel.errors import NotFound
from cdp.people.actor import Voice
from cdp.people.models import Belonging, Group, GroupMember, Mandate, Passkey, Person
from cdp.people.rules import shown_name
from cdp.people.states import GroupKind, GroupState, Role, Tie
from cdp.store.ready import Whole

__all__ = [
    "Standing",
    "by_address",
    "by_identifier",
    "find",
    "has_passkey",
    "said_name",
    "said_name_of",
    "shown_name",
    "standing_of",
    "standing_parts",
    "standing_row",
]

STANDS = (GroupState.STANDING, GroupState.CHECKED)
"""States of a group that has been joined by a second member and was not closed."""


@dataclass(frozen=True)
class Standing:
    """What a person is on a day: mandates and ties by commune, groups they may act for."""

    mandates: frozenset[tuple[int, Role]]
    groups: frozenset[int]
    voices: frozenset[Voice]
    ties: frozenset[tuple[int, Tie]]
    memberships: dict[int, date]
    """Of the teams: proposals, each with the last day."""


def standing_row(kind: Any, of: Any, **more: Any) -> Select[Any]:
    """A part of the one statement that says what a person is today: what kind, of which thing, and ``more`` of it.

    ``more``: ``what`` it is in a word, ``at`` which commune, ``until`` when. Its parameters are ``person`` and ``day``.
    """
    unsaid = {"what": cast(null(), String(40)), "at": cast(null(), Integer), "until": cast(null(), Date)}
    said = (more.get(name, nothing).label(name) for name, nothing in unsaid.items())
    named = literal_column(f"'{kind}'", String(10)) if isinstance(kind, str) else kind
    return select(named.label("kind"), of.label("of"), *said)


@cache
def standing_parts() -> tuple[Select[Any], ...]:
    """Mandates, groups and ties of a person that hold on a day, for a union with what later stages know."""
    text = String(40)
    standing = or_(*(Group.state == each for each in STANDS))
    stands = case((standing, literal_column("'voice'")), else_=literal_column("'group'"))
    groups = standing_row(stands, GroupMember.group_id, what=cast(Group.kind, text), at=Group.commune_id)
    return (
        standing_row("mandate", Mandate.commune_id, what=cast(Mandate.role, text)).where(*_holds(Mandate)),
        groups.join(Group, Group.id == GroupMember.group_id).where(*_holds(GroupMember), GroupMember.may_act),
        standing_row("tie", Belonging.commune_id, what=cast(Belonging.tie, text)).where(*_holds(Belonging)),
    )


def standing_of(rows: Iterable[Any]) -> Standing:
    """What the rows of :func:`standing_parts` say."""
    held: dict[str, list[Any]] = {"mandate": [], "group": [], "voice": [], "tie": [], "member": []}
    for row in rows:
        held[row.kind].append(row)
    return Standing(
        mandates=frozenset((row.of, Role(row.what)) for row in held["mandate"]),
        groups=frozenset(row.of for row in held["group"] + held["voice"]),
        voices=frozenset(Voice(row.of, row.at, GroupKind(row.what)) for row in held["voice"]),
        ties=frozenset((row.of, Tie(row.what)) for row in held["tie"]),
        memberships={row.of: row.until for row in held["member"]},
    )


def _holds(table: type[Mandate] | type[GroupMember] | type[Belonging]) -> tuple[ColumnElement[bool], ...]:
    day = bindparam("day", type_=Date)
    return (table.person_id == bindparam("person"), table.since <= day, or_(table.until.is_(None), table.until >= day))


def find(db: Session, person_id: int) -> Person:
    """A person by number; NotFound for none and for one who was erased."""
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise NotFound
    return person


def said_name(of: Any = Person) -> ColumnElement[str]:
    """The column of a person's name as it is said now: in Arabic the one in Arabic letters, where it was given.

    ``of``: the table of persons, or an alias of it. The language is asked for with every execution, so that a
    statement made once serves all of them.
    """
    in_arabic = bindparam("said_in", callable_=language, type_=String(2)) == literal_column("'ar'", String(2))
    given = and_(in_arabic, of.name_ar != literal_column("''"))
    return case((given, of.name_ar), else_=of.name).label("name")


def said_name_of(person: Person) -> str:
    """The name of a person in hand as it is said now; see :func:`said_name`."""
    return (language() == "ar" and person.name_ar) or person.name


def by_address(db: Session, address: str) -> Person | None:
    """The person with that e-mail, however it is written; None else."""
    found: Person | None = db.scalar(select(Person).where(func.lower(Person.email) == address.strip().lower()))
    return found


def _with_commune(asked: Any) -> Any:
    of_the_address = (Commune.slug == bindparam("slug"), Commune.opened_on.is_not(None))
    both = outerjoin(Person, Commune, and_(*of_the_address))
    return asked.select_from(both).where(Person.fs_uniquifier == bindparam("identifier"))


_by_identifier = Whole(Person, _with_commune, Commune)


def by_identifier(db: Session, identifier: str, slug: str | None) -> tuple[Person, Commune | None] | None:
    """The person a session cookie speaks of, with the commune of the address: what a page of somebody who is signed
    in always begins with, in one statement. No commune where ``slug`` is None or none that uses the tool."""
    found = _by_identifier.together(db, identifier=identifier, slug=slug)
    return None if found is None else (found[0], found[1])


def has_passkey(db: Session, person_id: int) -> bool:
    """Whether a person has registered a passkey."""
    return db.scalar(select(Passkey.id).where(Passkey.person_id == person_id).limit(1)) is not None

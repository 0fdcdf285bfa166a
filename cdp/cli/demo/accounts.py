"""Accounts of the demonstration, as the terminal names them: one for every act that may be tried."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cdp.cli.demo.scene import read
from cdp.people.states import GroupKind

GROUPS = {
    GroupKind.WOMENS_GROUP: "women's group",
    GroupKind.YOUTH_GROUP: "youth group",
    GroupKind.INFORMAL: "informal group",
}
"""Kinds of groups of which two members are named: two of them enter a group together."""

PEOPLE = {"lives": "resident", "roots": "diaspora"}
"""Ties of which two people who hold no office and speak for no group are named."""

EACH = 2


class Account(NamedTuple):
    """What somebody is, their name, and how they sign in."""

    what: str
    name: str
    sign_in: str


def accounts() -> list[Account]:
    """Officials of both communes, then members of groups, residents, people abroad."""
    people, second = read("people")["person"], read("second")["person"]
    officials = [_account(", ".join(_roles(person)), person) for person in people if _roles(person)]
    others = [person for person in people if not _roles(person)]
    return [
        *officials,
        *(_account(f"{', '.join(_roles(person))} (second commune)", person) for person in second),
        *_members(others),
        *_tied(others),
    ]


def _roles(person: Mapping[str, Any]) -> list[str]:
    return [mandate["role"] for mandate in person.get("mandates", [])]


def _members(people: list[dict[str, Any]]) -> Iterator[Account]:
    groups = read("groups")["group"]
    for kind, what in GROUPS.items():
        for group in [one["key"] for one in groups if one["kind"] == kind][:1]:
            of_it = sorted((p for p in people if group in p["groups"]), key=lambda p: ("email" not in p, p["key"]))
            name = next(one["name"]["fr"] for one in groups if one["key"] == group)
            for person in of_it[:EACH]:
                yield _account(f"{what}: {name}", person)


def _tied(people: list[dict[str, Any]]) -> Iterator[Account]:
    for tie, what in PEOPLE.items():
        of_it = [p for p in people if {each["kind"] for each in p["ties"]} == {tie} and "email" in p]
        for person in sorted(of_it, key=lambda p: (len(p["groups"]), p["key"]))[:EACH]:
            yield _account(what, person)


def _account(what: str, person: Mapping[str, Any]) -> Account:
    return Account(what, person["name"], person.get("email", "sign-in card"))

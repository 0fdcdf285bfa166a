"""The terms of a count: everything that is decided and published before the ballot opens."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cdp.priorities.rules.voting.conditions import UNLIMITED, Conditions, Room, open_room
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.ties import BY_NAME, precedence
from cdp.priorities.rules.voting.trace import Outcome, Tie


class Utility(StrEnum):
    """What a chosen project is worth to its supporter, in equal shares.

    By count it is the points given (1 where ballots approve, the Borda points where they rank);
    by cost it is those points times the cost of the project.
    """

    COST = "cost"
    COUNT = "count"


class Completion(StrEnum):
    """How equal shares goes on when voters can buy nothing more."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_GREEDY = "add1-greedy"


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel adds to a declared mix: its part of the whole, and its mean of each project, all from 0 to 1."""

    part: Fraction
    means: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """How to count: limits, ties (``name`` or ``lot:SEED``), and for equal shares utility and completion."""

    conditions: Conditions = UNLIMITED
    ties: str = BY_NAME
    utility: Utility = Utility.COST
    completion: Completion = Completion.NONE
    panel: Panel | None = None


PLAIN = Terms()


def begin(election: Election, terms: Terms) -> tuple[Room, list[int]]:
    """The room of this count, and the place of every candidate when all are tied."""
    places = precedence(terms.ties, election.index)
    return open_room(election, terms.conditions), [places[one.id] for one in election.candidates]


def outcome(rule: str, room: Room, ties: list[Tie]) -> Outcome:
    """The result of a count, from the room as it was left."""
    candidates = room.election.candidates
    return Outcome(
        rule,
        room.election.budget,
        room.spent,
        tuple(candidates[index].id for index in room.taken),
        tuple(room.steps),
        tuple(sorted(room.passed, key=lambda one: one.project)),
        tuple(ties),
    )

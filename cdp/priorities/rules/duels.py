"""Pairwise ballots: a voter is shown projects two by two and says which is wanted more, or nothing.

A choice is kept as ``A>B``: A rather than B. A list must be short: seven projects make twenty-one questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cdp.priorities.states import Flaw

LONGEST_LIST = 7
"""Most projects that may be held against one another."""

BEYOND = ">"


def too_long_or_short(projects: int) -> bool:
    """Whether so many projects cannot be compared two by two by a patient voter."""
    return not 2 <= projects <= LONGEST_LIST


def questions(numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """All pairs, so ordered that no project stands in two questions one after the other where that can be helped.

    Rounds of a tournament (each project once a round), the rounds one after the other.
    """
    teams = [*numbers, *([""] if len(numbers) % 2 else [])]
    found: list[tuple[str, str]] = []
    for _ in range(len(teams) - 1):
        half = len(teams) // 2
        found += [(a, b) for a, b in zip(teams[:half], reversed(teams[half:]), strict=True) if a and b]
        teams = [teams[0], teams[-1], *teams[1:-1]]
    order = {number: place for place, number in enumerate(numbers)}
    return tuple((a, b) if order[a] < order[b] else (b, a) for a, b in found)


def said(one: str, other: str) -> str:
    """The choice of one project rather than another."""
    return f"{one}{BEYOND}{other}"


def read(choice: str) -> tuple[str, str]:
    """The preferred project and the other one; a text that is no choice gives ("", "")."""
    one, beyond, other = choice.partition(BEYOND)
    return (one, other) if beyond and one and other else ("", "")


def pair_flaw(content: Iterable[str], standings: Mapping[str, str]) -> tuple[Flaw, str] | None:
    """What makes a pairwise vote one that cannot be counted, and the project it is about; None when it counts."""
    if isinstance(content, Mapping):
        return Flaw.OFF_SCALE, ""
    seen: set[frozenset[str]] = set()
    for choice in content:
        pair = read(choice)
        for number in pair:
            if number not in standings:
                return Flaw.UNKNOWN_PROJECT, number
            if standings[number] != "offered":
                return Flaw.EXCLUDED_PROJECT, number
        if frozenset(pair) in seen or len(set(pair)) < 2:
            return Flaw.NAMED_TWICE, ""
        seen.add(frozenset(pair))
    return None


@dataclass(frozen=True)
class Duel:
    """Two projects and how many voters preferred each."""

    one: str
    other: str
    for_one: int
    for_other: int


def duels(numbers: Sequence[str], added: Iterable[tuple[str, str, int]]) -> tuple[Duel, ...]:
    """Every duel of these projects, from the choices of all voters added up."""
    votes = {(one, other): number for one, other, number in added}
    pairs = combinations(numbers, 2)
    return tuple(Duel(a, b, votes.get((a, b), 0), votes.get((b, a), 0)) for a, b in pairs)

"""What ties the projects of a ballot: those that shut one another out, those that need another first.

Set before the ballot opens, published, frozen with it. Whether pins, bonds and ceilings can stand together is
judged before the opening: a count must never fail for what was decided beforehand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.priorities.states import Bond

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bonds:
    """Pairs of projects: of ``incompatible`` at most one is chosen; of ``needs`` the first only with the second."""

    incompatible: Pairs = ()
    needs: Pairs = ()

    def of(self, kind: Bond) -> Pairs:
        """The pairs of one kind."""
        return self.incompatible if kind is Bond.INCOMPATIBLE else self.needs

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.incompatible or self.needs)

    def __iter__(self) -> Any:
        """Each bond: its kind and its two projects."""
        return iter([(kind, one, other) for kind in Bond for one, other in self.of(kind)])


class Decided(Protocol):
    """A project of a ballot as far as bonds and pins ask."""

    @property
    def number(self) -> str:
        """Its number."""

    @property
    def cost(self) -> Money:
        """What it costs."""

    @property
    def standing(self) -> str:
        """offered, pinned or excluded."""


def bonds(document: Mapping[str, Any] | None) -> Bonds:
    """Bonds as they are kept in a ballot's row."""
    kept = document or {}
    found = {kind: tuple((str(a), str(b)) for a, b in kept.get(kind.value, ())) for kind in Bond}
    return Bonds(found[Bond.INCOMPATIBLE], found[Bond.NEEDS])


def plain(found: Bonds) -> dict[str, Any]:
    """Bonds as they are kept."""
    return {kind.value: [list(pair) for pair in found.of(kind)] for kind in Bond if found.of(kind)}


def tied(found: Bonds, kind: Bond, one: str, other: str) -> Bonds:
    """The bonds with one more; what shuts out shuts out both ways, so it is kept in one order."""
    pair = tuple(sorted((one, other))) if kind is Bond.INCOMPATIBLE else (one, other)
    return _with(found, kind, sorted({*found.of(kind), (pair[0], pair[1])}))


def untied(found: Bonds, kind: Bond, one: str, other: str) -> Bonds:
    """The bonds without one; one that is not there changes nothing."""
    gone = {(one, other), (other, one)} if kind is Bond.INCOMPATIBLE else {(one, other)}
    return _with(found, kind, [pair for pair in found.of(kind) if pair not in gone])


def within(found: Bonds, numbers: Collection[str]) -> Bonds:
    """The bonds whose projects are both on the ballot."""
    for kind in Bond:
        found = _with(found, kind, [pair for pair in found.of(kind) if set(pair) <= set(numbers)])
    return found


def _with(found: Bonds, kind: Bond, pairs: Iterable[tuple[str, str]]) -> Bonds:
    held = tuple(pairs)
    return Bonds(held, found.needs) if kind is Bond.INCOMPATIBLE else Bonds(found.incompatible, held)


def bond_problem(found: Bonds, kind: Bond, one: str, other: str) -> str | None:
    """Message key of why a bond cannot be, or None: with itself, in a circle, or against a bond that is there."""
    if one == other:
        return "priorities.bond_with_itself"
    if kind is Bond.NEEDS and one in _needed(found, other):
        return "priorities.bond_in_a_circle"
    wanted = tied(found, kind, one, other)
    for first, second in wanted.incompatible:
        chains = ({project, *_needed(wanted, project)} for project, _ in wanted.needs)
        if any({first, second} <= chain for chain in chains):
            return "priorities.bond_against_bond"
    return None


def _needed(found: Bonds, project: str) -> set[str]:
    """All that a project needs, straight or by way of others."""
    reached: set[str] = set()
    waiting = [project]
    while waiting:
        asked = waiting.pop()
        fresh = {other for one, other in found.needs if one == asked} - reached
        reached |= fresh
        waiting += sorted(fresh)
    return reached


def standing_problem(
    offers: Sequence[Decided], found: Bonds, *, budget: Money, ceilings: Iterable[tuple[Collection[str], Money]] = ()
) -> Message | None:
    """Why the decisions about a ballot cannot stand together, or None; ``ceilings`` are projects and an amount.

    Pinned projects go beyond the whole amount or a ceiling, shut one another out, or need one that is not pinned.
    """
    pinned = {offer.number: offer.cost.minor for offer in offers if offer.standing == "pinned"}
    if sum(pinned.values()) > budget.minor:
        return Message("priorities.pinned_over_budget")
    for projects, amount in ceilings:
        if sum(cost for number, cost in pinned.items() if number in projects) > amount.minor:
            return Message("priorities.pinned_over_ceiling")
    for one, other in found.incompatible:
        if one in pinned and other in pinned:
            return Message("priorities.pinned_incompatible", {"one": one, "other": other})
    for one, other in found.needs:
        if one in pinned and other not in pinned:
            return Message("priorities.pinned_needs", {"one": one, "other": other})
    return None

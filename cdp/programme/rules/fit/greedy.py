"""The explained programme by rank: each project in its earliest year with room, and why not the others.

People can follow it with a pencil: decided projects first, then what the floors ask for, then all others
by rank; what a project needs before it comes with it. Portions of the money programmed are looked at
last: the lowest ranks that break them are taken out again, and what fits then is let in.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from cdp.kernel.undisturbed import undisturbed
from cdp.programme.rules.fit.grid import Grid, RowKind, grid
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.result import programme
from cdp.programme.rules.fit.tally import Tally
from cdp.programme.rules.fit.terms import WHOLE, FitStatus, Instance, Programme, Project

ROUNDS = 4
"""How often what was taken out and what came free is gone through again."""

Room = Callable[[Option], bool]


def fit(instance: Instance) -> Programme:
    """The programme by rank, with a reason for each project left out or late. Instance: sound.

    UNMET when a pin or a floor does not hold so; ``exact.fit`` tells whether it could.
    """
    with undisturbed():
        return _explained(instance, by_rank)


def refit(instance: Instance, previous: Mapping[str, int]) -> Programme:
    """The programme by rank in which a former one (first year by project) is kept as far as it still holds.

    Decided projects come first, then the former ones in their years by rank, then all others. Fast, and nothing
    that can stay is moved; ``exact.refit`` proves the fewest changes.
    """
    with undisturbed():
        return _explained(instance, lambda ready: in_order(ready, ranked(instance.projects), previous))


def _explained(instance: Instance, placed: Callable[[Grid], Mapping[str, Option]]) -> Programme:
    """What is only needed on the way is gone when this ends, before unused memory is looked for again."""
    began = time.perf_counter()
    ready = grid(instance)
    return programme(ready, placed(ready), FitStatus.EXPLAINED, seconds=time.perf_counter() - began)


def by_rank(ready: Grid) -> Mapping[str, Option]:
    """The options placed, by project."""
    return in_order(ready, ranked(ready.instance.projects))


def by_worth(ready: Grid) -> Mapping[str, Option]:
    """The same with another order: most priority value for the money first. A better start for the exact fit."""
    worth = {
        id_: choice.project.value / max(1, choice.options[0].total if choice.options else 1)
        for id_, choice in ready.choices.items()
    }
    return in_order(ready, sorted(worth, key=lambda id_: (-worth[id_], id_)))


def in_order(ready: Grid, order: Sequence[str], previous: Mapping[str, int] | None = None) -> Mapping[str, Option]:
    """The options placed when projects are gone through in this order, those of ``previous`` first in their years."""
    making = _Making(ready)
    making.place_all(sorted((id_ for id_ in order if id_ in ready.pins), key=lambda id_: ready.pins[id_] is None))
    if previous:
        making.place_again([id_ for id_ in order if id_ in previous], previous)
    for row, target in _floors(ready):
        making.place_until(order, row, target)
    making.place_all(order)
    for _ in range(ROUNDS):
        if not making.take_out_lowest(order):
            break
        making.place_all(order, strict=True)
    return making.tally.placed


def ranked(projects: Iterable[Project]) -> list[str]:
    """Ids by rank, then those without rank; equals by higher value, then by id."""
    key = {project.id: (project.rank is None, project.rank or 0, -project.value) for project in projects}
    return sorted(key, key=lambda id_: (key[id_], id_))


def _floors(ready: Grid) -> list[tuple[int, int]]:
    """(row, how much it should take) of each floor; a portion of what is programmed is taken of resources."""
    resources = sum(ready.instance.envelope_amounts().values())
    floors = []
    for number, row in enumerate(ready.rows):
        if row.kind is RowKind.QUOTA_LEAST:
            portion = row.portion or 0
            floors.append((number, (row.lower or 0) + (WHOLE - portion) * portion * resources // WHOLE))
    return floors


class _Making:
    """A programme in the making."""

    def __init__(self, ready: Grid) -> None:
        self.ready = ready
        self.tally = Tally(ready)
        self._after = _reversed(ready.before)

    def place_all(self, order: Sequence[str], *, strict: bool = False) -> None:
        """Place whatever fits, in order; ``strict``: portions of the money programmed must hold too."""
        room = self.tally.holds_with if strict else self.tally.has_room
        for id_ in order:
            if id_ not in self.tally.placed:
                self._place(id_, room)

    def place_again(self, order: Sequence[str], previous: Mapping[str, int]) -> None:
        """Place projects in the very years they had, those they wait for first, where there is still room."""
        for id_ in sorted(order, key=lambda id_: previous[id_]):
            option = next((each for each in self.ready.options(id_) if each.start == previous[id_]), None)
            firsts = [self.tally.placed.get(first) for first in self.ready.before[id_]]
            ready = all(first is not None and first.end < previous[id_] for first in firsts)
            if id_ not in self.tally.placed and option is not None and ready and self.tally.has_room(option):
                self.tally.put(option)

    def place_until(self, order: Sequence[str], row: int, target: int) -> None:
        """Place what serves a floor, in order, until the row takes ``target``."""
        for id_ in order:
            if self.tally.taken[row] >= target:
                return
            options = self.ready.choices[id_].options
            if id_ in self.tally.placed or not options:
                continue
            if self.ready.takes[id_, options[0].start].get(row, 0) > 0:
                self._place(id_, self.tally.has_room)

    def take_out_lowest(self, order: Sequence[str]) -> bool:
        """Take out the lowest ranks until no portion is broken; whether anything was taken out."""
        taken_out = False
        for id_ in reversed(order):
            broken = [block for block in self.tally.broken() if self.ready.rows[block[0]].portion is not None]
            if not broken:
                break
            if id_ in self.tally.placed and self._breaks(id_, [row for row, _ in broken]):
                taken_out = self._take_out(id_) or taken_out
        return taken_out

    def _breaks(self, id_: str, rows: Sequence[int]) -> bool:
        """Whether a row among these would be better off without the project."""
        takes = self.ready.takes[id_, self.tally.placed[id_].start]
        return any(
            takes.get(row, 0) > 0 if self.ready.rows[row].upper is not None else takes.get(row, 0) < 0 for row in rows
        )

    def _take_out(self, id_: str) -> bool:
        """Take out a project and all that cannot stand without it; not when one of them is pinned."""
        going, open_ = {id_}, [id_]
        while open_:
            current = open_.pop()
            new = {*self._after.get(current, ()), *self.ready.together.get(current, ())} - going
            going |= new
            open_ += new
        going &= self.tally.placed.keys()
        if any(gone in self.ready.pins for gone in going):
            return False
        for gone in going:
            self.tally.take_back(gone)
        return True

    def _place(self, id_: str, room: Room) -> bool:
        """Place a project with all it needs, or nothing."""
        if not self.ready.options(id_):
            return False
        bundle = self._bundle(id_)
        if bundle is None:
            return False
        done: list[str] = []
        for member in bundle:
            option = self._earliest(member, room)
            if option is None:
                for placed in done:
                    self.tally.take_back(placed)
                return False
            self.tally.put(option)
            done.append(member)
        return True

    def _earliest(self, id_: str, room: Room) -> Option | None:
        """The first option with room after all that must be finished before."""
        ready_in = max((self.tally.placed[first].end + 1 for first in self.ready.before[id_]), default=0)
        for option in self.ready.options(id_):
            if option.start >= ready_in and room(option):
                return option
        return None

    def _bundle(self, id_: str) -> list[str] | None:
        """What is to be placed with a project, itself included, in order; None when it waits for itself."""
        before, placed = self.ready.before, self.tally.placed
        if not before[id_] and id_ not in self.ready.together:
            return [id_]
        wanted, open_ = {id_}, [id_]
        while open_:
            current = open_.pop()
            new = {*before[current], *self.ready.together.get(current, ())} - wanted - placed.keys()
            wanted |= new
            open_ += new
        bundle: list[str] = []
        while wanted:
            free = sorted(member for member in wanted if wanted.isdisjoint(before[member]))
            if not free:
                return None
            bundle += free
            wanted -= set(free)
        return bundle


def _reversed(before: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {}
    for later, earlier in before.items():
        for first in earlier:
            after.setdefault(first, []).append(later)
    return after

"""What limits a choice besides the votes, and the room that is left while choosing.

All of it is decided and published before the count: ceilings for a territory or a sector, a least
number of votes, projects that shut one another out, projects that need another first, and the few
that a reasoned decision pins (taken first, paid from the whole budget) or excludes.
"""

from dataclasses import dataclass, field, replace

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.trace import CountMeasure, Passed, Step, WhyNot


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Projects that together may cost at most ``amount`` (smallest units); ``name`` is shown to people."""

    name: str
    projects: frozenset[str]
    amount: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """The limits of a count; ``pinned`` and ``excluded`` are pairs of a project and the written reason."""

    ceilings: tuple[Ceiling, ...] = ()
    minimum_votes: int = 0
    incompatible: tuple[tuple[str, str], ...] = ()
    prerequisites: tuple[tuple[str, str], ...] = ()
    pinned: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()


UNLIMITED = Conditions()


@dataclass(slots=True)
class Room:
    """What still fits while projects are taken one by one; built by ``open_room``.

    Candidates are named by their index.  ``eligible`` are those that may be chosen at all; the
    pinned ones are already taken.
    """

    election: Election
    ceilings: tuple[Ceiling, ...]
    by_ceiling: dict[int, list[int]]
    against: dict[int, set[int]]
    needs: dict[int, set[int]]
    eligible: list[int]
    passed: list[Passed]
    spent: int = 0
    taken: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    used: list[int] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What is left of the budget, in smallest units (below zero in a trial that overspends)."""
        return self.election.budget - self.spent

    def fits(self, index: int) -> bool:
        """Whether the budget as a whole still pays for it."""
        return self.election.costs[index] <= self.left

    def barred(self, index: int) -> Passed | None:
        """Why it can never be taken any more, budget apart; None when nothing forbids it."""
        if not self.against and not self.ceilings:
            return None
        name, cost = self.election.candidates[index].id, self.election.costs[index]
        for other in self.taken:
            if other in self.against.get(index, ()):
                return Passed(name, WhyNot.INCOMPATIBLE, self.election.candidates[other].id)
        for place in self.by_ceiling.get(index, ()):
            if self.used[place] + cost > self.ceilings[place].amount:
                missing = self.used[place] + cost - self.ceilings[place].amount
                return Passed(name, WhyNot.CEILING, self.ceilings[place].name, missing)
        return None

    def waits(self, index: int) -> bool:
        """Whether it needs a project that is not chosen (yet)."""
        return index in self.needs and not self.needs[index].issubset(self.taken)

    def open_to(self, index: int) -> bool:
        """Whether it could be taken now: fits, is not barred, waits for nothing."""
        return self.fits(index) and self.barred(index) is None and not self.waits(index)

    def take(self, index: int) -> None:
        """Choose it and count its cost."""
        cost = self.election.costs[index]
        self.spent += cost
        self.taken.append(index)
        for place in self.by_ceiling.get(index, ()):
            self.used[place] += cost

    def fork(self) -> "Room":
        """The same room for a trial: what happens in one does not touch the other."""
        return replace(self, taken=[*self.taken], steps=[*self.steps], used=[*self.used], passed=[*self.passed])

    def missed(self, index: int) -> Passed:
        """Why a project that was still standing at the end was not chosen."""
        name, cost = self.election.candidates[index].id, self.election.costs[index]
        if (bar := self.barred(index)) is not None:
            return bar
        if self.waits(index):
            other = min(self.needs[index].difference(self.taken))
            return Passed(name, WhyNot.PREREQUISITE, self.election.candidates[other].id)
        if not self.fits(index):
            return Passed(name, WhyNot.OVER_BUDGET, missing=cost - self.left)
        return Passed(name, WhyNot.NOT_REACHED)


def open_room(election: Election, conditions: Conditions) -> Room:
    """Room for a count: exclusions and too few votes set aside, pins taken; raises RuleBroken."""
    index = _index(election, conditions)
    ceilings = conditions.ceilings
    by_ceiling: dict[int, list[int]] = {}
    for place, ceiling in enumerate(ceilings):
        for project in ceiling.projects:
            by_ceiling.setdefault(index[project], []).append(place)
    against: dict[int, set[int]] = {}
    for one, other in conditions.incompatible:
        against.setdefault(index[one], set()).add(index[other])
        against.setdefault(index[other], set()).add(index[one])
    needs: dict[int, set[int]] = {}
    for project, needed in conditions.prerequisites:
        needs.setdefault(index[project], set()).add(index[needed])
    room = Room(election, ceilings, by_ceiling, against, needs, [], [], used=[0] * len(ceilings))
    _pin(room, [index[project] for project, _ in conditions.pinned])
    _set_aside(room, conditions)
    return room


def _index(election: Election, conditions: Conditions) -> dict[str, int]:
    """Positions of the candidates, once every project named by the conditions is known to be one."""
    named = [project for ceiling in conditions.ceilings for project in sorted(ceiling.projects)]
    for pairs in (conditions.incompatible, conditions.prerequisites):
        named += [project for pair in pairs for project in pair]
    named += [project for project, _ in (*conditions.pinned, *conditions.excluded)]
    for project in named:
        if project not in election.index:
            raise RuleBroken("voting.condition_unknown_project", project=project)
    out = {project for project, _ in conditions.excluded}
    for project, _ in conditions.pinned:
        if project in out:
            raise RuleBroken("voting.pinned_and_excluded", project=project)
    return election.index


def _pin(room: Room, pinned: list[int]) -> None:
    """Take the pinned projects in the order given; they too must fit."""
    candidates = room.election.candidates
    for index in dict.fromkeys(pinned):
        if not room.fits(index) or room.barred(index) is not None:
            raise RuleBroken("voting.pinned_does_not_fit", project=candidates[index].id)
        room.take(index)
        cost, votes = candidates[index].cost, room.election.supporters[index]
        room.steps.append(Step(candidates[index].id, cost, room.left, CountMeasure.PIN, 0.0, votes))
    for index in room.taken:
        if room.waits(index):
            raise RuleBroken("voting.pinned_does_not_fit", project=candidates[index].id)


def _set_aside(room: Room, conditions: Conditions) -> None:
    """Sort the candidates into those that may be chosen and those that may not, with the reason."""
    excluded = dict(conditions.excluded)
    pinned = set(room.taken)
    for index, candidate in enumerate(room.election.candidates):
        if candidate.id in excluded:
            room.passed.append(Passed(candidate.id, WhyNot.EXCLUDED, excluded[candidate.id]))
        elif index in pinned:
            continue
        elif room.election.supporters[index] < conditions.minimum_votes:
            few = conditions.minimum_votes - room.election.supporters[index]
            room.passed.append(Passed(candidate.id, WhyNot.TOO_FEW_VOTES, str(few)))
        else:
            room.eligible.append(index)

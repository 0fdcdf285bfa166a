"""Who acts, and in which capacity: for self, for a group, as a member of a project, under a mandate."""

from dataclasses import dataclass, field, replace
from datetime import date

from cdp.kernel.errors import Refused
from cdp.people.states import CapacityKind, GroupKind, Role, Tie


@dataclass(frozen=True)
class Capacity:
    """In which capacity: the kind, of which group, proposal or commune (its number), and until which day."""

    kind: CapacityKind
    of: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        parts = [self.kind.value, self.of, self.until]
        return ":".join(str(part) for part in parts if part is not None)


SELF = Capacity(CapacityKind.SELF)


def read_capacity(text: str) -> Capacity:
    """The capacity written in an audit line; ValueError when it is not one."""
    kind, _, rest = text.partition(":")
    of, _, until = rest.partition(":")
    return Capacity(CapacityKind(kind), int(of) if of else None, date.fromisoformat(until) if until else None)


@dataclass(frozen=True)
class Voice:
    """A standing group somebody may act for: its number, its commune, what it is."""

    group_id: int
    commune_id: int
    kind: GroupKind


@dataclass(frozen=True)
class Actor:
    """A person with all they may act as today; loaded once a request, or made by the clock and the seeds."""

    person_id: int | None
    capacity: Capacity = SELF
    mandates: frozenset[tuple[int, Role]] = frozenset()
    """(commune number, role) of the mandates that hold today."""
    groups: frozenset[int] = frozenset()
    """Groups this person may act for today."""
    voices: frozenset[Voice] = frozenset()
    """Those of the groups that stand (a second member has joined), with commune and kind."""
    memberships: dict[int, date] = field(default_factory=dict)
    """Proposals (projects) this person is a member of today, each with its last day."""
    ties: frozenset[tuple[int, Tie]] = frozenset()
    """(commune number, tie) of the ties that hold today."""

    def holds(self, commune_id: int, *roles: Role) -> bool:
        """Whether one of these mandates in that commune holds today."""
        return any((commune_id, role) in self.mandates for role in roles)

    def under_mandate(self, commune_id: int, *roles: Role) -> "Actor":
        """This actor acting under the first of these mandates they hold; Refused without any."""
        for role in roles:
            if (commune_id, role) in self.mandates:
                return replace(self, capacity=Capacity(CapacityKind(role.value), commune_id))
        raise Refused("errors.not_allowed", step=roles[0] if roles else "")

    def for_group(self, group_id: int) -> "Actor":
        """This actor speaking for a group; Refused("people.not_in_group") when they may not."""
        if group_id not in self.groups:
            raise Refused("people.not_in_group")
        return replace(self, capacity=Capacity(CapacityKind.GROUP, group_id))

    def as_member(self, proposal_id: int) -> "Actor":
        """This actor as a member of a project; Refused("teams.not_a_member") before and after their days."""
        if proposal_id not in self.memberships:
            raise Refused("teams.not_a_member")
        return replace(self, capacity=Capacity(CapacityKind.MEMBER, proposal_id, self.memberships[proposal_id]))

    def known(self) -> int:
        """Number of the person; Refused("errors.sign_in") for nobody."""
        if self.person_id is None:
            raise Refused("errors.sign_in")
        return self.person_id


NOBODY = Actor(None, Capacity(CapacityKind.NOBODY))
CLOCK = Actor(None, Capacity(CapacityKind.CLOCK))

"""Rights as small questions joined by & | ~, and one table over the steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from cdp.kernel.errors import Refused
from cdp.kernel.machine import Machine

Step = TypeVar("Step", bound=StrEnum)


@dataclass(frozen=True)
class Predicate:
    """A question about (actor, thing) with a name to read aloud."""

    name: str
    ask: Callable[[Any, Any], bool]

    def __call__(self, actor: Any, thing: Any) -> bool:
        """Ask the question."""
        return self.ask(actor, thing)

    def __and__(self, other: "Predicate") -> "Predicate":
        one, two = self.ask, other.ask
        return Predicate(f"({self.name} and {other.name})", lambda a, t: one(a, t) and two(a, t))

    def __or__(self, other: "Predicate") -> "Predicate":
        one, two = self.ask, other.ask
        return Predicate(f"({self.name} or {other.name})", lambda a, t: one(a, t) or two(a, t))

    def __invert__(self) -> "Predicate":
        one = self.ask
        return Predicate(f"not {self.name}", lambda a, t: not one(a, t))


def predicate(ask: Callable[[Any, Any], bool]) -> Predicate:
    """Make a predicate of a small function of (actor, thing)."""
    return Predicate(ask.__name__, ask)


Policy = Mapping[Step, Predicate]


class HasState(Protocol):
    """A thing with a life: its ``state`` is in the machine's table."""

    @property
    def state(self) -> Any:
        """Where it stands now."""


def authorize(policy: Mapping[Step, Predicate], step: Step, actor: Any, thing: Any) -> None:
    """Refused("errors.not_allowed") unless the policy lets this actor take this step on this thing."""
    if step not in policy or not policy[step](actor, thing):
        raise Refused("errors.not_allowed", step=step)


def allowed(policy: Mapping[Step, Predicate], life: Machine[Any, Step], actor: Any, thing: HasState) -> frozenset[Step]:
    """What this actor may do now: state table and policy table together; pages and API show no more."""
    return frozenset(step for step in life.steps(thing.state) if step in policy and policy[step](actor, thing))

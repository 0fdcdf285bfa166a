"""A state machine is a table: (state, step) -> state; the table is the law."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from cdp.kernel.errors import RuleBroken

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[State, Step]):
    """Where a thing starts, and where each step leads from each state."""

    start: State
    table: Mapping[tuple[State, Step], State]

    def next(self, state: State, step: Step) -> State:
        """The state after a step; RuleBroken("errors.step_not_possible") where the table has none."""
        if (state, step) not in self.table:
            raise RuleBroken("errors.step_not_possible", state=state, step=step)
        return self.table[state, step]

    def steps(self, state: State) -> frozenset[Step]:
        """What can be done from a state."""
        return frozenset(step for (origin, step) in self.table if origin == state)

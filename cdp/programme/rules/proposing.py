"""What a search found, as plain values that are kept, and back to a programme that is looked at again."""

from collections.abc import Mapping
from typing import Any

from cdp.kernel.errors import Message, RuleBroken
from cdp.programme.rules import keeping
from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.grid import grid
from cdp.programme.rules.fit.result import programme
from cdp.programme.rules.fit.terms import FitStatus, Instance, Programme

STANDS = frozenset({FitStatus.OPTIMAL, FitStatus.WITHIN_GAP, FitStatus.EXPLAINED})
"""Answers that are a programme one could adopt."""


def kept(done: Programme) -> dict[str, Any]:
    """What is kept of an answer: the starts when it stands, else the conditions that clash."""
    found: dict[str, Any] = {"status": done.status.value, "seconds": round(done.seconds, 2)}
    if done.status in STANDS:
        found |= {"starts": done.starts, "value": done.value, "bound": done.bound, "changed": list(done.changed)}
    return found | {"clash": [keeping.plain(one) for one in done.clash or done.unmet]}


def clash(result: Mapping[str, Any]) -> tuple[Message, ...]:
    """The conditions that contradict one another, of an answer that was kept."""
    return tuple(keeping.read(one) for one in result.get("clash", ()))


def proposed(instance: Instance, result: Mapping[str, Any]) -> Programme:
    """The programme that was kept, counted again in whole numbers. RuleBroken with the condition it breaks."""
    starts: Mapping[str, int] = result["starts"]
    ready = grid(instance)
    if broken := violations(instance, starts, ready.choices):
        raise RuleBroken(broken[0])
    placed = {
        option.project: option
        for id_, start in starts.items()
        for option in ready.choices[id_].options
        if option.start == start
    }
    return programme(ready, placed, FitStatus(result["status"]), bound=result.get("bound"))

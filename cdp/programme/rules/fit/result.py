"""From options placed to the programme that is handed back: checked in whole numbers, with its reasons."""

from collections.abc import Mapping

from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.reasons import reasons
from cdp.programme.rules.fit.terms import FitStatus, Placement, Programme, Use


def value_of(ready: Grid, placed: Mapping[str, Option]) -> int:
    """Total priority value of the projects placed."""
    return sum(ready.choices[id_].project.value for id_ in placed)


def programme(
    ready: Grid, placed: Mapping[str, Option], status: FitStatus, *, bound: int | None = None, seconds: float = 0.0
) -> Programme:
    """The whole answer. A programme that breaks a condition is UNMET, whatever was claimed."""
    instance = ready.instance
    starts = {id_: option.start for id_, option in placed.items()}
    unmet = violations(instance, starts, ready.choices)
    left_out, late = reasons(ready, placed)
    return Programme(
        status=FitStatus.UNMET if unmet else status,
        placements=tuple(
            Placement(id_, placed[id_].start, placed[id_].end, placed[id_].amounts)
            for id_ in ready.choices
            if id_ in placed
        ),
        value=value_of(ready, placed),
        bound=bound,
        left_out=left_out,
        late=late,
        uses=_uses(ready, placed),
        unmet=unmet,
        seconds=seconds,
    )


def _uses(ready: Grid, placed: Mapping[str, Option]) -> tuple[Use, ...]:
    amounts = ready.instance.envelope_amounts()
    used: dict[tuple[int, str], int] = {}
    for option in placed.values():
        for key, amount in option.amounts.items():
            used[key] = used.get(key, 0) + amount
    return tuple(Use(*key, amounts.get(key, 0), used.get(key, 0)) for key in sorted(amounts.keys() | used.keys()))

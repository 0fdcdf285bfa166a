"""Last touches that cost nothing: what still fits is let in, and whoever could start earlier does."""

from collections.abc import Mapping

from cdp.programme.rules.fit.greedy import ranked
from cdp.programme.rules.fit.grid import Grid
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.tally import Tally


def settled(ready: Grid, placed: Mapping[str, Option]) -> Mapping[str, Option]:
    """The same programme, by rank as early as it may be, with all that still fits; pins are kept."""
    tally = Tally(ready)
    for option in placed.values():
        tally.put(option)
    for id_ in ranked(choice.project for choice in ready.choices.values()):
        now = tally.take_back(id_) if id_ in tally.placed else None
        if now is None and id_ in ready.together:
            continue
        earlier = _first(tally, id_, now)
        if earlier is not None:
            tally.put(earlier)
    return tally.placed


def _first(tally: Tally, id_: str, now: Option | None) -> Option | None:
    """The first option that breaks nothing; ``now`` at the latest."""
    before = tally.grid.before[id_]
    if any(first not in tally.placed for first in before):
        return now
    ready_in = max((tally.placed[first].end + 1 for first in before), default=0)
    for option in tally.grid.options(id_):
        if now is not None and option.start >= now.start:
            return now
        if option.start >= ready_in and tally.holds_with(option):
            return option
    return now

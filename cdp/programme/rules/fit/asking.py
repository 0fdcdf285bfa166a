"""One project asked about: for each year it might start in, what stands against it beside all the others."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.grid import MONEY, Grid, grid, said
from cdp.programme.rules.fit.saying import money, percent
from cdp.programme.rules.fit.tally import Tally
from cdp.programme.rules.fit.terms import Instance


@dataclass(frozen=True, slots=True)
class Year:
    """A first year of works: ``against`` is empty when the project has room; ``is_now``: it starts then."""

    start: int
    end: int
    against: tuple[Message, ...]
    is_now: bool


def by_year(instance: Instance, starts: Mapping[str, int], project: str) -> tuple[Year, ...]:
    """Every year the project itself allows, beside a programme (first year by project); () for an unknown project."""
    ready = grid(instance)
    if project not in ready.choices:
        return ()
    tally = Tally(ready)
    for id_, start in starts.items():
        option = next((each for each in ready.choices[id_].options if each.start == start), None)
        if option is not None and id_ != project:
            tally.put(option)
    return tuple(
        Year(
            option.start,
            option.end,
            (*_waiting(ready, tally, project, option.start), *_missing(ready, tally, project, option.start)),
            starts.get(project) == option.start,
        )
        for option in ready.choices[project].options
    )


def _waiting(ready: Grid, tally: Tally, project: str, start: int) -> list[Message]:
    """What must be finished before and is not."""
    found = []
    for first in ready.before[project]:
        if first not in tally.placed:
            found.append(Message("programme.left_out.prerequisite", {"first": first}))
        elif tally.placed[first].end >= start:
            values = {"first": first, "year": tally.placed[first].end}
            found.append(Message("programme.late.prerequisite", values))
    return found


def _missing(ready: Grid, tally: Tally, project: str, start: int) -> list[Message]:
    """Each row that has too little left, and how much is missing."""
    option = next(each for each in ready.choices[project].options if each.start == start)
    found = []
    for number, missing in tally.blocks(option):
        row = ready.rows[number]
        values = said(row)
        if row.portion is not None:
            found.append(Message(f"programme.clash.{row.kind}_portion", values | {"percent": percent(row.portion)}))
            continue
        amount = money(ready.instance, missing) if row.kind in MONEY else missing
        others = ", ".join(_members(ready, tally, str(values.get("exclusion", ""))))
        found.append(Message(f"programme.remedy.{row.kind}", values | {"missing": amount, "others": others}))
    return found


def _members(ready: Grid, tally: Tally, exclusion: str) -> list[str]:
    """Projects in the programme that an exclusion names."""
    named = [one.projects for one in ready.instance.exclusions if one.id == exclusion]
    return [id_ for projects in named for id_ in projects if id_ in tally.placed]

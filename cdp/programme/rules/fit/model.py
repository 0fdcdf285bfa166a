"""The whole-number programme over the options: one column an option, one line a condition.

What comes before what is written year by year (started by then only if the other is finished by then),
which the solver bounds better than one line for each pair.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.check import pin_message
from cdp.programme.rules.fit.grid import MONEY, Grid, Row, said
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.saying import money, percent
from cdp.programme.rules.fit.terms import Instance

Terms = dict[int, int]
"""What each column takes of a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """``lower <= sum of terms <= upper``; ``condition``: what people would call it, None for what is plain."""

    terms: Terms
    lower: int | None
    upper: int | None
    condition: Message | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Columns (0 or 1) with their values, and lines."""

    ready: Grid
    options: tuple[Option, ...]
    values: tuple[int, ...]
    lines: tuple[Line, ...]

    def placed(self, chosen: Iterable[float]) -> dict[str, Option]:
        """The options that a solution chose."""
        return {option.project: option for option, one in zip(self.options, chosen, strict=True) if one > 0.5}

    def chosen(self, placed: Mapping[str, Option]) -> list[int]:
        """A programme as a solution."""
        return [int(placed.get(option.project) == option) for option in self.options]


def model(ready: Grid) -> Model:
    """All options and all conditions; people's decisions are lines too, so that they can be named."""
    options = tuple(option for choice in ready.choices.values() for option in choice.options)
    columns: dict[str, dict[int, int]] = {id_: {} for id_ in ready.choices}
    for number, option in enumerate(options):
        columns[option.project][option.start] = number
    lines = (
        *_once(columns),
        *_decisions(ready, columns),
        *_rows(ready, options),
        *_order(ready, columns, options),
        *_complete(ready, columns),
    )
    values = tuple(ready.choices[option.project].project.value for option in options)
    return Model(ready, options, values, lines)


Columns = Mapping[str, Mapping[int, int]]
"""Column by first year, by project."""


def _once(columns: Columns) -> Iterator[Line]:
    for own in columns.values():
        if len(own) > 1:
            yield Line(dict.fromkeys(own.values(), 1), None, 1)


def _decisions(ready: Grid, columns: Columns) -> Iterator[Line]:
    for id_, start in ready.pins.items():
        own = columns[id_]
        wanted = own.values() if start is None else [own[start]] if start in own else []
        yield Line(dict.fromkeys(wanted, 1), 1, None, pin_message(id_, start))
    for id_ in ready.decided_out:
        if columns[id_]:
            terms = dict.fromkeys(columns[id_].values(), 1)
            yield Line(terms, None, 0, Message("programme.condition.left_out", {"project": id_}))


def _rows(ready: Grid, options: tuple[Option, ...]) -> Iterator[Line]:
    terms: list[Terms] = [{} for _ in ready.rows]
    for number, option in enumerate(options):
        for taken_of, amount in ready.takes[option.project, option.start].items():
            terms[taken_of][number] = amount
    for row, taken in zip(ready.rows, terms, strict=True):
        yield Line(taken, row.lower, row.upper, row_message(ready.instance, row))


def row_message(instance: Instance, row: Row) -> Message:
    """A row as a condition."""
    values = said(row)
    if row.portion is not None:
        return Message(f"programme.clash.{row.kind}_portion", values | {"percent": percent(row.portion)})
    limit = (row.lower if row.upper is None else row.upper) or 0
    amount = money(instance, limit) if row.kind in MONEY else limit
    return Message(f"programme.clash.{row.kind}", values | {"amount": amount})


def _order(ready: Grid, columns: Columns, options: tuple[Option, ...]) -> Iterator[Line]:
    for later, earlier in ((later, first) for later, firsts in ready.before.items() for first in firsts):
        condition = Message("programme.clash.prerequisite", {"first": earlier, "project": later})
        finished = [(options[column].end, column) for column in columns[earlier].values()]
        for year in columns[later]:
            terms = {column: 1 for start, column in columns[later].items() if start <= year}
            terms |= {column: -1 for end, column in finished if end < year}
            yield Line(terms, None, 0, condition)


def _complete(ready: Grid, columns: Columns) -> Iterator[Line]:
    for phases in ready.instance.phases:
        if not phases.complete:
            continue
        for one, other in zip(phases.projects, phases.projects[1:], strict=False):
            terms = dict.fromkeys(columns[one].values(), 1) | dict.fromkeys(columns[other].values(), -1)
            yield Line(terms, 0, 0, Message("programme.clash.complete", {"phases": phases.id}))


def clauses(lines: Iterable[Line], solution: Iterable[float]) -> list[Line]:
    """For each line that a solution breaks in whole numbers: that what breaks it may not stand together.

    The solver reckons with a tolerance; a clause forbids no programme that holds, so its bound stays true.
    """
    chosen = {column for column, one in enumerate(solution) if one > 0.5}
    found = []
    for line in lines:
        taken = sum(amount for column, amount in line.terms.items() if column in chosen)
        if line.upper is not None and taken > line.upper:
            found.append(_clause(line.terms, chosen, 1))
        elif line.lower is not None and taken < line.lower:
            found.append(_clause(line.terms, chosen, -1))
    return found


def _clause(terms: Terms, chosen: set[int], sign: int) -> Line:
    """One of those that push the line over leaves, or one of those that hold it back enters."""
    pushing = [column for column, amount in terms.items() if amount * sign > 0 and column in chosen]
    holding = [column for column, amount in terms.items() if amount * sign < 0 and column not in chosen]
    return Line(dict.fromkeys(pushing, -1) | dict.fromkeys(holding, 1), 1 - len(pushing), None)


def too_large(lines: Iterable[Line]) -> list[int]:
    """Columns that no solution can choose: they alone take more of a line than there is."""
    return [
        column
        for line in lines
        if line.upper is not None and min(line.terms.values(), default=0) >= 0
        for column, amount in line.terms.items()
        if amount > line.upper
    ]

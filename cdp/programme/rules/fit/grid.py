"""The conditions that add up (envelopes, staff, quotas, exclusions) as rows of whole numbers over the options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cdp.kernel.money import Money
from cdp.programme.rules.fit.options import Choice, Option, choices
from cdp.programme.rules.fit.saying import source_name
from cdp.programme.rules.fit.terms import WHOLE, Base, Instance, Project, Quota, Scope


class RowKind(StrEnum):
    """What a row limits."""

    ENVELOPE = "envelope"
    CAPACITY = "capacity"
    QUOTA_MOST = "quota_most"
    QUOTA_LEAST = "quota_least"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Row:
    """``lower <= sum of what the options take <= upper``.

    ``portion``: basis points when the row is relative to the money programmed; what an option takes is
    then 10,000 times what it measures less the portion of all its money.
    """

    kind: RowKind
    values: Mapping[str, int | str]
    lower: int | None = None
    upper: int | None = None
    portion: int | None = None


MONEY = frozenset({RowKind.ENVELOPE, RowKind.QUOTA_MOST, RowKind.QUOTA_LEAST})
"""Rows that are about money."""


def said(row: Row) -> dict[str, int | str | Money]:
    """A row's own values as its sentences take them."""
    values: dict[str, int | str | Money] = dict(row.values)
    return values | {"source": source_name(str(values["source"]))} if "source" in values else values


@dataclass(frozen=True, slots=True)
class Grid:
    """An instance made ready: choices, rows, what each option takes of each row, what must come before what."""

    instance: Instance
    choices: Mapping[str, Choice]
    rows: tuple[Row, ...]
    takes: Mapping[tuple[str, int], Mapping[int, int]]
    before: Mapping[str, tuple[str, ...]]
    together: Mapping[str, tuple[str, ...]]
    decided_out: Mapping[str, str]
    pins: Mapping[str, int | None]

    def options(self, project: str) -> tuple[Option, ...]:
        """What people's decisions leave of a project's options."""
        if project in self.decided_out:
            return ()
        options = self.choices[project].options
        start = self.pins.get(project)
        return options if start is None else tuple(option for option in options if option.start == start)


def grid(instance: Instance) -> Grid:
    """Make an instance ready for counting. It must be sound (``reading.problems``)."""
    by_project = choices(instance)
    taking = _Taking(instance, by_project)
    takes = {
        (option.project, option.start): taken
        for choice in by_project.values()
        for option, taken in zip(choice.options, taking.of(choice), strict=True)
    }
    return Grid(
        instance,
        by_project,
        tuple(taking.rows),
        takes,
        _before(instance),
        {id_: phases.projects for phases in instance.phases if phases.complete for id_ in phases.projects},
        {decision.project: decision.reason for decision in instance.left_out},
        {pin.project: pin.start for pin in instance.pins},
    )


class _Taking:
    """All rows of an instance, and what an option takes of them."""

    def __init__(self, instance: Instance, by_project: Mapping[str, Choice]) -> None:
        self.rows: list[Row] = []
        amounts = instance.envelope_amounts()
        asked = {key for choice in by_project.values() for option in choice.options for key in option.amounts}
        self._envelopes = {
            key: self._row(Row(RowKind.ENVELOPE, {"year": key[0], "source": key[1]}, upper=amounts.get(key, 0)))
            for key in sorted(asked)
        }
        self._staff = {
            limit.year: self._row(Row(RowKind.CAPACITY, {"year": limit.year}, upper=limit.units))
            for limit in instance.capacity
        }
        self._exclusions: dict[str, list[tuple[int, int]]] = {}
        for exclusion in instance.exclusions:
            row = self._row(Row(RowKind.EXCLUSION, {"exclusion": exclusion.id}, upper=exclusion.at_most))
            for id_ in dict.fromkeys(exclusion.projects):
                self._exclusions.setdefault(id_, []).append((row, 1))
        resources = sum(amounts.values())
        self._quotas = [
            (quota, [(self._row(row), row.portion) for row in (*_plain_rows(quota, resources), *_relative_rows(quota))])
            for quota in instance.quotas
        ]
        self._by_source = [each for each in self._quotas if each[0].scope is Scope.SOURCE]
        self._parts: dict[tuple[str | None, str | None, tuple[str, ...]], list[tuple[int, int]]] = {}

    def _row(self, row: Row) -> int:
        self.rows.append(row)
        return len(self.rows) - 1

    def of(self, choice: Choice) -> Iterator[dict[int, int]]:
        """Amount by row for each row that an option takes something of, option by option."""
        envelopes, staff, project = self._envelopes, self._staff, choice.project
        exclusions, parts = self._exclusions.get(project.id, ()), self._parts_of(project)
        for option in choice.options:
            taken = {envelopes[key]: amount for key, amount in option.amounts.items()}
            if project.staff and staff:
                years = range(option.start, option.end + 1)
                taken.update((staff[year], project.staff) for year in years if year in staff)
            taken.update(exclusions)
            if total := option.total:
                taken.update((row, part * total) for row, part in parts)
            for quota, rows in self._by_source:
                measured = measure(quota, project, option)
                for row, portion in rows:
                    amount = measured if portion is None else WHOLE * measured - portion * option.total
                    if amount:
                        taken[row] = amount
            yield taken

    def _parts_of(self, project: Project) -> list[tuple[int, int]]:
        """(row, how many times its money) of the quotas that count a project as a whole or not at all."""
        key = (project.territory, project.sector, project.groups)
        if key not in self._parts:
            found = []
            for quota, rows in self._quotas:
                if quota.scope is not Scope.SOURCE:
                    counts = int(_belongs(quota, project))
                    found += [(row, counts if at is None else WHOLE * counts - at) for row, at in rows]
            self._parts[key] = [(row, part) for row, part in found if part]
        return self._parts[key]


def _plain_rows(quota: Quota, resources: int) -> list[Row]:
    """Floors and ceilings that are amounts, or portions of the envelopes."""
    values = {"quota": quota.id}
    leasts, mosts = [quota.at_least], [quota.at_most]
    if quota.of is Base.RESOURCES and quota.at_least_portion is not None:
        leasts.append(-(-quota.at_least_portion * resources // WHOLE))
    if quota.of is Base.RESOURCES and quota.at_most_portion is not None:
        mosts.append(quota.at_most_portion * resources // WHOLE)
    return [Row(RowKind.QUOTA_LEAST, values, lower=least) for least in leasts if least is not None] + [
        Row(RowKind.QUOTA_MOST, values, upper=most) for most in mosts if most is not None
    ]


def _relative_rows(quota: Quota) -> list[Row]:
    """Floors and ceilings that are portions of the money programmed."""
    if quota.of is not Base.PROGRAMMED:
        return []
    values, rows = {"quota": quota.id}, []
    if quota.at_least_portion is not None:
        rows.append(Row(RowKind.QUOTA_LEAST, values, lower=0, portion=quota.at_least_portion))
    if quota.at_most_portion is not None:
        rows.append(Row(RowKind.QUOTA_MOST, values, upper=0, portion=quota.at_most_portion))
    return rows


def measure(quota: Quota, project: Project, option: Option) -> int:
    """Minor units of works and studies of an option that a quota counts."""
    if quota.scope is Scope.SOURCE:
        return sum(option.invested.get(source, 0) for source in dict.fromkeys(quota.keys))
    return option.total if _belongs(quota, project) else 0


def _belongs(quota: Quota, project: Project) -> bool:
    """Whether a quota of territories, sectors or groups counts a project."""
    if quota.scope is Scope.GROUP:
        return any(group in quota.keys for group in project.groups)
    return (project.territory if quota.scope is Scope.TERRITORY else project.sector) in quota.keys


def _before(instance: Instance) -> dict[str, tuple[str, ...]]:
    """What must be finished before each project starts: its prerequisites and the phase before it."""
    before = {project.id: list(project.after) for project in instance.projects}
    for phases in instance.phases:
        for earlier, later in zip(phases.projects, phases.projects[1:], strict=False):
            before[later].append(earlier)
    return {id_: tuple(dict.fromkeys(ids)) for id_, ids in before.items()}

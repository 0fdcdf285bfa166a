"""Looks at a programme with whole numbers and the terms alone: which conditions do not hold.

It shares nothing with the rows that the fit is made of, except what an option takes.
"""

from collections import Counter
from collections.abc import Mapping

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.grid import measure
from cdp.programme.rules.fit.options import Choice, Option, choices
from cdp.programme.rules.fit.saying import money, source_name
from cdp.programme.rules.fit.terms import WHOLE, Base, Instance, Quota


def violations(
    instance: Instance, starts: Mapping[str, int], by_project: Mapping[str, Choice] | None = None
) -> tuple[Message, ...]:
    """Every condition that a programme (first year of works by project) does not meet, none left out."""
    by_project = by_project or choices(instance)
    placed: dict[str, Option] = {}
    found = []
    for id_, start in starts.items():
        option = next((o for o in by_project[id_].options if o.start == start), None) if id_ in by_project else None
        if option is None:
            found.append(Message("programme.condition.option", {"project": id_, "year": start}))
        else:
            placed[id_] = option
    return (
        *found,
        *_decisions(instance, placed),
        *_envelopes(instance, placed),
        *_order(instance, placed),
        *_exclusions(instance, placed),
        *_staff(instance, placed),
        *_quotas(instance, placed),
    )


def _decisions(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    found = []
    for pin in instance.pins:
        option = placed.get(pin.project)
        if option is None or pin.start not in (None, option.start):
            found.append(pin_message(pin.project, pin.start))
    for decision in instance.left_out:
        if decision.project in placed:
            found.append(Message("programme.condition.left_out", {"project": decision.project}))
    return found


def pin_message(project: str, start: int | None) -> Message:
    """The pin of a project as a condition, with or without a year."""
    if start is None:
        return Message("programme.condition.pin", {"project": project})
    return Message("programme.condition.pin_year", {"project": project, "year": start})


def _envelopes(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    used: Counter[tuple[int, str]] = Counter()
    for option in placed.values():
        used.update(option.amounts)
    amounts = instance.envelope_amounts()
    return [
        Message(
            "programme.condition.envelope", {"year": year, "source": source_name(source), "over": money(instance, over)}
        )
        for (year, source), taken in sorted(used.items())
        if (over := taken - amounts.get((year, source), 0)) > 0
    ]


def _order(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    pairs = [(first, project.id) for project in instance.projects for first in project.after]
    for phases in instance.phases:
        pairs += zip(phases.projects, phases.projects[1:], strict=False)
    found = [
        Message("programme.condition.prerequisite", {"first": first, "project": later})
        for first, later in dict.fromkeys(pairs)
        if later in placed and (first not in placed or placed[first].end >= placed[later].start)
    ]
    for phases in instance.phases:
        standing = sum(id_ in placed for id_ in phases.projects)
        if phases.complete and 0 < standing < len(phases.projects):
            found.append(Message("programme.condition.complete", {"phases": phases.id}))
    return found


def _exclusions(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    return [
        Message("programme.condition.exclusion", {"exclusion": exclusion.id, "at_most": exclusion.at_most})
        for exclusion in instance.exclusions
        if sum(id_ in placed for id_ in set(exclusion.projects)) > exclusion.at_most
    ]


def _staff(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    staff = {project.id: project.staff for project in instance.projects}
    found = []
    for limit in instance.capacity:
        busy = sum(staff[id_] for id_, option in placed.items() if option.start <= limit.year <= option.end)
        if busy > limit.units:
            values = {"year": limit.year, "units": limit.units, "over": busy - limit.units}
            found.append(Message("programme.condition.capacity", values))
    return found


def _quotas(instance: Instance, placed: Mapping[str, Option]) -> list[Message]:
    projects = {project.id: project for project in instance.projects}
    everything = sum(sum(option.invested.values()) for option in placed.values())
    resources = sum(instance.envelope_amounts().values())
    found = []
    for quota in instance.quotas:
        counted = sum(measure(quota, projects[id_], option) for id_, option in placed.items())
        found += _quota(instance, quota, counted, everything if quota.of is Base.PROGRAMMED else resources)
    return found


def _quota(instance: Instance, quota: Quota, counted: int, base: int) -> list[Message]:
    floors = [
        quota.at_least,
        None if quota.at_least_portion is None else -(-quota.at_least_portion * base // WHOLE),
    ]
    ceilings = [quota.at_most, None if quota.at_most_portion is None else quota.at_most_portion * base // WHOLE]
    floor = max((amount for amount in floors if amount is not None), default=0)
    ceiling = min((amount for amount in ceilings if amount is not None), default=counted)
    if counted < floor:
        return [
            Message("programme.condition.quota_least", {"quota": quota.id, "missing": money(instance, floor - counted)})
        ]
    if counted > ceiling:
        return [
            Message("programme.condition.quota_most", {"quota": quota.id, "over": money(instance, counted - ceiling)})
        ]
    return []

"""Whether an instance can be reckoned with at all: sums, years, names. Contradictions are not looked for here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.programme.rules.fit.presets import preset_of
from cdp.programme.rules.fit.terms import Instance, Project, Quota, Share


def problems(instance: Instance) -> list[Message]:
    """Everything that is wrong with the terms; only an instance without problems may be fitted."""
    found = list(_years(instance))
    for project in instance.projects:
        found += _project(instance, project)
    found += _twice("projects", (project.id for project in instance.projects))
    found += _twice("exclusions", (one.id for one in instance.exclusions))
    found += _twice("phases", (one.id for one in instance.phases))
    found += _twice("quotas", (one.id for one in instance.quotas))
    found += _twice("capacity", (str(one.year) for one in instance.capacity))
    found += _twice("pins", (one.project for one in instance.pins))
    found += _named(instance)
    for quota in instance.quotas:
        found += _quota(quota)
    return found if found else _circles(instance)


def _message(what: str, **values: Any) -> Message:
    return Message(f"programme.input.{what}", values)


def _years(instance: Instance) -> Iterator[Message]:
    first, count = instance.years[0], len(instance.years)
    if instance.years != tuple(range(first, first + count)):
        yield _message("years_not_consecutive")
    if instance.price_year is not None and instance.price_year > first:
        yield _message("prices_of_the_future", year=instance.price_year, first=first)
    years = [envelope.year for envelope in instance.envelopes] + [limit.year for limit in instance.capacity]
    for year in dict.fromkeys(years):
        if year not in instance.years:
            yield _message("unknown_year", year=year)


def _project(instance: Instance, project: Project) -> Iterator[Message]:
    if project.cost <= 0:
        yield _message("cost_zero", project=project.id)
    summed = sum(share.amount for share in project.shares)
    if summed != project.cost:
        paid, cost = Money(summed, instance.currency), Money(project.cost, instance.currency)
        yield _message("sources_do_not_sum", project=project.id, cost=cost, summed=paid)
    if project.spread and (len(project.spread) != project.duration or not sum(project.spread)):
        yield _message("spread", project=project.id, duration=project.duration)
    if project.preset and preset_of(instance, project.preset) is None:
        yield _message("unknown_preset", project=project.id, preset=project.preset)
    sources = {share.source for share in project.shares}
    for share in project.shares:
        yield from _share(project, share, sources)
    for share in project.studies:
        if share.by_year or share.only_if or share.otherwise:
            yield _message("studies_are_plain", project=project.id)


def _share(project: Project, share: Share, sources: set[str]) -> Iterator[Message]:
    if share.by_year and (len(share.by_year) != project.duration or sum(share.by_year) != share.amount):
        yield _message("by_year", project=project.id, source=share.source, duration=project.duration)
    for source in share.only_if:
        if source not in sources or source == share.source:
            yield _message("unknown_signer", project=project.id, source=source)


def _twice(where: str, ids: Iterable[str]) -> Iterator[Message]:
    for id_, times in Counter(ids).items():
        if times > 1:
            yield _message("twice", where=where, name=id_)


def _named(instance: Instance) -> Iterator[Message]:
    """Names of projects that are not in the list."""
    known = {project.id for project in instance.projects}
    mentions: list[tuple[str, Iterable[str]]] = [(project.id, project.after) for project in instance.projects]
    mentions += [(exclusion.id, exclusion.projects) for exclusion in instance.exclusions]
    mentions += [(phases.id, phases.projects) for phases in instance.phases]
    mentions += [("pins", (pin.project,)) for pin in instance.pins]
    mentions += [("left_out", (decision.project,)) for decision in instance.left_out]
    for where, ids in mentions:
        for id_ in ids:
            if id_ not in known:
                yield _message("unknown_project", where=where, project=id_)
    for phases in instance.phases:
        yield from _twice(phases.id, phases.projects)


def _quota(quota: Quota) -> Iterator[Message]:
    pairs = ((quota.at_least, quota.at_most), (quota.at_least_portion, quota.at_most_portion))
    if any(least is not None and most is not None and least > most for least, most in pairs):
        yield _message("floor_above_ceiling", quota=quota.id)
    if all(limit is None for pair in pairs for limit in pair):
        yield _message("quota_without_limit", quota=quota.id)


def _circles(instance: Instance) -> list[Message]:
    """Projects that wait for one another in a circle: none of them could ever start."""
    waits = {project.id: set(project.after) for project in instance.projects}
    for phases in instance.phases:
        for earlier, later in zip(phases.projects, phases.projects[1:], strict=False):
            waits[later].add(earlier)
    while free := [id_ for id_, firsts in waits.items() if not firsts & waits.keys()]:
        for id_ in free:
            del waits[id_]
    # what is left waits for a circle or stands in one; those nothing left waits for only wait
    while ends := waits.keys() - {first for firsts in waits.values() for first in firsts}:
        for id_ in ends:
            del waits[id_]
    return [_message("circle", projects=", ".join(sorted(waits)))] if waits else []

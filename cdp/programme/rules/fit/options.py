"""The ways a project may stand in the programme: for each first year, what it takes of whom, and when."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from cdp.kernel.errors import Message
from cdp.programme.rules.fit.presets import preset_of
from cdp.programme.rules.fit.saying import money, percent, source_name
from cdp.programme.rules.fit.terms import (
    OWN_KINDS,
    WHOLE,
    Amounts,
    Certainty,
    Instance,
    Preset,
    Project,
    Share,
    SourceKind,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A project started in a year: ``amounts`` with running costs; ``invested`` and ``total`` without."""

    project: str
    start: int
    end: int
    amounts: Amounts
    invested: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What may become of a project: its options by first year; or, where none is, what stands against it."""

    project: Project
    options: tuple[Option, ...]
    refusal: Message | None = None


def choices(instance: Instance) -> dict[str, Choice]:
    """The choice for each project, by id, in the order of the instance; people's decisions not counted."""
    prices = _Prices(instance)
    return {project.id: _choice(instance, prices, project) for project in instance.projects}


def choice(instance: Instance, project: Project) -> Choice:
    """All options of one project, earliest first."""
    return _choice(instance, _Prices(instance), project)


def _choice(instance: Instance, prices: "_Prices", project: Project) -> Choice:
    starts = _starts(instance, project)
    if not starts:
        return Choice(project, (), _no_year(instance, project))
    shares = _shares_that_come(project)
    if isinstance(shares, Message):
        return Choice(project, (), shares)
    options, refusal = [], None
    for option in _Paying(instance, prices, project, shares).options(starts):
        broken = _broken_share_rule(instance, project, option.invested)
        if broken is None:
            options.append(option)
        refusal = refusal or broken
    return Choice(project, tuple(options), None if options else refusal)


Years = Mapping[int, tuple[tuple[int, str], int, int]]
"""For each year: the key of a source's amounts, and numerator and denominator of what prices are multiplied by."""


class _Prices:
    """What prices of the price year are multiplied by, year by year; keys of amounts are made once a source."""

    def __init__(self, instance: Instance) -> None:
        base = instance.years[0] if instance.price_year is None else instance.price_year
        self._rises = {year: _rise(instance.price_rise, year - base) for year in instance.years}
        self._years: dict[str, Years] = {}

    def years(self, source: str) -> Years:
        """By year, of one source."""
        if source not in self._years:
            self._years[source] = {year: ((year, source), *rise) for year, rise in self._rises.items()}
        return self._years[source]


@lru_cache(maxsize=1_024)
def _rise(price_rise: int, years: int) -> tuple[int, int]:
    """Numerator and denominator of what prices are multiplied by."""
    factor = Fraction(WHOLE + price_rise, WHOLE) ** max(years, 0)
    return factor.numerator, factor.denominator


@lru_cache(maxsize=65_536)
def split(amount: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """An amount in parts as the weights; the parts sum to it exactly."""
    whole, reached, before, parts = sum(weights), 0, 0, []
    for weight in weights:
        reached += weight
        now = amount * reached // whole
        parts.append(now - before)
        before = now
    return tuple(parts)


def _starts(instance: Instance, project: Project) -> list[int]:
    """Years in which works may start so that they are finished within the programme."""
    first, last = instance.years[0], instance.years[-1] - project.duration + 1
    earliest = first if project.earliest is None else max(first, project.earliest)
    latest = last if project.latest is None else min(last, project.latest)
    return list(range(earliest, latest + 1))


def _no_year(instance: Instance, project: Project) -> Message:
    first, last, most = instance.years[0], instance.years[-1], len(instance.years)
    if project.duration > most and first < (project.earliest or first) <= last:
        most = last - (project.earliest or first) + 1
    return Message(
        "programme.left_out.no_year",
        {
            "duration": project.duration,
            "first": first,
            "last": last,
            "start": last - project.duration + 1,
            "most": most,
        },
    )


def _shares_that_come(project: Project) -> tuple[Share, ...] | Message:
    """The shares of works once each that waits for a signature has come, passed on, or stopped the project."""
    if not any(share.only_if for share in project.shares):
        return project.shares
    signed = {share.source for share in project.shares if share.certainty is Certainty.SIGNED}
    shares = []
    for share in project.shares:
        awaited = [source for source in share.only_if if source not in signed]
        if awaited and share.otherwise is None:
            return Message(
                "programme.left_out.signature",
                {"source": source_name(awaited[0]), "waiting": source_name(share.source)},
            )
        shares.append(replace(share, source=share.otherwise, ceiling=None) if awaited and share.otherwise else share)
    return tuple(shares)


class _Paying:
    """Who pays what of a project, whenever its works start: worked out once for all its options."""

    def __init__(self, instance: Instance, prices: _Prices, project: Project, shares: Iterable[Share]) -> None:
        self._project, self._last, self._payer = project, instance.years[-1], prices.years(instance.payer)
        weights = project.spread or (1,) * project.duration
        parts = [(share, share.by_year or split(share.amount, weights)) for share in shares]
        parts += [(share, (share.amount,)) for share in project.studies]
        self._parts = [(share.ceiling, prices.years(share.source), amounts) for share, amounts in parts]
        self._running = [
            [(key, -(-running.amount * rise // whole)) for key, rise, whole in prices.years(running.source).values()]
            for running in project.running
        ]

    def options(self, starts: Iterable[int]) -> Iterator[Option]:
        """What the project takes when works start in each of these years."""
        project = self._project
        for start in starts:
            amounts: dict[tuple[int, str], int] = {}
            for ceiling, years, parts in self._parts:
                if ceiling is None:
                    _add_all(amounts, years, parts, start)
                else:
                    self._add_up_to(ceiling, amounts, years, parts, start)
            invested: dict[str, int] = {}
            for (_, source), amount in amounts.items():
                invested[source] = invested.get(source, 0) + amount
            end = start + project.duration - 1
            for yearly in self._running if end < self._last else ():
                for key, amount in yearly[end - self._last :]:
                    _add(amounts, key, amount)
            yield Option(project.id, start, end, amounts, invested, sum(invested.values()))

    def _add_up_to(
        self, left: int, amounts: dict[tuple[int, str], int], years: Years, parts: tuple[int, ...], start: int
    ) -> None:
        """Add what a share with a ceiling pays by year; what goes beyond it is borne by the payer."""
        for year, part in enumerate(parts, start):
            key, rise, whole = years[year]
            amount = -(-part * rise // whole)
            paid = min(amount, left)
            left -= paid
            _add(amounts, key, paid)
            _add(amounts, self._payer[year][0], amount - paid)


def _add_all(amounts: dict[tuple[int, str], int], years: Years, parts: tuple[int, ...], start: int) -> None:
    for year, part in enumerate(parts, start):
        key, rise, whole = years[year]
        _add(amounts, key, -(-part * rise // whole))


def _add(amounts: dict[tuple[int, str], int], key: tuple[int, str], amount: int) -> None:
    if amount:
        amounts[key] = amounts.get(key, 0) + amount


def _broken_share_rule(instance: Instance, project: Project, invested: Mapping[str, int]) -> Message | None:
    """The first rule on the shares of this project that its financing breaks, or None."""
    if not project.own_floor and not project.preset:
        return None
    total = sum(invested.values())
    own = _of_kinds(instance, invested, OWN_KINDS)
    if own * WHOLE < project.own_floor * total:
        missing = money(instance, -(-project.own_floor * total // WHOLE) - own)
        return Message("programme.left_out.own_share", {"percent": percent(project.own_floor), "missing": missing})
    preset = preset_of(instance, project.preset) if project.preset else None
    return _broken_preset(instance, preset, invested, total) if preset else None


def _broken_preset(instance: Instance, preset: Preset, invested: Mapping[str, int], total: int) -> Message | None:
    values: dict[str, Any]
    in_money = preset.currency == instance.currency
    if in_money and total < preset.total_at_least:
        values = {"preset": preset.said, "missing": money(instance, preset.total_at_least - total)}
        return Message("programme.left_out.preset_total", values)
    for limit in preset.limits:
        paid = _of_kinds(instance, invested, limit.kinds)
        most = limit.at_most * total // WHOLE
        if in_money and limit.at_most_amount is not None:
            most = min(most, limit.at_most_amount)
        if paid > most:
            paying = {instance.kind(source) for source in invested} & limit.kinds
            values = {"preset": preset.said, "kind": _in_order(paying), "over": money(instance, paid - most)}
            return Message("programme.left_out.preset_most", values)
        least = -(-limit.at_least * total // WHOLE)
        if paid < least:
            values = {"preset": preset.said, "kind": _in_order(limit.kinds), "missing": money(instance, least - paid)}
            return Message("programme.left_out.preset_least", values)
    return None


def _in_order(kinds: Collection[SourceKind]) -> tuple[SourceKind, ...]:
    return tuple(kind for kind in SourceKind if kind in kinds)


def _of_kinds(instance: Instance, invested: Mapping[str, int], kinds: frozenset[SourceKind]) -> int:
    return sum(amount for source, amount in invested.items() if instance.kind(source) in kinds)

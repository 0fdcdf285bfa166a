"""What the pages around the plan share: its newest readable version, names for numbers, who may work on it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.i18n.say import label, language
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme import queries
from cdp.programme.policy import MAY_READ_DRAFT, POLICY, PlanCase
from cdp.programme.rules.whatif import Summary
from cdp.programme.states import PlanStep
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Source


@dataclass(frozen=True)
class Base:
    """The version that what-ifs start from: its number, its instance, first year of works by number."""

    number: int
    is_frozen: bool
    instance: Mapping[str, Any]
    starts: Mapping[str, int]
    value: int | None
    bound: int | None


def percent(gap: float | None) -> str | None:
    """A proven gap in per cent, rounded up to hundredths: never better than proven; None: nothing is proven."""
    return None if gap is None else f"{math.ceil(gap * 10_000) / 100:g}"


def nearness(value: int | None, bound: int | None) -> str:
    """How near a programme is to the best, in words."""
    if value is None or bound is None:
        return str(_("by rank; how near it is to the best is not proven"))
    if value >= bound:
        return str(_("proven the best"))
    return str(_("at most %(gap)s %% more is possible", gap=percent((bound - value) / max(value, 1))))


def is_office(card: RoundCard) -> bool:
    """Whether who looks may read drafts."""
    return MAY_READ_DRAFT(current_actor, PlanCase(card, today()))


def may(card: RoundCard, step: PlanStep) -> bool:
    """Whether who looks may take this step today."""
    return POLICY[step](current_actor, queries.plan_case(db, card, today()))


def office_only(card: RoundCard, step: PlanStep) -> None:
    """Refuse who may not read drafts."""
    current_actor.known()
    if not is_office(card):
        raise Refused("errors.not_allowed", step=step)


def base(card: RoundCard) -> Base | None:
    """The newest version that who looks may read, or None."""
    for row in queries.versions(db, card.id):
        if row.frozen_at is None and not is_office(card):
            continue
        version = queries.find_version(db, card.id, row.number)
        if version.instance:
            starts = queries.starts_of(db, version.id)
            frozen = row.frozen_at is not None
            return Base(row.number, frozen, version.instance, starts, version.value, version.bound)
    return None


def resources(instance: Mapping[str, Any]) -> dict[str, Money]:
    """What each source gives over all years, in the order of the list of sources."""
    sums = {source.value: 0 for source in Source}
    for room in instance["envelopes"]:
        sums[room["source"]] = sums.get(room["source"], 0) + room["amount"]
    named = {room["source"] for room in instance["envelopes"]}
    return {source: Money(amount) for source, amount in sums.items() if source in named}


class Names:
    """Titles of projects by number, names of sectors, fractions, sources and groups."""

    def __init__(self, card: RoundCard, numbers: Iterable[str]) -> None:
        self._card = card
        self._titles = queries.titles(db, card.id, list(numbers))
        self._fractions = {queries.fraction_key(each): each for each in queries.fractions_of(db, card.commune_id)}

    def title(self, number: str) -> Words:
        """Title of a project."""
        return self._titles[number][1] if number in self._titles else Words({"en": number})

    def sector(self, key: str) -> str:
        """Name of a sector."""
        found = self._card.charter.sector(key)
        return found.name.in_(language())[0] if found else key or str(_("none"))

    def territory(self, key: str) -> str:
        """Name of a fraction."""
        found = self._fractions.get(key)
        return found.in_(language())[0] if found else str(_("The whole commune"))

    def source(self, key: str) -> str:
        """Name of a source."""
        return label(Source(key)) if key in set(Source) else key

    def group(self, key: str) -> str:
        """Whose projects."""
        names = {"women": _("Women’s groups"), "youth": _("Youth groups")}
        return str(names.get(key, _("All others")))


@dataclass(frozen=True)
class MoneyLine:
    """Money of one year, source, place, sector or kind of group in several programmes side by side."""

    name: str
    amounts: tuple[Money, ...]

    @property
    def is_same(self) -> bool:
        """Whether it is the same in all."""
        return len(set(self.amounts)) == 1


def tables(found: Mapping[str, Summary], names: Names) -> list[tuple[str, list[MoneyLine]]]:
    """Money by year, source, fraction, sector and who asks, a column a programme: (caption, lines)."""
    plain = lambda key: str(key)  # noqa: E731
    kinds = (
        (_("By year"), "by_year", plain),
        (_("By source"), "by_source", names.source),
        (_("Where"), "by_territory", names.territory),
        (_("By sector"), "by_sector", names.sector),
        (_("Whose projects"), "by_group", names.group),
    )
    made = []
    for caption, field, name in kinds:
        sums = [getattr(each, field) for each in found.values()]
        keys = sorted({key for each in sums for key in each})
        made.append(
            (str(caption), [MoneyLine(name(key), tuple(Money(each.get(key, 0)) for each in sums)) for key in keys])
        )
    return made

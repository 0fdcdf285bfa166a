"""Partners' money by year: what a convention says of each year, against the cost, the envelopes and the works.

A partner's amount without years goes by the years of works. One with years holds the works to those years: they
start with the first year in which a partner pays and last until the last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdp.kernel.errors import Message
from cdp.kernel.money import LARGEST, Money
from cdp.rounds.rules.charter import Envelope
from cdp.rounds.states import Source, Sureness

Room = Mapping[tuple[int, Source], int]
"""Centimes by (year, source)."""


@dataclass(frozen=True)
class PartShare:
    """What a partner bears of a cost, in centimes, and how sure that is; by calendar year where that is agreed."""

    source: Source
    amount: int
    sureness: Sureness
    party: str = ""
    by_year: tuple[tuple[int, int], ...] = ()
    """(year, centimes), years rising; sums to ``amount``; empty: as the works go."""


def share_problem(shares: Sequence[PartShare], cost: Money) -> Message | None:
    """What is wrong with a project's shares beside its cost; None when nothing is."""
    summed = sum(share.amount for share in shares)
    names = [(share.source, share.party.strip()) for share in shares]
    yearly = [amount for share in shares for _year, amount in share.by_year]
    doubts = {
        "programme.share_not_positive": any(not 0 < one <= LARGEST for one in (*(s.amount for s in shares), *yearly)),
        "programme.share_of_the_commune": any(share.source is Source.OWN for share in shares),
        "programme.share_twice": len(set(names)) < len(names),
        "programme.shares_above_cost": summed > cost.minor,
    }
    values = {"summed": Money(summed), "cost": cost}
    found = next((Message(key, values) for key, holds in doubts.items() if holds), None)
    return found or next((wrong for share in shares if (wrong := _sum_problem(share))), None)


def _sum_problem(share: PartShare) -> Message | None:
    summed = sum(amount for _year, amount in share.by_year)
    if not share.by_year or summed == share.amount:
        return None
    return Message(
        "programme.share_years_sum",
        {"source": share.source, "summed": Money(summed), "amount": Money(share.amount)},
    )


def years_problem(shares: Iterable[PartShare], years: Sequence[int], terms: Mapping[str, Any]) -> Message | None:
    """Whether the years partners pay in lie in the plan and agree with the project's own conditions."""
    held = held_years(shares)
    if held is None:
        return None
    first, last = held
    if first < years[0] or last > years[-1]:
        return Message("programme.year_outside", {"first": years[0], "last": years[-1]})
    early, late = terms.get("earliest", first), terms.get("latest", first)
    if not early <= first <= late or terms.get("duration", last - first + 1) < last - first + 1:
        return Message("programme.share_years_beyond_works", {"first": first, "last": last})
    return None


def envelope_problem(shares: Sequence[PartShare], envelopes: Iterable[Envelope], noted: Room) -> Message | None:
    """Whether the shares fit into their sources' envelopes beside what is ``noted`` by year for other projects.

    A source without an envelope gives to its projects alone and is limited by nothing.
    """
    rooms: dict[tuple[int, Source], int] = {}
    for envelope in envelopes:
        key = (envelope.year, envelope.source)
        rooms[key] = rooms.get(key, 0) + envelope.amount.minor
    for source in sorted({share.source for share in shares} & {source for _year, source in rooms}):
        own = [share for share in shares if share.source is source]
        whole = sum(amount for (_year, of), amount in rooms.items() if of is source)
        if (asked := sum(share.amount for share in own)) > whole:
            values = {"source": source, "asked": Money(asked), "available": Money(whole)}
            return Message("programme.share_above_envelopes", values)
        for year, amount in sorted(yearly(own).items()):
            left = max(rooms.get((year, source), 0) - noted.get((year, source), 0), 0)
            if amount > left:
                values = {"source": source, "year": year, "asked": Money(amount), "available": Money(left)}
                return Message("programme.share_above_envelope", values)
    return None


def yearly(shares: Iterable[PartShare]) -> dict[int, int]:
    """Centimes by year of the shares that name years."""
    found: dict[int, int] = {}
    for year, amount in (dated for share in shares for dated in share.by_year):
        found[year] = found.get(year, 0) + amount
    return found


def held_years(shares: Iterable[PartShare]) -> tuple[int, int] | None:
    """First and last year in which partners pay; None when no share names years."""
    years = yearly(shares)
    return (min(years), max(years)) if years else None


def parts_of_works(shares: Sequence[PartShare], start: int, duration: int) -> list[int]:
    """Centimes by year of works of one source: what names years in them, the rest evenly."""
    dated = yearly(shares)
    rest = sum(share.amount for share in shares if not share.by_year)
    even = [rest * (n + 1) // duration - rest * n // duration for n in range(duration)]
    return [dated.get(start + n, 0) + even[n] for n in range(duration)]

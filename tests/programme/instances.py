"""Instances for the tests and the bench: invented, drawn from a seed, of any size."""

import random
from typing import Any

from cdp.programme.rules.fit.terms import (
    Capacity,
    Certainty,
    Envelope,
    Exclusion,
    Instance,
    Phases,
    Project,
    Quota,
    Running,
    Scope,
    Share,
)

YEARS = tuple(range(2028, 2034))
PARTNERS = ("indh", "province", "region", None, None)
SECTORS = ("water", "roads", "schools", "health", "youth")


def project(id_: str, value: int, cost: int, **over: Any) -> Project:
    """A project paid by the commune alone; say only what the test is about."""
    own = cost - sum(over.get("partners", {}).values())
    partners = tuple(Share(source, amount) for source, amount in over.pop("partners", {}).items())
    shares = (Share("own", own), *partners) if own else partners
    return Project(id_, value, cost, over.pop("shares", shares), **over)


def envelopes(amount: int, *, source: str = "own", years: tuple[int, ...] = YEARS) -> tuple[Envelope, ...]:
    """The same amount each year."""
    return tuple(Envelope(year, source, amount) for year in years)


def instance(*projects: Project, **over: Any) -> Instance:
    """Two years by default, so that a case can be reckoned in the head."""
    years = over.pop("years", (2028, 2029))
    money = over.pop("envelopes", None) or envelopes(over.pop("own", 100), years=years)
    return Instance(years, projects, money, **over)


def drawn(size: int, seed: int = 2027, *, years: tuple[int, ...] = YEARS, tightness: float = 0.45) -> Instance:
    """A commune's list as it may be: partners, prerequisites, exclusions, phases, quotas, staff, price rise."""
    draw = random.Random(f"{size}/{seed}")
    projects = tuple(_drawn_project(draw, number, years) for number in range(size))
    ids = [one.id for one in projects]
    phased = draw.sample(ids, 3) if size >= 10 else []
    return Instance(
        years,
        projects,
        _drawn_envelopes(draw, projects, years, tightness),
        price_year=years[0],
        price_rise=200,
        exclusions=tuple(Exclusion(f"x{n}", tuple(draw.sample(ids, 2))) for n in range(size // 12)),
        phases=(Phases("road", tuple(sorted(phased)), complete=True),) if phased else (),
        capacity=tuple(Capacity(year, max(3, size * 3 // (5 * len(years)) + 1)) for year in years),
        quotas=_drawn_quotas(projects),
    )


def _drawn_project(draw: random.Random, number: int, years: tuple[int, ...]) -> Project:
    duration = draw.choice((1, 1, 1, 2, 2, 3)) if len(years) > 3 else 1
    cost = int(50 * 80 ** draw.random()) * 1_000_00
    partner = draw.choice(PARTNERS)
    part = cost * draw.choice((30, 50, 70)) // 100 if partner else 0
    shares = (Share("own", cost - part), *((Share(partner, part),) if partner else ()))
    after = (f"p{draw.randrange(number)}",) if number and draw.random() < 0.12 else ()
    return Project(
        f"p{number}",
        max(1, int(cost / 1_000_00 * draw.uniform(0.4, 1.6) / 10)),
        cost,
        shares,
        duration=duration,
        earliest=draw.choice((None, None, years[0] + 1)),
        running=(Running("own", cost // 50),) if draw.random() < 0.5 else (),
        after=after,
        territory=f"d{number % 12}",
        sector=draw.choice(SECTORS),
        groups=draw.choice(((), (), ("women",), ("youth",))),
    )


def _drawn_envelopes(
    draw: random.Random, projects: tuple[Project, ...], years: tuple[int, ...], tightness: float
) -> tuple[Envelope, ...]:
    asked: dict[str, int] = {}
    for one in projects:
        for share in one.shares:
            asked[share.source] = asked.get(share.source, 0) + share.amount
    return tuple(
        Envelope(year, source, int(asked[source] * tightness / len(years) * draw.uniform(0.7, 1.3)), Certainty.PROMISED)
        for source in sorted(asked)
        for year in years
    )


def _drawn_quotas(projects: tuple[Project, ...]) -> tuple[Quota, ...]:
    whole = sum(one.cost for one in projects)
    floors = [Quota(f"floor_{name}", Scope.SECTOR, (name,), at_least=whole // 40) for name in SECTORS[:3]]
    if len(projects) < 30:
        floors = []
    return (
        *floors,
        Quota("groups", Scope.GROUP, ("women", "youth"), at_least_portion=3_000),
        Quota("douar", Scope.TERRITORY, ("d1",), at_most_portion=2_000),
    )

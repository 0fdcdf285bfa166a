"""The money of a commune as the public sees it: all projects together, by source, year and sector."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cdp.funding.queries.open_accounts import Part, open_accounts
from cdp.kernel.money import Money
from cdp.transparency import rules
from cdp.transparency.sheets import AccountsSheet, PartSheet


def accounts(db: Session, commune_id: int, day: date) -> AccountsSheet:
    """The accounts of all projects that were not dropped, as the page of the accounts shows them."""
    found = open_accounts(db, commune_id, day)
    whole = found.whole
    return AccountsSheet(
        day=day,
        projects=found.projects,
        cost=Money(found.cost),
        received=Money(whole.received),
        committed=Money(whole.committed),
        pledged=Money(whole.pledged),
        sought=Money(whole.sought),
        spent=Money(found.spent),
        hours=rules.hours(found.hours_promised, found.hours_done),
        by_source=tuple(
            replace(_part(source.value, part), sought=None) for source, part in sorted(found.sources.items())
        ),
        by_year=tuple(_part(str(year), part) for year, part in sorted(found.years.items())),
        by_sector=tuple(_part(sector, part) for sector, part in sorted(found.sectors.items())),
    )


def _part(key: str, part: Part) -> PartSheet:
    return PartSheet(key, Money(part.received), Money(part.committed), Money(part.pledged), Money(part.sought))

"""The money of a commune as the public sees it: together, by source, year, sector, douar; late; rates; partners."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.funding.queries.open_accounts import Part, open_accounts
from cdp.funding.rules.performance import Exchange, Funder
from cdp.kernel.money import Money
from cdp.programme.queries.partners import partner_names
from cdp.programme.rules.partners import Names
from cdp.transparency import rules
from cdp.transparency.sheets import AccountsSheet, ExchangeSheet, PartnerSheet, PartSheet


def accounts(db: Session, commune_id: int, day: date) -> AccountsSheet:
    """The accounts of all projects that were not dropped, as the page of the accounts shows them."""
    found, names = open_accounts(db, commune_id, day), partner_names(db, commune_id)
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
        by_place=tuple(_part(*row) for row in sorted(_by_code(db, commune_id, found.places), key=lambda row: row[0])),
        overdue=found.overdue,
        overdue_money=Money(found.overdue_minor),
        partners=tuple(_partner(each, names) for each in found.partners),
        exchanges=tuple(_exchange(each) for each in found.exchanges),
    )


def _by_code(db: Session, commune_id: int, places: Mapping[int | None, Part]) -> Iterator[tuple[str, Part]]:
    """The parts by the codes of the douars; the whole commune has none."""
    codes = db.execute(select(Locality.id, Locality.code).where(Locality.commune_id == commune_id))
    known = {number: code for number, code in codes}  # noqa: C416
    return ((known.get(place, "") if place is not None else "", part) for place, part in places.items())


def _partner(row: Funder, names: Names) -> PartnerSheet:
    signed, paid, late = Money(row.signed_minor), Money(row.paid_minor), Money(row.late_minor)
    return PartnerSheet(row.source, row.party, signed, paid, late, row.late_since, row.default_since, names[row.party])


def _exchange(row: Exchange) -> ExchangeSheet:
    sums = (row.promised_dirhams, row.received_dirhams, row.difference)
    return ExchangeSheet(Money(row.received_minor, row.unit), *map(Money, sums))


def _part(key: str, part: Part) -> PartSheet:
    return PartSheet(key, Money(part.received), Money(part.committed), Money(part.pledged), Money(part.sought))

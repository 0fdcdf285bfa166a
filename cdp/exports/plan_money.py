"""The money of the plan's document: years and sources, partners, places, with charts beside the tables."""

from collections.abc import Mapping

from flask_babel import gettext as _

from cdp.exports.blocks import Bars, Block, Heading, Map, Stack, Table, Text, bars, longest
from cdp.exports.map_labels import marks
from cdp.exports.wording import amount, joined, money, said, tone
from cdp.i18n.say import label
from cdp.programme.queries import PlanSheet
from cdp.rounds.states import Source, Sureness
from cdp.transparency.plan_book import PlanBook

NAMED_ON_MAP = 40
"""Names on the map; the places with most money."""


def sector_name(book: PlanBook, key: str) -> str:
    """Name of a sector of the charter."""
    found = book.card.charter.sector(key)
    return said(found.name) if found else key


def stack(book: PlanBook) -> Stack:
    """Years as bars of sources."""
    plan = book.plan
    sums = {year: plan.year(year).programmed for year in plan.years}
    most = longest(sums.values())
    rows = tuple(
        (
            str(year),
            tuple((cell / most, tone(s)) for s in plan.sources if (cell := plan.cell(year, s).programmed)),
            amount(sums[year]) or "0",
        )
        for year in plan.years
    )
    alt = joined([f"{year}: {money(total)}" for year, total in sums.items()])
    paying = [source for source in plan.sources if plan.source(source).programmed]
    return Stack(_("Money by year and source, in dirhams"), alt, tuple((label(s), tone(s)) for s in paying), rows)


def sector_bars(book: PlanBook) -> Bars:
    """Sectors as bars."""
    sums = {sector_name(book, key): minor for key, minor in book.plan.by_sector().items()}
    return _bars(_("Money by axis, in dirhams"), sums, "saffron")


def _bars(caption: str, sums: Mapping[str, int], colour: str) -> Bars:
    alt = joined([f"{name}: {money(minor)}" for name, minor in sums.items()])
    return bars(caption, alt or caption, [(name, minor, amount(minor)) for name, minor in sums.items()], colour)


def programming(book: PlanBook) -> list[Block]:
    """The table of projects by year, then that of sources by year against their envelopes."""
    plan = book.plan
    kinds = ("text", *("number" for _year in plan.years), "number")
    rows = [
        (
            f"{said(row.title)} · {row.number}",
            *(amount(row.in_year(y)) for y in plan.years),
            amount(row.programmed),
        )
        for row in plan.rows
    ]
    rows.append((_("Total"), *(amount(plan.year(y).programmed) for y in plan.years), amount(plan.total)))
    heads = (_("Project"), *(str(year) for year in plan.years), _("Total"))
    widths = (1.0, *(0.0 for _year in plan.years), 0.0)
    return [
        Heading(_("Programming table")),
        Text(
            _(
                "Amounts are in dirhams, in the prices of the year of each estimate, raised for later years where the "
                "conditions of the programme say so. What the programme bears to run a "
                "project is counted in each year after its works, beside its cost."
            )
        ),
        Table(_("Projects by year"), heads, kinds, tuple(rows), widths, "total"),
        stack(book),
        _by_source(plan),
    ]


def _by_source(plan: PlanSheet) -> Table:
    rows = [
        (label(s), *(amount(plan.cell(y, s).programmed) for y in plan.years), amount(plan.source(s).programmed))
        for s in plan.sources
    ]
    rows.append((_("Total"), *(amount(plan.year(y).programmed) for y in plan.years), amount(plan.total)))
    heads = (_("Source"), *(str(year) for year in plan.years), _("Total"))
    kinds = ("text", *("number" for _year in plan.years), "number")
    return Table(_("Sources by year"), heads, kinds, tuple(rows), (1.0, *(0.0 for _head in heads[1:])), "total")


def financing(book: PlanBook) -> list[Block]:
    """Who bears what: envelopes against what is taken, then partners by name with how sure their share is."""
    plan = book.plan
    rows = []
    for source in plan.sources:
        total = plan.source(source)
        given = "" if total.available is None else amount(total.available)
        rows.append((label(source), given, amount(total.programmed)))
    rows.append((_("Total"), amount(plan.all_years().available or 0), amount(plan.total)))
    heads = (_("Source"), _("Envelope"), _("Programmed"))
    table = Table(_("Envelopes"), heads, ("text", "number", "number"), tuple(rows), last="total")
    blocks: list[Block] = [Heading(_("Financing plan by partner")), table]
    paid = {label(source): plan.source(source).programmed for source in plan.sources}
    blocks.append(_bars(_("Who pays, in dirhams"), {k: v for k, v in paid.items() if v}, "atlas"))
    partners = _partners(book)
    if partners:
        partners = (*partners, _sum_of_partners(book))
        named = (_("Partner"), _("Source"), *(label(sure) for sure in Sureness), _("Total"))
        kinds = ("text", "text", *("number" for _sure in Sureness), "number")
        blocks.append(Table(_("Partners, and how sure their share is"), named, kinds, partners, last="total"))
    return blocks


def _sum_of_partners(book: PlanBook) -> tuple[str, ...]:
    shares = [share for project in book.projects for share in project.shares]
    by_sureness = [sum(share.amount.minor for share in shares if share.sureness is sure) for sure in Sureness]
    return (_("Total"), "", *map(amount, by_sureness), amount(sum(by_sureness)))


def _partners(book: PlanBook) -> tuple[tuple[str, ...], ...]:
    sums: dict[tuple[Source, str], dict[Sureness, int]] = {}
    names = {share.party: said(share.name) for project in book.projects for share in project.shares}
    for project in book.projects:
        for share in project.shares:
            of = sums.setdefault((share.source, share.party), dict.fromkeys(Sureness, 0))
            of[share.sureness] += share.amount.minor
    return tuple(
        (
            names[party] or label(source),
            label(source),
            *(amount(of[sure]) for sure in Sureness),
            amount(sum(of.values())),
        )
        for (source, party), of in sorted(sums.items(), key=lambda each: (list(Source).index(each[0][0]), each[0][1]))
    )


def places(book: PlanBook) -> list[Block]:
    """The sketch map of douars, and the money by douar as a table."""
    plan, most = book.plan, longest(place.amount for place in book.map)
    named = sorted((place.amount for place in book.map if place.amount), reverse=True)[:NAMED_ON_MAP]
    least = named[-1] if named else 1
    points = tuple(
        (place.x, place.y, place.amount / most, said(place.name) if place.amount >= least else "") for place in book.map
    )
    rows = tuple(
        (said(place) if place else _("The whole commune"), amount(minor)) for place, minor in plan.by_place().items()
    )
    alt = joined([f"{name}: {minor}" for name, minor in rows]) or _("Map of the douars")
    summed = (*rows, (_("Total"), amount(plan.total)))
    blocks: list[Block] = [Heading(_("Map")), Text(_("A project of several douars counts in equal parts."))]
    if points:
        blocks.append(Map(_("Douars: the larger the circle, the more money goes there"), alt, marks(points)))
    blocks.append(
        Table(_("Money by douar, in dirhams"), (_("Douar"), _("Dirhams")), ("text", "number"), summed, last="total")
    )
    return blocks

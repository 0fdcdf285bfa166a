"""The plan's book as sheets: projects by year, amounts, sources, partners, places, what was not kept, acts."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from cdp.exports.plan_annex import asker
from cdp.exports.plan_money import sector_name
from cdp.exports.tables import Column
from cdp.exports.wording import said
from cdp.exports.workbook import Sheet
from cdp.i18n.say import label, say
from cdp.kernel.money import Money
from cdp.kernel.words import LANGUAGES
from cdp.programme.queries import ActRow, PlanRow
from cdp.rounds.states import Source
from cdp.transparency.plan_book import PlanBook, ShareRow

BETWEEN = "; "


def sheets(book: PlanBook) -> tuple[Sheet, ...]:
    """All sheets of a version, in the language in force."""
    return (
        _programme(book),
        _amounts(book),
        _sources(book),
        _partners(book),
        _places(book),
        _left_out(book),
        _acts(book),
    )


def _titles() -> list[Column[Any]]:
    names = {"ar": _("Title in Arabic"), "fr": _("Title in French"), "en": _("Title in English")}
    return [
        Column(f"title_{code}", names[code], "string", lambda row, code=code: row.title.get(code, ""))  # type: ignore[misc]
        for code in LANGUAGES
    ]


def _programme(book: PlanBook) -> Sheet:
    years = book.plan.years
    columns: list[Column[PlanRow]] = [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("rank", _("Rank"), "integer", lambda row: row.rank),
        *_titles(),
        Column("sector", _("Axis"), "string", lambda row: sector_name(book, row.sector)),
        Column("places", _("Douars"), "string", lambda row: BETWEEN.join(said(place) for place in row.places)),
        Column("asker", _("Who asks"), "string", asker),
        Column("start_year", _("Start year"), "year", lambda row: row.start_year),
        *(Column(str(y), str(y), "number", lambda row, y=y: Money(row.in_year(y))) for y in years),  # type: ignore[misc]
        Column("total", _("Total"), "number", lambda row: Money(row.programmed)),
    ]
    summed = frozenset({*map(str, years), "total"})
    across = {"total": [str(year) for year in years]}
    return Sheet("projects", _("Projects by year"), tuple(columns), book.plan.rows, summed, across)


@dataclass(frozen=True)
class _Amount:
    row: PlanRow
    year: int
    source: Source
    minor: int


def _amounts(book: PlanBook) -> Sheet:
    rows = tuple(
        _Amount(row, year, source, minor)
        for row in book.plan.rows
        for (year, source), minor in sorted(row.amounts.items())
    )
    columns: tuple[Column[_Amount], ...] = (
        Column("number", _("Number"), "string", lambda each: each.row.number),
        Column("title", _("Title"), "string", lambda each: said(each.row.title)),
        Column("year", _("Year"), "year", lambda each: each.year),
        Column("source", _("Source (key)"), "string", lambda each: each.source.value),
        Column("source_name", _("Source"), "string", lambda each: label(each.source)),
        Column("amount", _("Dirhams"), "number", lambda each: Money(each.minor)),
    )
    return Sheet("amounts", _("Amounts"), columns, rows, frozenset({"amount"}))


def _sources(book: PlanBook) -> Sheet:
    plan = book.plan
    columns: list[Column[Source]] = [
        Column("source", _("Source (key)"), "string", lambda source: source.value),
        Column("source_name", _("Source"), "string", label),
        *(
            Column(str(y), str(y), "number", lambda source, y=y: Money(plan.cell(y, source).programmed))  # type: ignore[misc]
            for y in plan.years
        ),
        Column("total", _("Programmed"), "number", lambda source: Money(plan.source(source).programmed)),
        Column("envelope", _("Envelope"), "number", lambda source: Money(plan.source(source).available or 0)),
    ]
    summed = frozenset({*map(str, plan.years), "total", "envelope"})
    across = {"total": [str(year) for year in plan.years]}
    return Sheet("sources", _("Sources by year"), tuple(columns), plan.sources, summed, across)


def _partners(book: PlanBook) -> Sheet:
    rows = tuple((project.row, share) for project in book.projects for share in project.shares)
    columns: tuple[Column[tuple[PlanRow, ShareRow]], ...] = (
        Column("number", _("Number"), "string", lambda pair: pair[0].number),
        Column("title", _("Title"), "string", lambda pair: said(pair[0].title)),
        Column("source_name", _("Source"), "string", lambda pair: label(pair[1].source)),
        Column("party", _("Partner"), "string", lambda pair: said(pair[1].name)),
        Column("sureness", _("How sure"), "string", lambda pair: label(pair[1].sureness)),
        Column("amount", _("Dirhams"), "number", lambda pair: pair[1].amount),
    )
    return Sheet("partners", _("Partners"), columns, rows, frozenset({"amount"}))


def _places(book: PlanBook) -> Sheet:
    columns: tuple[Column[Any], ...] = (
        Column("place", _("Douar"), "string", lambda pair: said(pair[0]) if pair[0] else _("The whole commune")),
        Column("amount", _("Dirhams"), "number", lambda pair: Money(pair[1])),
    )
    return Sheet("places", _("By douar"), columns, tuple(book.plan.by_place().items()), frozenset({"amount"}))


def _left_out(book: PlanBook) -> Sheet:
    columns: list[Column[PlanRow]] = [
        Column("number", _("Number"), "string", lambda row: row.number),
        *_titles(),
        Column("sector", _("Axis"), "string", lambda row: sector_name(book, row.sector)),
        Column("cost", _("Cost"), "number", lambda row: row.cost),
        Column("why", _("Why"), "string", lambda row: say(row.message) if row.message else ""),
        Column("decided", _("Where people decided otherwise"), "string", lambda row: row.pin_reason),
    ]
    return Sheet("not_kept", _("Proposals not kept"), tuple(columns), book.plan.left_out)


def _acts(book: PlanBook) -> Sheet:
    columns: tuple[Column[ActRow], ...] = (
        Column("act", _("Decision"), "string", lambda act: label(act.kind)),
        Column("on", _("Day"), "date", lambda act: act.on),
        Column("for", _("For"), "integer", lambda act: act.votes_for),
        Column("against", _("Against"), "integer", lambda act: act.votes_against),
        Column("abstentions", _("Abstentions"), "integer", lambda act: act.abstentions),
        Column("reference", _("Reference"), "string", lambda act: act.reference),
        Column("reason", _("Reason"), "string", lambda act: act.reason),
    )
    return Sheet("acts", _("Decisions and their dates"), columns, book.plan.version.acts)

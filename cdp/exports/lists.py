"""The lists of a commune as columns: proposals, projects, money by source, marks without names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from cdp.exports.tables import Column
from cdp.i18n.say import label, language
from cdp.kernel.words import LANGUAGES, Words
from cdp.priorities.queries import Ranking
from cdp.rounds.rules.charter import Criterion, Sector
from cdp.transparency.sheets import PlaceSheet, ProjectSheet, ProposalSheet, SourceRow

BETWEEN = "; "

Sectors = Mapping[str, Sector]


def said(words: Words | None) -> str:
    """Words in the page's language, or the nearest there is."""
    return words.in_(language())[0] if words else ""


def _titles() -> list[Column[Any]]:
    names = {"ar": _("Title in Arabic"), "fr": _("Title in French"), "en": _("Title in English")}
    return [
        Column(f"title_{code}", names[code], "string", lambda row, code=code: row.title.get(code, ""))  # type: ignore[misc]
        for code in LANGUAGES
    ]


def _sector(sectors: Sectors) -> list[Column[Any]]:
    return [
        Column("sector", _("Sector (key)"), "string", lambda row: row.sector),
        Column(
            "sector_name",
            _("Sector"),
            "string",
            lambda row: said(sectors[row.sector].name) if row.sector in sectors else row.sector,
        ),
    ]


def _places() -> list[Column[Any]]:
    return [
        Column("places", _("Douars"), "string", lambda row: _joined(said(place.name) for place in row.places)),
        Column("place_codes", _("Codes of the douars"), "string", lambda row: _codes(row.places)),
    ]


def _codes(places: Iterable[PlaceSheet]) -> str:
    return _joined(place.code for place in places)


def _joined(parts: Iterable[str]) -> str:
    return BETWEEN.join(parts)


def _currency() -> Column[Any]:
    return Column("currency", _("Currency"), "string", lambda _row: "MAD")


def proposal_columns(sectors: Sectors) -> list[Column[ProposalSheet]]:
    """The columns of the list of proposals; the key is ``number``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("round", _("First year of the round"), "year", lambda row: row.round),
        *_titles(),
        *_sector(sectors),
        Column("state", _("State (key)"), "string", lambda row: row.state.value),
        Column("state_name", _("State"), "string", lambda row: label(row.state)),
        Column("submitted_on", _("Handed in on"), "date", lambda row: row.submitted_on),
        Column("proposer_kind", _("Who asks (key)"), "string", lambda row: row.proposer_kind.value),
        Column("proposer_kind_name", _("Who asks"), "string", lambda row: label(row.proposer_kind)),
        Column("group", _("Group"), "string", lambda row: said(row.group)),
        Column("person", _("Name shown"), "string", lambda row: row.person),
        Column("supports", _("Supports"), "integer", lambda row: row.supports),
        *_places(),
        Column("cost", _("Cost"), "number", lambda row: row.cost),
        _currency(),
    ]


def project_columns(sectors: Sectors) -> list[Column[ProjectSheet]]:
    """The columns of the list of projects; the key is ``number``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("round", _("First year of the round"), "year", lambda row: row.round),
        *_titles(),
        *_sector(sectors),
        Column("state", _("State (key)"), "string", lambda row: row.state.value),
        Column("state_name", _("State"), "string", lambda row: label(row.state)),
        Column("state_since", _("State since"), "date", lambda row: row.state_since),
        Column("start_year", _("Start year"), "year", lambda row: row.start_year),
        *_places(),
        *_project_money(),
        *_works(),
    ]


def _project_money() -> list[Column[ProjectSheet]]:
    return [
        Column("cost", _("Cost"), "number", lambda row: row.money.cost),
        Column("received", _("Received"), "number", lambda row: row.money.received),
        Column("committed", _("Committed"), "number", lambda row: row.money.committed),
        Column("pledged", _("Pledged"), "number", lambda row: row.money.pledged),
        Column("sought", _("Still sought"), "number", lambda row: row.money.sought),
        Column("spent", _("Spent"), "number", lambda row: row.money.spent),
        _currency(),
        Column("hours_promised", _("Hours promised"), "number", lambda row: row.hours.promised),
        Column("hours_given", _("Hours given"), "number", lambda row: row.hours.given),
    ]


def _works() -> list[Column[ProjectSheet]]:
    def last(name: str) -> Any:
        return lambda row: getattr(row.last_done, name) if row.last_done else None

    return [
        Column("milestones_planned", _("Steps of the works"), "integer", lambda row: row.milestones_planned),
        Column("milestones_done", _("Steps done"), "integer", lambda row: row.milestones_done),
        Column("last_done_on", _("Last step done on"), "date", last("done_on")),
        Column(
            "last_done", _("Last step done"), "string", lambda row: said(row.last_done.title) if row.last_done else ""
        ),
        Column("last_quantity", _("Quantity measured"), "number", lambda row: _exact(last("quantity")(row))),
        Column("last_unit", _("Unit"), "string", last("quantity_unit")),
    ]


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@dataclass(frozen=True)
class MoneyLine:
    """A source of a project's money."""

    number: str
    title: Words
    source: SourceRow


def money_lines(projects: Iterable[ProjectSheet]) -> Iterator[MoneyLine]:
    """The sources of projects, one line each."""
    return (MoneyLine(project.number, project.title, row) for project in projects for row in project.money.rows)


def money_columns() -> list[Column[MoneyLine]]:
    """The columns of the money by source; the key is ``number``, ``source`` and ``party``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.number),
        Column("title", _("Title"), "string", lambda row: said(row.title)),
        Column("source", _("Source (key)"), "string", lambda row: row.source.source.value),
        Column("source_name", _("Source"), "string", lambda row: label(row.source.source)),
        Column("party", _("Partner"), "string", lambda row: row.source.party),
        Column("planned", _("Planned"), "number", lambda row: row.source.planned),
        Column("pledged", _("Pledged"), "number", lambda row: row.source.pledged),
        Column("committed", _("Committed"), "number", lambda row: row.source.committed),
        Column("received", _("Received"), "number", lambda row: row.source.received),
        Column("spent", _("Spent"), "number", lambda row: row.source.spent),
        _currency(),
    ]


@dataclass(frozen=True)
class MarkLine:
    """A mark of a sheet that has a number and no name."""

    proposal: str
    sheet: int
    criterion: Criterion
    mark: int


def mark_lines(ranking: Ranking, criteria: Iterable[Criterion]) -> Iterator[MarkLine]:
    """Every open mark, by proposal, so that anyone can count again; the order of the sheets names nobody."""
    known = list(criteria)
    for row in sorted(ranking.rows, key=lambda each: each.number):
        for position, sheet in enumerate(row.sheets, 1):
            for criterion in known:
                yield MarkLine(row.number, position, criterion, sheet.marks[criterion.key])


def mark_columns() -> list[Column[MarkLine]]:
    """The columns of the marks; the key is ``number``, ``sheet`` and ``criterion``."""
    return [
        Column("number", _("Number"), "string", lambda row: row.proposal),
        Column("sheet", _("Sheet"), "integer", lambda row: row.sheet),
        Column("criterion", _("Criterion (key)"), "string", lambda row: row.criterion.key),
        Column("criterion_name", _("Criterion"), "string", lambda row: said(row.criterion.name)),
        Column("weight", _("Weight"), "integer", lambda row: row.criterion.weight),
        Column("mark", _("Mark"), "integer", lambda row: row.mark),
    ]

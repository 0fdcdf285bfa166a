"""The lists of a commune as columns: proposals, projects, money by source, marks without names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from cdp.exports.money_moves import party_columns
from cdp.exports.tables import Column
from cdp.i18n.say import label, language
from cdp.kernel.words import LANGUAGES, Words
from cdp.priorities.queries import Ranking
from cdp.rounds.rules.charter import Criterion, Sector
from cdp.rounds.states import Phase
from cdp.transparency.sheets import (
    CommuneSheet,
    GroupSheet,
    PlaceSheet,
    ProjectSheet,
    ProposalSheet,
    RoundSheet,
    SourceRow,
)

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


def _names() -> list[Column[Any]]:
    names = {"ar": _("Name in Arabic"), "fr": _("Name in French"), "en": _("Name in English")}
    return [
        Column(f"name_{code}", names[code], "string", lambda row, code=code: row.name.get(code, ""))  # type: ignore[misc]
        for code in LANGUAGES
    ]


def commune_columns() -> list[Column[CommuneSheet]]:
    """The columns of the list of communes; the key is ``code``."""
    return [
        Column("code", _("Code"), "string", lambda row: row.code),
        Column("slug", _("Name in addresses"), "string", lambda row: row.slug),
        Column("kind", _("Kind (key)"), "string", lambda row: row.kind.value),
        *_names(),
        Column("cercle", _("Cercle"), "string", lambda row: said(row.cercle)),
        Column("population_2014", _("Population in 2014"), "integer", lambda row: row.population_2014),
        Column("population_2024", _("Population in 2024"), "integer", lambda row: row.population_2024),
        Column("summer_population", _("Population in summer"), "integer", lambda row: row.summer_population),
        Column("is_invented", _("Invented for the demonstration"), "boolean", lambda row: row.is_invented),
    ]


def round_columns() -> list[Column[RoundSheet]]:
    """The columns of the list of rounds; the key is ``first_year``. Two days for each phase."""
    return [
        Column("first_year", _("First year"), "year", lambda row: row.first_year),
        Column("last_year", _("Last year"), "year", lambda row: row.last_year),
        *_titles(),
        Column("phase", _("Phase (key)"), "string", lambda row: row.phase.value if row.phase else ""),
        Column("phase_name", _("Phase"), "string", lambda row: label(row.phase) if row.phase else ""),
        Column("charter_version", _("Version of the charter"), "integer", lambda row: row.charter_version),
        Column("proposals", _("Proposals"), "integer", lambda row: row.proposals),
        *(column for phase in Phase for column in _days(phase)),
    ]


def _days(phase: Phase) -> tuple[Column[RoundSheet], Column[RoundSheet]]:
    def day(name: str) -> Any:
        return lambda row: next((getattr(one, name) for one in row.phases if one.phase is phase), None)

    first = _("%(phase)s: first day", phase=label(phase))
    last = _("%(phase)s: last day", phase=label(phase))
    starts, ends = day("starts_on"), day("ends_on")
    return Column(f"{phase.value}_from", first, "date", starts), Column(f"{phase.value}_until", last, "date", ends)


def group_columns() -> list[Column[GroupSheet]]:
    """The columns of the list of groups; the key is ``id``."""
    return [
        Column("id", _("Number"), "integer", lambda row: row.id),
        *_names(),
        Column("kind", _("Kind (key)"), "string", lambda row: row.kind.value),
        Column("kind_name", _("Kind"), "string", lambda row: label(row.kind)),
        Column("state", _("State (key)"), "string", lambda row: row.state.value),
        Column("state_name", _("State"), "string", lambda row: label(row.state)),
        Column("place", _("Douar"), "string", lambda row: said(row.place)),
        Column("city", _("City"), "string", lambda row: row.city),
        Column("is_registered", _("Registered"), "boolean", lambda row: row.is_registered),
        Column("papers_valid_until", _("Papers valid until"), "date", lambda row: row.papers_valid_until),
        Column("papers_seen_on", _("Papers seen on"), "date", lambda row: row.papers_seen_on),
        Column("members", _("Members"), "integer", lambda row: row.members),
    ]


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
        *party_columns(_, lambda row: row.source),
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

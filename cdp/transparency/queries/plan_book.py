"""The plan's book: one version with its reasons, its people and its meetings (a fixed number of statements)."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from cdp.kernel.clock import day_of
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.meetings.queries import MeetingRow, SayingRow
from cdp.meetings.rules import Figure
from cdp.meetings.states import Indicator, MeetingKind, PresentBy, SayingKind
from cdp.papers import queries as papers
from cdp.programme import queries as programme
from cdp.programme.queries import PlanRow, PlanSheet, VersionRow
from cdp.programme.rules.partners import written
from cdp.programme.states import ActKind
from cdp.review.states import CostKind
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules.phases import Window
from cdp.rounds.states import Phase, ProposerKind, Source, Sureness
from cdp.transparency.plan_book import (
    CostRow,
    DayOnPath,
    HomeSheet,
    PlaceOnMap,
    PlanBook,
    RankedSheet,
    ShareRow,
    SheetOfProject,
)
from cdp.transparency.queries.path import ACTS

Plain = dict[str, Any]


def version_of(db: Session, card: RoundCard, number: int | None = None) -> VersionRow:
    """The version asked for, else the newest adopted, else the newest submitted; NotFound for drafts and none."""
    return _chosen([version for version in programme.versions(db, card.id) if version.frozen_at], number)


def any_version_of(db: Session, card: RoundCard, number: int | None = None) -> VersionRow:
    """The same, drafts with them: for the office."""
    return _chosen(list(programme.versions(db, card.id)), number)


def no_version(card: RoundCard, made_at: datetime) -> VersionRow:
    """A version with nothing in it: for papers that come before there is a plan."""
    return VersionRow(0, 0, card.charter_version, made_at, None, "", ())


def _chosen(readable: list[VersionRow], number: int | None) -> VersionRow:
    if number is not None:
        readable = [version for version in readable if version.number == number]
    if not readable:
        raise NotFound("programme.no_such_version", number=number or 1)
    return programme.in_force(readable) or readable[0]


def book(db: Session, card: RoundCard, version: VersionRow) -> PlanBook:
    """Everything the document of a version says: from its record, so that it says the same for ever."""
    record = programme.record(db, card, version.id)
    card = _card(card, version, record)
    sheet = programme.sheet(db, card, version, record=record)
    return PlanBook(
        home=_home(record["commune"]),
        card=card,
        plan=sheet,
        projects=tuple(_project(row, record["proposals"][row.number]) for row in sheet.rows),
        ranked=tuple(_ranked(each) for each in record["ranked"]),
        askers=tuple((ProposerKind(kind), count) for kind, count, _ in record["who_asked"]),
        supports=sum(supports for _, _, supports in record["who_asked"]),
        meetings=tuple(_meeting(each) for each in record["meetings"]),
        heard={PresentBy(facet): counts for facet, counts in record["heard"].items()},
        census=tuple(_figure(each) for each in record["census"]),
        entered=tuple(_figure(each) for each in record["entered"]),
        map=_map(record["map"], sheet),
        path=_path(db, card, version, record),
        made_at=version.frozen_at or version.made_at,
    )


def _card(card: RoundCard, version: VersionRow, record: Plain) -> RoundCard:
    """The round as it stood: its years, its timetable, the charter of the version."""
    round_ = record["round"]
    return replace(
        card,
        first_year=round_["first_year"],
        last_year=round_["last_year"],
        windows=tuple(
            Window(Phase(w["phase"]), date.fromisoformat(w["from"]), _day(w["until"])) for w in round_["phases"]
        ),
        charter_version=version.charter_version,
        charter=charters.read(record["charter"]),
    )


def _home(commune: Plain) -> HomeSheet:
    named = {key: Words(commune[key]) for key in ("name", "province", "region")}
    return HomeSheet(**commune | named | {"cercle": _some(commune["cercle"])})


def _project(row: PlanRow, asked: Plain) -> SheetOfProject:
    people = {key: asked[key] for key in ("women", "men", "youth", "households", "summer_peak", "supports")}
    return SheetOfProject(
        row=row,
        need=Words(asked["need"]),
        upkeep=Words(asked["upkeep"]),
        **people,
        price_year=asked["price_year"],
        shares=tuple(
            ShareRow(Source(s["source"]), s["party"], _called(s), Money(s["amount"]), Sureness(s["sureness"]))
            for s in asked["shares"]
        ),
        costs=tuple(
            CostRow(CostKind(c["kind"]), Words(c["label"]), c["quantity_milli"], c["unit"], Money(c["price"]))
            for c in asked["costs"]
        ),
    )


def _called(share: Plain) -> Words:
    """What a partner was called; records of before partners had names in several languages have it once."""
    return Words(share["name"]) if "name" in share else written(share["party"])


def _ranked(row: Plain) -> RankedSheet:
    mean = None if row["mean"] is None else Fraction(row["mean"])
    said = tuple(map(Words, row.get("said", ())))
    return RankedSheet(row["number"], Words(row["title"]), mean, row["place"], row["sheets"], row["reason"], said)


def _meeting(row: Plain) -> MeetingRow:
    said = tuple(
        SayingRow(SayingKind(s["kind"]), Words(s["text"]), s["sector"], _some(s["place"]), 0) for s in row["said"]
    )
    return MeetingRow(
        id=0,
        kind=MeetingKind(row["kind"]),
        title=Words(row["title"]),
        held_on=date.fromisoformat(row["held_on"]),
        begins_at="",
        place=Words(row["place"]),
        locality=_some(row["locality"]),
        agenda=Words(),
        chaired_by="",
        minutes=Words(),
        present=row["present"],
        sayings=said,
    )


def _figure(row: Plain) -> Figure:
    return Figure(Indicator(row["indicator"]), row["value_milli"], row["source"], row["year"])


def _map(places: list[Plain], sheet: PlanSheet) -> tuple[PlaceOnMap, ...]:
    """Douars with a place on the sketch map; a project of several douars counts in equal parts."""
    amounts: dict[Words, int] = {name: amount for name, amount in sheet.by_place().items() if name is not None}
    named = ((Words(place["name"]), place) for place in places)
    return tuple(PlaceOnMap(name, place["x"], place["y"], amounts.get(name, 0)) for name, place in named)


def _path(db: Session, card: RoundCard, version: VersionRow, record: Plain) -> tuple[DayOnPath, ...]:
    """The steps that have a day: of meetings, of this version's acts, and noted before the last of these.

    What is noted later belongs to what came later: the document of a version stays as it is. The steps up to the
    publication are those of the plan that was updated; the update is a step of its own.
    """
    days = {key: date.fromisoformat(day) for key, day in record["days"].items()}
    if version.updates and (visa := version.act(ActKind.VISA)):
        days["update"] = visa.on
    first = _first(db, card, version)
    for act in first.acts:
        for key in ACTS.get(act.kind, ()):
            days.setdefault(key, act.on)
    if first.frozen_at is not None:
        days.setdefault("programming", day_of(first.frozen_at))
    days |= papers.noted_days(db, card.id, until=programme.last_act_at(db, version.id))
    return tuple(
        DayOnPath(Words(step["title"]), step["article"], days[step["key"]])
        for step in record["steps"]
        if step["key"] in days
    )


def _first(db: Session, card: RoundCard, version: VersionRow) -> VersionRow:
    """The version that the first of a version's updates brought up to date; itself where it is no update."""
    known = {each.number: each for each in programme.versions(db, card.id)} if version.updates else {}
    while version.updates and version.updates in known:
        version = known[version.updates]
    return version


def _some(words: dict[str, str] | None) -> Words | None:
    return None if words is None else Words(words)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

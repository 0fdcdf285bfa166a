"""The record of a version: everything its document prints beside its lines, as plain values that are frozen with it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes import queries as territory
from cdp.communes.models import Commune, Province, Region
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.meetings import queries as meetings
from cdp.meetings.census import census
from cdp.meetings.queries import MeetingRow
from cdp.meetings.rules import Figure, heard
from cdp.meetings.states import MeetingKind
from cdp.papers import queries as papers
from cdp.papers.reference import calendar
from cdp.priorities.queries import ranking
from cdp.programme.models import PlanLine, PlanVersion
from cdp.programme.queries import sheets
from cdp.programme.queries.asked import asked
from cdp.proposals.models import Proposal
from cdp.rounds.queries import RoundCard, charter_at

Plain = dict[str, Any]


def record(db: Session, card: RoundCard, version_id: int) -> Plain:
    """What a version was frozen with; of a draft, and of none yet (0), what would be frozen today."""
    kept = sheets.record_of(db, version_id)
    return gathered(db, card, version_id) if kept is None else kept


def gathered(db: Session, card: RoundCard, version_id: int) -> Plain:
    """Everything the document of a version prints beside its lines, as it stands today (plain values)."""
    held = meetings.meetings(db, card.id)
    found = db.scalar(select(PlanVersion.charter_version).where(PlanVersion.id == version_id))
    ids = db.scalars(select(PlanLine.proposal_id).where(PlanLine.version_id == version_id)).all()
    return {
        "commune": _commune(db, card.commune_id),
        "round": {
            "first_year": card.first_year,
            "last_year": card.last_year,
            "phases": [
                {"phase": w.phase.value, "from": w.starts_on.isoformat(), "until": _day(w.ends_on)}
                for w in card.windows
            ],
        },
        "charter": charter_at(db, card, found or card.charter_version).plain(),
        "proposals": asked(db, ids),
        "ranked": _ranked(db, card),
        "who_asked": _askers(db, card.id),
        "meetings": [_meeting(row) for row in held],
        "heard": {facet.value: dict(counts) for facet, counts in heard((m.present, m.counts) for m in held).items()},
        "census": [_figure(each) for each in census(db.get_one(Commune, card.commune_id).code)],
        "entered": [_figure(each) for each in meetings.entered_figures(db, card.id).values()],
        "map": [
            {"name": dict(place.name), "x": place.x, "y": place.y}
            for place in territory.places(db, card.commune_id)
            if place.x is not None and place.y is not None
        ],
        "steps": [
            {"key": step.key, "title": dict(step.title), "article": step.article}
            for step in papers.calendar_of(db, card.commune_id, calendar())
        ],
        "days": {key: day.isoformat() for key, day in days_of(held).items()},
    }


def days_of(held: tuple[MeetingRow, ...]) -> dict[str, date]:
    """Days of the legal path that meetings give once they are written up."""
    found: dict[str, date] = {}
    for meeting in held:
        if meeting.present is not None:
            if meeting.kind is MeetingKind.OPENING:
                found.setdefault("opening_meeting", meeting.held_on)
            else:
                found["consultations"] = meeting.held_on
    return found


def _commune(db: Session, commune_id: int) -> Plain:
    commune = db.get_one(Commune, commune_id)
    province, region = db.execute(
        select(Province.name, Region.name)
        .join(Region, Region.id == Province.region_id)
        .where(Province.id == commune.province_id)
    ).one()
    return {
        "slug": commune.slug,
        "name": dict(commune.name),
        "province": dict(province),
        "region": dict(region),
        "cercle": _words(commune.cercle),
        "population": commune.population_2024,
        "council_size": commune.council_size,
        "is_invented": commune.is_invented,
    }


def _ranked(db: Session, card: RoundCard) -> list[Plain]:
    return [
        {
            "number": row.number,
            "title": dict(row.title),
            "mean": None if row.score.mean is None else str(Fraction(row.score.mean)),
            "place": row.place,
            "sheets": len(row.sheets),
            "reason": row.decided.reason if row.decided and row.differs else "",
            "said": [{sheet.reason_language: sheet.reason} for sheet in row.sheets if sheet.reason],
        }
        for row in ranking(db, card, today()).rows
    ]


def _askers(db: Session, round_id: int) -> list[list[Any]]:
    """Kind of who asks, proposals, supports."""
    rows = db.execute(
        select(Proposal.proposer_kind, func.count(), func.sum(Proposal.support_count))
        .where(Proposal.round_id == round_id, Proposal.submitted_at.is_not(None))
        .group_by(Proposal.proposer_kind)
    )
    found = [[kind.value, count, int(supports or 0)] for kind, count, supports in rows]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _meeting(row: MeetingRow) -> Plain:
    """What is printed of a meeting: no name of who was in the chair, no count of one meeting alone."""
    return {
        "kind": row.kind.value,
        "title": dict(row.title),
        "held_on": row.held_on.isoformat(),
        "place": dict(row.place),
        "locality": _words(row.locality),
        "present": row.present,
        "said": [
            {"kind": each.kind.value, "text": dict(each.text), "sector": each.sector, "place": _words(each.place)}
            for each in row.sayings
        ],
    }


def _figure(figure: Figure) -> Plain:
    return {
        "indicator": figure.indicator.value,
        "value_milli": figure.value_milli,
        "source": figure.source,
        "year": figure.year,
    }


def _words(words: Words | None) -> Mapping[str, str] | None:
    return None if words is None else dict(words)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

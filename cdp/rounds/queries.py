"""Reads about rounds: the card every page of a round carries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cdp.communes import queries as communes
from cdp.kernel.errors import Message, NotFound
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.queries import said_name, shown_name
from cdp.rounds.models import Charter, PhaseDecision, PhaseWindow, Round
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules.changes import differences
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.rules.phases import Decision, Window, timetable, window_on
from cdp.rounds.states import PHASES, DecisionKind, Phase
from cdp.store.keeping import Keep


@dataclass(frozen=True)
class RoundCard:
    """A round with its timetable and its charter in force: all a page or a policy asks about the rules."""

    id: int
    commune_id: int
    first_year: int
    last_year: int
    title: Words
    windows: tuple[Window, ...]
    charter_version: int
    charter: CharterRules
    is_fixed: bool = False
    """Whether the charter in force can no longer be changed in place."""

    def window_on(self, day: date) -> Window | None:
        """The phase that holds on a day, with its dates."""
        return window_on(self.windows, day)

    def phase_on(self, day: date) -> Phase | None:
        """The phase of a day, or None before, between and after."""
        window = self.window_on(day)
        return window.phase if window else None

    def is_in(self, day: date, *phases: Phase) -> bool:
        """Whether a day lies in one of these phases."""
        return self.phase_on(day) in phases


def find(db: Session, commune_id: int, first_year: int) -> Round:
    """A round of a commune by its first year; NotFound else."""
    found = db.scalar(select(Round).where(Round.commune_id == commune_id, Round.first_year == first_year))
    if found is None:
        raise NotFound("rounds.unknown", year=first_year)
    return found


def card(db: Session, round_: Round) -> RoundCard:
    """The card of a round (three statements)."""
    rows = db.scalars(select(PhaseWindow).where(PhaseWindow.round_id == round_.id)).all()
    decided = db.scalars(
        select(PhaseDecision).where(PhaseDecision.round_id == round_.id).order_by(PhaseDecision.id)
    ).all()
    charter = db.scalars(
        select(Charter).where(Charter.round_id == round_.id).order_by(Charter.version.desc()).limit(1)
    ).one()
    windows = _in_order(rows)
    return RoundCard(
        id=round_.id,
        commune_id=round_.commune_id,
        first_year=round_.first_year,
        last_year=round_.last_year,
        title=round_.title,
        windows=tuple(timetable(windows, [Decision(d.phase, d.kind, d.ends_on) for d in decided])),
        charter_version=charter.version,
        charter=charters.read(charter.rules),
        is_fixed=charter.frozen_at is not None,
    )


def charter_at(db: Session, card: RoundCard, version: int) -> CharterRules:
    """The charter of a round as it stood in a version; NotFound for one there never was."""
    if version == card.charter_version:
        return card.charter
    rules = db.scalar(select(Charter.rules).where(Charter.round_id == card.id, Charter.version == version))
    if rules is None:
        raise NotFound
    return charters.read(rules)


_cards: Keep[tuple[RoundCard, ...]] = Keep()


def cards_of(db: Session, commune_id: int, revision: int | None = None) -> tuple[RoundCard, ...]:
    """The rounds of a commune, the newest first; kept by the worker until the commune's revision changes.

    ``revision`` is what this transaction just read of the commune; without it, it is asked.
    """
    standing = communes.revision_of(db, commune_id) if revision is None else revision
    return _cards.of(db, commune_id, standing, lambda: tuple(card(db, round_) for round_ in all_of(db, commune_id)))


def card_of(db: Session, commune_id: int, round_id: int, revision: int | None = None) -> RoundCard:
    """The card of a round that is known to exist, from what the worker keeps."""
    found = next((each for each in cards_of(db, commune_id, revision) if each.id == round_id), None)
    return found or card(db, db.get_one(Round, round_id))


def _in_order(rows: Iterable[PhaseWindow]) -> list[Window]:
    windows = (Window(row.phase, row.starts_on, row.ends_on) for row in rows)
    return sorted(windows, key=lambda window: PHASES.index(window.phase))


def planned(db: Session, round_id: int) -> tuple[Window, ...]:
    """The phases of a round as they were planned, without the decisions about them."""
    return tuple(_in_order(db.scalars(select(PhaseWindow).where(PhaseWindow.round_id == round_id))))


@dataclass(frozen=True)
class DecisionRow:
    """A decision about the end of a phase, as the public reads it."""

    phase: Phase
    kind: DecisionKind
    ends_on_before: date
    ends_on: date
    reason: str
    reason_language: str
    decided_by: str
    decided_at: datetime


def decisions(db: Session, round_id: int) -> tuple[DecisionRow, ...]:
    """The decisions about the phases of a round, the newest first; names as their bearers show them."""
    columns = (
        PhaseDecision.phase,
        PhaseDecision.kind,
        PhaseDecision.ends_on_before,
        PhaseDecision.ends_on,
        PhaseDecision.reason,
        PhaseDecision.reason_language,
        said_name(),
        Person.shown_as,
        PhaseDecision.decided_at,
    )
    rows = db.execute(
        select(*columns)
        .join(Person, Person.id == PhaseDecision.decided_by_id)
        .where(PhaseDecision.round_id == round_id)
        .order_by(PhaseDecision.id.desc())
    )
    return tuple(
        DecisionRow(phase, kind, before, ends_on, reason, language, shown_name(name, shown_as), at)
        for phase, kind, before, ends_on, reason, language, name, shown_as, at in rows
    )


@dataclass(frozen=True)
class VersionRow:
    """A version of the charter: why it came, who made it, what it changed against the one before."""

    version: int
    made_at: datetime
    made_by: str
    reason: str
    frozen_at: datetime | None
    changes: tuple[Message, ...]


def versions(db: Session, round_id: int) -> tuple[VersionRow, ...]:
    """The versions of a round's charter, the newest first."""
    columns = (
        Charter.version,
        Charter.made_at,
        Charter.reason,
        Charter.frozen_at,
        Charter.rules,
        said_name(),
        Person.shown_as,
    )
    rows = db.execute(
        select(*columns)
        .join(Person, Person.id == Charter.made_by_id)
        .where(Charter.round_id == round_id)
        .order_by(Charter.version)
    )
    found: list[VersionRow] = []
    before: CharterRules | None = None
    for version, made_at, reason, frozen_at, document, name, shown_as in rows:
        rules = charters.read(document)
        changes = differences(before, rules) if before else ()
        found.append(VersionRow(version, made_at, shown_name(name, shown_as), reason, frozen_at, changes))
        before = rules
    return tuple(reversed(found))


def under_way(db: Session, day: date) -> list[Round]:
    """Rounds of all communes that may have a phase to enter by a day, oldest first (for the clock)."""
    begun = select(PhaseWindow.round_id).where(PhaseWindow.starts_on <= day)
    waiting = or_(Round.entered.is_(None), Round.entered != Phase.DELIVERY)
    return list(db.scalars(select(Round).where(Round.id.in_(begun), waiting).order_by(Round.id)))


def get(db: Session, round_id: int) -> Round:
    """A round that is known to exist."""
    return db.get_one(Round, round_id)


def all_of(db: Session, commune_id: int) -> list[Round]:
    """The rounds of a commune, the newest first."""
    return list(db.scalars(select(Round).where(Round.commune_id == commune_id).order_by(Round.first_year.desc())))

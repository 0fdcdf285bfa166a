"""Reads about rounds: the card every page of a round carries."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.rounds.models import Charter, PhaseDecision, PhaseWindow, Round
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.rules.phases import Decision, Window, timetable, window_on
from cdp.rounds.states import PHASES, Phase


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
    planned = db.scalars(select(PhaseWindow).where(PhaseWindow.round_id == round_.id)).all()
    decided = db.scalars(
        select(PhaseDecision).where(PhaseDecision.round_id == round_.id).order_by(PhaseDecision.id)
    ).all()
    charter = db.scalars(
        select(Charter).where(Charter.round_id == round_.id).order_by(Charter.version.desc()).limit(1)
    ).one()
    windows = sorted((Window(w.phase, w.starts_on, w.ends_on) for w in planned), key=lambda w: PHASES.index(w.phase))
    return RoundCard(
        id=round_.id,
        commune_id=round_.commune_id,
        first_year=round_.first_year,
        last_year=round_.last_year,
        title=round_.title,
        windows=tuple(timetable(windows, [Decision(d.phase, d.kind, d.ends_on) for d in decided])),
        charter_version=charter.version,
        charter=charters.read(charter.rules),
    )


def all_of(db: Session, commune_id: int) -> list[Round]:
    """The rounds of a commune, the newest first."""
    return list(db.scalars(select(Round).where(Round.commune_id == commune_id).order_by(Round.first_year.desc())))

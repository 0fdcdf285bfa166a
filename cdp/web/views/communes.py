"""The public front door of a commune."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from cdp.http.context import db
from cdp.kernel.clock import today
from cdp.programme.states import ProjectState
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Phase
from cdp.transparency.front import Front, front
from cdp.web import here, kept, paths
from cdp.web.jinja import in_language
from cdp.web.outline import land

bp = Blueprint("communes", __name__, url_prefix="/<lang>/<commune>")

TONES = {ProjectState.DONE: "done", ProjectState.WORKS: "now"}


@dataclass(frozen=True)
class Point:
    """A douar on the sketch map."""

    x: float
    y: float
    name: str
    tone: str
    url: str | None = None


@bp.get("/")
def show() -> ResponseReturnValue:
    """Where its round stands, what can be done today, what became of the last plan."""
    commune, card, day = here.commune(), here.current_round(), today()
    seen = front(db, commune.id, card.id if card else None, day)
    return kept.page(
        "communes/show.html",
        kept.frozen(vars(seen)),
        make=lambda: {
            "commune": commune,
            "card": card,
            "phase": card.phase_on(day) if card else None,
            "phases": Phase,
            "steps": paths.brief_steps(card, day) if card else [],
            "left": paths.left(card, day) if card else "",
            "before": _round_before(card),
            "front": seen,
            "points": list(_points(seen)),
            "land": land(
                (place.x, place.y) for place in here.places().values() if place.x is not None and place.y is not None
            ),
        },
    )


def _round_before(card: RoundCard | None) -> RoundCard | None:
    """The round whose plan is carried out: the newest that began before the one of today, else today's."""
    older = [c for c in here.cards() if card is not None and c.first_year < card.first_year]
    return older[0] if older else card


def _points(seen: Front) -> Iterator[Point]:
    for place in here.places().values():
        if place.x is None or place.y is None:
            continue
        state = seen.places.get(place.id)
        tone = "neutral" if state is None else TONES.get(state, "next")
        url = None if state is None else url_for("projects.board")
        yield Point(place.x, place.y, in_language(place.name), tone, url)

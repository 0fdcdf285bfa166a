"""What the list of projects shows: cards, filters as links that keep the rest of the question."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cdp.i18n.say import label, language
from cdp.kernel.page import Page
from cdp.programme.queries import ProjectCard, ProjectFilters
from cdp.programme.states import ProjectState
from cdp.rounds.queries import RoundCard
from cdp.rounds.rules.charter import Sector

SECTOR_LONGEST = 40


def asked(args: Mapping[str, str]) -> ProjectFilters:
    """The question of an address; what is not known asks nothing."""
    state = args.get("state", "")
    known = {each.value: each for each in ProjectState}
    return ProjectFilters(known.get(state), args.get("sector", "")[:SECTOR_LONGEST] or None)


def address(filters: ProjectFilters, **over: Any) -> str:
    """The address of a question."""
    values: dict[str, Any] = {"state": filters.state and filters.state.value, "sector": filters.sector} | over
    return url_for("projects.board", **{name: value for name, value in values.items() if value})


def sectors(rounds: Iterable[RoundCard]) -> dict[str, Sector]:
    """The sectors of all charters of the commune, the newest name of each."""
    found: dict[str, Sector] = {}
    for card in rounds:
        for sector in card.charter.sectors:
            found.setdefault(sector.key, sector)
    return found


def facets(
    filters: ProjectFilters, counts: Mapping[ProjectState, int], known: Mapping[str, Sector]
) -> list[tuple[str, list[Any]]]:
    """(title, (text, count, address, whether chosen)) of each filter; a chosen one leads back to all."""
    states = [
        (label(state), count, address(filters, state=None if is_on else state.value), is_on)
        for state, count in counts.items()
        for is_on in [filters.state is state]
    ]
    fields = [
        (sector.name.in_(language())[0], None, address(filters, sector=None if is_on else key), is_on)
        for key, sector in known.items()
        for is_on in [filters.sector == key]
    ]
    return [(_("State"), states), (_("Sector"), fields)]


def cards(
    page: Page[ProjectCard], known: Mapping[str, Sector], tones: Mapping[ProjectState, tuple[str, str]]
) -> list[Any]:
    """The rows as cards."""
    return [_card(row, known.get(row.sector), tones[row.state]) for row in page.rows]


def _card(row: ProjectCard, sector: Sector | None, tone: tuple[str, str]) -> Any:
    names = [place.in_(language())[0] for place in row.places]
    shown = _(", ").join(names[:3]) + ("…" if len(names) > 3 else "")
    return SimpleNamespace(
        url=url_for("projects.show", number=row.number),
        icon=sector.icon if sector else "star",
        title=row.title,
        place=shown or _("The whole commune"),
        number=row.number,
        state_text=label(row.state),
        state_tone=tone[0],
        state_icon=tone[1],
        cost=row.cost,
    )

"""The public board: one query asked by links that keep their address, as a list and as a map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from cdp.http.context import current_actor, db
from cdp.i18n import formats
from cdp.i18n.say import label, language
from cdp.kernel.clock import today
from cdp.kernel.page import Page
from cdp.proposals import queries
from cdp.proposals.policy import MAY_IMPORT, MAY_START_FOR_ANOTHER, Opening, round_takes_proposals
from cdp.proposals.queries import BoardRow, Filters, Order
from cdp.proposals.states import PUBLIC, ProposalState
from cdp.review.queries.costs import standing as standing_costs
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import ProposerKind
from cdp.web import here, kept
from cdp.web.views.proposals.room import TONES, asker_name, asker_tag, bp, where

LAST_PAGE = 800

WITH_COSTS = queries.along(standing_costs)
"""The places of a page together with what the review worked out, in one statement."""


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as its card shows it; nothing is asked or translated while the template runs."""

    url: str
    icon: str
    title: str
    lang: str
    place: str
    asker: Markup
    tag: str
    state: ProposalState
    supports: str
    cost: str
    """As money is written; empty while it is not worked out."""


@bp.get("/<int:year>/proposals")
def board(year: int) -> ResponseReturnValue:
    """What people ask for in this round: search, filters, most supported or newest, list or map."""
    round_ = here.round_of(year)
    filters = asked()
    counts = queries.facets(db, round_.id)
    as_map = request.args.get("as") == "map"
    number = min(request.args.get("page", 1, type=int) or 1, LAST_PAGE)
    found: Page[BoardRow] = Page([])
    points: dict[int, int] = {}
    if as_map:
        points = queries.map_points(db, round_.id, filters)
    else:
        found = queries.board(db, round_.id, filters, page=number, beside=WITH_COSTS)
    opening = Opening(round_, today())
    rights = {
        "takes_proposals": round_takes_proposals(current_actor, opening),
        "may_write_for_others": MAY_START_FOR_ANOTHER(current_actor, opening),
        "may_import": MAY_IMPORT(current_actor, opening),
    }
    total = total_of(found, round_, filters, counts=counts)
    read = (*found.rows, found.number, found.more, total, *map(kept.frozen, (counts, points, rights)))
    return kept.page(
        "proposals/board.html",
        *read,
        make=lambda: (
            rights
            | {"round": round_, "filters": filters, "as_map": as_map, "page": found, "total": total}
            | shown(round_, filters, found, counts=counts, points=points, as_map=as_map)
        ),
    )


def shown(
    round_: RoundCard,
    filters: Filters,
    found: Page[BoardRow],
    *,
    counts: Mapping[str, Mapping[str, int]],
    points: Mapping[int, int],
    as_map: bool,
) -> dict[str, Any]:
    """What the template is given besides: cards, facets, addresses in the words of the page."""
    address = Addresses(round_.first_year, filters, as_map=as_map)
    return {
        "orders": Order,
        "cards": cards(found, round_),
        "points": map_of(points, filters, round_.first_year),
        "facets": facets(round_, filters, counts, address=address),
        "places": places(filters, counts.get("place", {})),
        "to": address,
        "tones": TONES,
        "window": next((w for w in round_.windows if w.phase.value == "proposals"), None),
    }


def total_of(
    found: Page[BoardRow], round_: RoundCard, filters: Filters, *, counts: Mapping[str, Mapping[str, int]]
) -> int:
    """How many answer: the rows themselves where all of them stand on the first page."""
    if found.rows and found.number == 1 and not found.more:
        return len(found.rows)
    return queries.total(db, round_.id, filters, counts)


def asked() -> Filters:
    """What the address asks; what it does not know asks nothing."""
    given = request.args
    return Filters(
        query=given.get("q", "").strip()[:120],
        sector=given.get("sector", "")[:40],
        proposer=_member(ProposerKind, given.get("who", "")),
        state=_public(_member(ProposalState, given.get("state", ""))),
        place=given.get("place", type=int),
        order=_member(Order, given.get("order", "")) or Order.SUPPORTED,
    )


def _member(kind: type[Any], value: str) -> Any:
    return next((member for member in kind if member.value == value), None)


def _public(state: ProposalState | None) -> ProposalState | None:
    return None if state is ProposalState.DRAFT else state


@dataclass(frozen=True)
class Addresses:
    """Addresses of the same board, asked a little otherwise."""

    year: int
    filters: Filters
    as_map: bool = False

    def __call__(self, *, page: int | None = None, **over: Any) -> str:
        """The address with other values; a changed question starts at its first page."""
        view = over.pop("view", "map" if self.as_map else "list")
        filters = replace(self.filters, **over)
        words = {
            "q": filters.query,
            "sector": filters.sector,
            "who": filters.proposer.value if filters.proposer else "",
            "state": filters.state.value if filters.state else "",
            "place": filters.place or "",
            "order": filters.order.value if filters.order is not Order.SUPPORTED else "",
            "as": view if view == "map" else "",
            "page": page or "",
        }
        query = urlencode({name: value for name, value in words.items() if value})
        return "?" + query if query else url_for("proposals.board", year=self.year)

    def turn(self, number: int) -> str:
        """The address of another page of the same question."""
        return self(page=number)


def cards(found: Page[BoardRow], round_: RoundCard) -> list[Card]:
    """The rows in the words of the page; addresses and sentences are made once and filled for each."""
    stem = url_for("proposals.show", number="NUMBER")
    asked_by = str(_("asked for by %(asker)s", asker="ASKER"))
    icons = {sector.key: sector.icon for sector in round_.charter.sectors}
    known, tongue = here.places(), language()
    counted = {
        n: str(ngettext("%(num)s support", "%(num)s supports", n)) for n in {r.support_count for r in found.rows}
    }
    return [
        Card(
            stem.replace("NUMBER", row.number),
            icons.get(row.sector, "star"),
            *row.title.in_(tongue),
            where(row.places, known),
            named(asked_by, asker_name(row.group_name, row.person_name, row.proposer_kind)),
            asker_tag(row.group_kind, row.is_registered, kind=row.proposer_kind, city=row.city),
            row.state,
            counted[row.support_count],
            formats.money(row.cost, tongue) if row.cost else "",
        )
        for row in found.rows
    ]


def named(sentence: str, name: str) -> Markup:
    """A translated sentence with the name set into it, in its own direction."""
    return escape(sentence).replace("ASKER", Markup("<b><bdi>%s</bdi></b>") % name)


Facet = tuple[str, int, str, bool]


def facets(
    round_: RoundCard, filters: Filters, counts: Mapping[str, Mapping[str, int]], *, address: Addresses
) -> list[tuple[str, list[Facet]]]:
    """The questions beside the list; a chosen answer leads back to all."""
    tongue, asked_for = language(), filters.facets()
    questions: tuple[tuple[str, str, list[tuple[str, str, Any]]], ...] = (
        (_("Field of action"), "sector", [(s.name.in_(tongue)[0], s.key, s.key) for s in round_.charter.sectors]),
        (_("Who asks"), "proposer", [(label(kind), kind.value, kind) for kind in ProposerKind]),
        (_("How far it is"), "state", [(label(state), state.value, state) for state in PUBLIC]),
    )
    found = []
    for title, facet, answers in questions:
        chosen = asked_for.get(facet)
        none: Any = "" if facet == "sector" else None
        items = [
            (text, n, address(**{facet: none if key == chosen else value}), key == chosen)
            for text, key, value in answers
            if (n := counts.get(facet, {}).get(key, 0))
        ]
        found.append((title, items))
    return found


def places(filters: Filters, counts: Mapping[str, int]) -> list[tuple[int, str, int]]:
    """The douars something is asked for, with how many proposals."""
    tongue = language()
    return [
        (place.id, place.name.in_(tongue)[0], n)
        for place in here.places().values()
        if (n := counts.get(str(place.id), 0)) or place.id == filters.place
    ]


def map_of(points: Mapping[int, int], filters: Filters, year: int) -> list[dict[str, Any]]:
    """The douars on the sketch of the commune, each with how many proposals ask for it."""
    address = Addresses(year, filters)
    return [
        {
            "name": place.name,
            "x": place.x,
            "y": place.y,
            "count": points.get(place.id, 0),
            "url": address(place=place.id),
        }
        for place in here.places().values()
        if points and place.x is not None and place.y is not None
    ]

"""Where a page stands: its commune, its round, who looks. Loaded once a request, asked by views and templates."""

from collections.abc import Mapping
from typing import Any, cast

from flask import g, has_request_context, request
from flask_login import current_user

from cdp.communes import queries as communes
from cdp.communes.queries import Place
from cdp.http.context import actor, language, session
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.people.states import Role
from cdp.programme.queries import partners as programme
from cdp.programme.rules.partners import Names
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard


def commune() -> Any:
    """The commune of the address, or None; NotFound for one that does not use the tool."""
    if "commune" not in g:
        person()  # somebody who is signed in is read together with the commune
    if "commune" not in g:
        slug = getattr(g, "commune_slug", None)
        g.commune = communes.find(session(), slug) if slug else None
    return g.commune


def cards() -> tuple[RoundCard, ...]:
    """The rounds of this commune, the newest first; kept by the worker until the commune's revision changes."""
    here = commune()
    return () if here is None else rounds.cards_of(session(), here.id, here.revision)


def places() -> Mapping[int, Place]:
    """The douars of this commune by number, in the order of their names; kept like the cards."""
    here = commune()
    return communes.places_by_number(session(), here.id, here.revision)


def partners() -> Names:
    """By party, what the partners of this commune are called; kept like the cards."""
    here = commune()
    return programme.kept_names(session(), here.id, here.revision)


def partner(party: str) -> Words:
    """What a partner of this commune is called."""
    return partners()[party]


def partner_said(party: str) -> str:
    """What a partner is called in the page's language, or the nearest there is; "" for nobody."""
    return partner(party).in_(language())[0] if party else ""


def card_of(round_id: int) -> RoundCard:
    """The round of this commune with that number; NotFound for one of another commune."""
    found = next((card for card in cards() if card.id == round_id), None)
    if found is None:
        raise NotFound
    return found


def round_of(year: int) -> RoundCard:
    """The round of this commune with that first year; NotFound else."""
    from_year = next((card for card in cards() if card.first_year == year), None)
    if from_year is None:
        rounds.find(session(), commune().id, year)
        raise LookupError("a round without a card")
    return from_year


def current_round() -> RoundCard | None:
    """The round of the address, else the newest that has begun, else the newest."""
    if "round_card" not in g:
        year = (request.view_args or {}).get("year") if has_request_context() else None
        if year is not None:
            g.round_card = round_of(year)
        else:
            begun = [c for c in cards() if c.windows and c.windows[0].starts_on <= today()]
            g.round_card = next(iter(begun or cards()), None)
    return cast("RoundCard | None", g.round_card)


def person() -> Any:
    """The signed-in person, or None."""
    who = current_user._get_current_object()
    return None if who is None or who.is_anonymous else who


def is_office() -> bool:
    """Whether who looks holds a mandate of this commune's office."""
    here = commune()
    office = (Role.PRESIDENT, Role.OFFICER, Role.FACILITATOR, Role.TREASURER, Role.PANEL)
    return here is not None and person() is not None and actor().holds(here.id, *office)

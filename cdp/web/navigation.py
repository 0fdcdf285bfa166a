"""The way through the pages: items of the head, the same page in another language."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from cdp.http.context import actor
from cdp.kernel.words import LANGUAGES
from cdp.people.states import Role
from cdp.web import here


@dataclass(frozen=True)
class Item:
    """A link of the head of the page."""

    label: str
    url: str
    is_current: bool


def items() -> list[Item]:
    """Links for who looks: the public pages, and the desks of their mandates; the name of the commune leads home."""
    commune = here.commune()
    if commune is None:
        return []
    card = here.current_round()
    wanted: list[tuple[str, str, dict[str, Any]]] = []
    if card is not None:
        year = {"year": card.first_year}
        wanted += [
            ("rounds.show", _("The round"), year),
            ("proposals.board", _("Proposals"), year),
            ("ballots.board", _("Ballots"), year),
            ("plans.show", _("The plan"), year),
        ]
    wanted += [
        ("projects.board", _("Projects"), {}),
        ("accounts_open.show", _("Accounts"), {}),
    ]
    wanted += _desks(commune.id)
    known = current_app.view_functions
    return [
        Item(text, url_for(endpoint, **values), _is_current(endpoint))
        for endpoint, text, values in wanted
        if endpoint in known
    ]


def _desks(commune_id: int) -> list[tuple[str, str, dict[str, Any]]]:
    if here.person() is None:
        return []
    who = actor()
    desks = (
        ("desk.show", _("Desk"), (Role.OFFICER, Role.PRESIDENT, Role.FACILITATOR)),
        ("review.board", _("Review"), (Role.OFFICER, Role.PRESIDENT)),
        ("panel.show", _("Panel"), (Role.PANEL,)),
        ("treasury.show", _("Treasury"), (Role.TREASURER,)),
    )
    return [(endpoint, text, {}) for endpoint, text, roles in desks if who.holds(commune_id, *roles)]


def _is_current(endpoint: str) -> bool:
    return (request.endpoint or "").split(".")[0] == endpoint.split(".")[0]


def in_language(code: str) -> str:
    """The address of this page in another language; its front page where there is no such page."""
    has_commune = request.url_rule is not None and "commune" in request.url_rule.arguments
    if code not in LANGUAGES or request.endpoint is None or (has_commune and here.commune() is None):
        return f"/{code}/"
    values = dict(request.view_args or {}) | request.args.to_dict(flat=False) | {"lang": code}
    if has_commune:
        values["commune"] = here.commune().slug
    return url_for(request.endpoint, **values)

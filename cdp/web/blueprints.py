"""The rooms of pages and where they hang; one line a room, in the order of the process."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from flask import Flask, abort, g, redirect
from flask.typing import ResponseReturnValue
from werkzeug.routing import Rule

from cdp.http.context import language
from cdp.i18n.languages import is_language

ROOMS = (
    "home",
    "communes",
    "accounts",
    "cards",
    "me",
    "groups",
    "mandates",
    "wishes",
    "rounds",
    "desk",
    "proposals",
    "files",
    "invitations",
    "teams",
    "review",
    "panel",
    "ranking",
    "results",
    "ballots",
    "data",
    "about",
    "plans",
    "documents",
    "plan_runs",
    "plan_terms",
    "plan_scenarios",
    "plan_try",
    "plan_why",
    "plan_versions",
    "path",
    "meetings",
    "projects",
    "pledges",
    "giving",
    "villages",
    "treasury",
    "treasury_rooms",
    "bank",
    "payments",
    "spending",
    "receipts",
    "refunds",
    "transfers",
    "partners",
    "partner_names",
    "share_rules",
    "agreed",
    "accounts_open",
    "works",
)
"""Modules of ``cdp.web.views``; each has its blueprint ``bp`` with its own prefix."""

DEMO_ROOMS = ("demo",)
"""Rooms that exist only in the demonstration."""


class Address(Rule):
    """An address of a page; what writes it is compiled with the first link that leads there."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """What Werkzeug would have compiled at once, in two kinds for each of three hundred addresses."""

        def first(_self: Rule, **values: Any) -> tuple[str, str]:
            write = super(Address, self)._compile_builder(append_unknown).__get__(self)
            setattr(self, "_build_unknown" if append_unknown else "_build", write)
            written: tuple[str, str] = write(**values)
            return written

        return first


def pull_address(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Take language and commune out of the address, for every view alike; 404 for an unknown language."""
    if not values:
        return
    code = values.pop("lang", None)
    if code is not None:
        if not is_language(str(code)):
            abort(404)
        g.language = str(code)
    if "commune" in values:
        g.commune_slug = str(values.pop("commune"))


def keep_address(wanted: frozenset[str], values: dict[str, object]) -> None:
    """Links keep language and commune without saying them."""
    if "lang" in wanted and "lang" not in values:
        values["lang"] = language()
    if "commune" in wanted and "commune" not in values and getattr(g, "commune_slug", None):
        values["commune"] = g.commune_slug


def init_app(app: Flask) -> None:
    """Hang all rooms under their addresses."""
    app.url_value_preprocessor(pull_address)

    @cache
    def arguments(endpoint: str) -> frozenset[str]:
        """What the addresses of a page are made of; all pages hang before the first is asked for."""
        rules = app.url_map._rules_by_endpoint.get(endpoint, ())
        return frozenset().union(*(rule.arguments for rule in rules))

    app.url_defaults(lambda endpoint, values: keep_address(arguments(endpoint), values))
    for room in ROOMS + (DEMO_ROOMS if app.config["SETTINGS"].demo else ()):
        app.register_blueprint(import_module(f"cdp.web.views.{room}").bp)

    @app.route("/")
    def root() -> ResponseReturnValue:
        """The front page in the reader's language."""
        return redirect(f"/{language()}/")

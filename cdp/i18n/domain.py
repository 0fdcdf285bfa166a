"""Flask-Babel's catalogs, found by the language alone: a page asks for a hundred sentences."""

from types import SimpleNamespace
from typing import Any

import flask_babel
from flask import Flask, g
from flask_babel import Domain

from cdp.i18n import locales


class Catalogs(Domain):
    """The catalogs of this house: one a language, whatever the country of its locale."""

    def get_translations(self) -> Any:
        """The catalog of the language in force; Flask-Babel writes the whole locale out each time it is asked."""
        locale = flask_babel.get_locale()
        if locale is None:
            return super().get_translations()
        if locale.language not in self.cache:
            self.cache[locale.language] = super().get_translations()
        return self.cache[locale.language]


def context() -> SimpleNamespace | None:
    """Flask-Babel's own place in the request, asked for once and not by way of five proxies."""
    try:
        held = g._get_current_object()
    except RuntimeError:
        return None
    try:
        found: SimpleNamespace = held._flask_babel
    except AttributeError:
        found = held._flask_babel = SimpleNamespace()
    return found


def init_app(app: Flask) -> None:
    """Put the catalogs in Flask-Babel's place, for code and for templates."""
    locales.settle()
    flask_babel._get_current_context = context
    domain = app.extensions["babel"].instance.domain_instance = Catalogs()
    environment: Any = app.jinja_env
    environment.install_gettext_callables(
        gettext=lambda text: domain.get_translations().ugettext(text),
        ngettext=lambda one, many, count: domain.get_translations().ungettext(one, many, count),
        newstyle=True,
    )

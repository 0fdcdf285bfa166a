"""The application: wires store, languages, security, errors and pages together."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from cdp.api.v1 import addresses
from cdp.config import ROOT, Settings, settings
from cdp.http import accounts, compression, context, limits, security
from cdp.i18n import catalogs, domain
from cdp.i18n.languages import locale
from cdp.kernel import clock
from cdp.store.engine import Store
from cdp.store.migrations import is_current
from cdp.web import blueprints, errors, jinja, templates


class House(Flask):
    """The application; no view and no hook of it is a coroutine, so none is looked at for being one."""

    jinja_environment = templates.Environment  # type: ignore[assignment]

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """What was given, as it is."""
        return func


def create_app(given: Settings | None = None, **config: Any) -> Flask:
    """An application with its own store; ``config`` goes over Flask's configuration (tests)."""
    chosen = given or settings()
    app = House("cdp", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "cdp" / "static"))
    app.config.update(
        SETTINGS=chosen,
        SECRET_KEY=chosen.secret_key,
        MAX_CONTENT_LENGTH=chosen.upload_bytes + 512 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=chosen.secure_cookies and not chosen.demo,
        BABEL_TRANSLATION_DIRECTORIES=str(catalogs.FOLDER),
        WTF_CSRF_TIME_LIMIT=6 * 3600,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    app.config.update(config)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    if chosen.demo and chosen.demo_day:
        clock.run_from(chosen.demo_day)
    catalogs.compile_all()
    app.extensions["store"] = Store(chosen.database_url)
    Babel(app, locale_selector=lambda: locale(context.language()), timezone_selector=lambda: "Africa/Casablanca")
    domain.init_app(app)
    CSRFProtect(app)
    for room in (compression, context, limits, security, jinja, errors):
        room.init_app(app)
    accounts.init_app(app, chosen)
    addresses.init_app(app)
    blueprints.init_app(app)
    health(app)
    return app


def health(app: Flask) -> None:
    """Whether the process lives, and whether it can serve."""

    @app.route("/healthz")
    def healthz() -> Response:
        """The process answers."""
        return jsonify(status="ok")

    @app.route("/readyz")
    def readyz() -> tuple[Response, int]:
        """The database answers and stands at the newest version."""
        ready = is_current(app.extensions["store"].engine)
        return jsonify(status="ok" if ready else "migrations"), 200 if ready else 503

"""Flask-Security over our own persons: sign-in by password or link, second factors, recovery."""

from typing import Any

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore

from cdp.config import Settings
from cdp.http.context import session
from cdp.people.models import Passkey, Person


class _Database:
    """What Flask-Security's datastore needs of a database: the session of the request."""

    @property
    def session(self) -> Any:
        return session()


class _NoRole(RoleMixin):
    """Flask-Security wants a class of roles; there is none of them."""


class Datastore(SQLAlchemyUserDatastore):
    """Persons as Flask-Security's users; it knows no roles, ours are mandates."""

    def __init__(self) -> None:
        super().__init__(_Database(), Person, _NoRole, Passkey)

    def commit(self) -> None:
        """One commit an act."""
        session().commit()


def options(settings: Settings) -> dict[str, Any]:
    """Flask-Security's settings as this house wants them."""
    return {
        "SECURITY_PASSWORD_SALT": settings.password_salt,
        "SECURITY_URL_PREFIX": "/<lang>/account",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    }


def init_app(app: Flask, settings: Settings) -> None:
    """Put Flask-Security on the application."""
    app.config.update(options(settings))
    app.security = Security(app, Datastore())  # type: ignore[attr-defined]

"""How often one may knock: Flask-Limiter over the house's own database, the same for all workers."""

import hashlib
from typing import Any, ClassVar

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from cdp.http.context import store
from cdp.kernel.clock import now
from cdp.kernel.reference import tidy_code
from cdp.store import rates


class SqlStorage(Storage):
    """Counts in the table ``rate_count`` of this application's store."""

    STORAGE_SCHEME: ClassVar[list[str] | None] = ["cdp"]  # type: ignore[misc]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong with the database."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a try; gives how many there are in this window."""
        return rates.count_up(store(), _digest(key), expiry, amount)

    def get(self, key: str) -> int:
        """Tries in this window."""
        return rates.standing(store(), _digest(key))[0]

    def get_expiry(self, key: str) -> float:
        """When this window ends, in seconds of the epoch."""
        return (rates.standing(store(), _digest(key))[1] or now()).timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        rates.standing(store(), "")
        return True

    def reset(self) -> int | None:
        """Forget everything."""
        return rates.forget(store())

    def clear(self, key: str) -> None:
        """Forget one key."""
        rates.forget(store(), _digest(key))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _who_is_tried() -> str:
    """The account a form is about: its address or card code (else a wrong password would be free per address)."""
    given = request.form.get("email") or tidy_code(request.form.get("code", "")) or "-"
    return f"{request.endpoint}:{given.strip().casefold()}"


limiter = Limiter(get_remote_address, strategy="fixed-window", storage_uri="cdp://", headers_enabled=False)

FROM_ONE_PLACE = "60 per 10 minutes"
"""A school or a café shares one address on the net: not too few."""

FOR_ONE_ACCOUNT = "8 per 10 minutes"

SENDING_MAIL = "5 per hour"
"""Letters to one address."""

GUARDED = {
    "security.login": FOR_ONE_ACCOUNT,
    "security.register": SENDING_MAIL,
    "security.forgot_password": SENDING_MAIL,
    "security.send_confirmation": SENDING_MAIL,
    "security.two_factor_token_validation": "10 per 10 minutes",
    "security.mf_recovery": "10 per 10 minutes",
    "accounts.link": SENDING_MAIL,
    "cards.sign_in": FOR_ONE_ACCOUNT,
}
"""Endpoint -> how often for one account; each is also counted by place. Only sending a form counts."""

TRIED_IN_SESSION = frozenset({"security.two_factor_token_validation", "security.mf_recovery"})


def _second_factor_of() -> str:
    """Second factors are counted for the person who has given the first one."""
    return f"{request.endpoint}:{session.get('tf_user_id', get_remote_address())}"


def guard(app: Flask) -> None:
    """Count the sendings of every guarded form; called once all pages hang."""
    for endpoint, often in GUARDED.items():
        view: Any = app.view_functions.get(endpoint)
        if view is None:
            continue
        key = _second_factor_of if endpoint in TRIED_IN_SESSION else _who_is_tried
        view = limiter.limit(often, key_func=key, methods=["POST"])(view)
        guarded: Any = limiter.limit(FROM_ONE_PLACE, methods=["POST"])(view)
        app.view_functions[endpoint] = guarded


def init_app(app: Flask) -> None:
    """Put the limiter on the application."""
    limiter.init_app(app)

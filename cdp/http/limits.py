"""How often one may knock: Flask-Limiter over the house's own database, the same for all workers."""

import hashlib
from typing import ClassVar

from flask import Flask, abort, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
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
    "security.verify": FOR_ONE_ACCOUNT,
    "security.change_password": FOR_ONE_ACCOUNT,
    "groups.join": "20 per 10 minutes",
    "accounts.link": SENDING_MAIL,
    "cards.sign_in": FOR_ONE_ACCOUNT,
}
"""Endpoint -> how often for one account; each is also counted by place. Only sending a form counts."""

COUNTED_READING = {"plan_try.show": "30 per minute"}
"""Pages that reckon for whoever asks, with something asked of them: how often from one place."""

TRIED_IN_SESSION = frozenset(
    {
        "security.two_factor_token_validation",
        "security.mf_recovery",
        "security.verify",
        "security.change_password",
        "groups.join",
    }
)
"""Forms that say no address: counted for whose session it is."""


def _whose_session() -> str:
    """Who has signed in, or has given the first factor."""
    return f"{request.endpoint}:{session.get('tf_user_id') or session.get('_user_id') or get_remote_address()}"


def check() -> None:
    """Count this sending before anything else touches the database; 429 when it is one too many.

    It runs before the person is loaded: on SQLite the request's own session takes the write lock.
    """
    reading = COUNTED_READING.get(request.endpoint or "")
    if reading is not None and request.args:
        if not limiter.limiter.hit(parse(reading), f"{request.endpoint}:{get_remote_address()}"):
            abort(429)
        return
    often = GUARDED.get(request.endpoint or "")
    if often is None or request.method != "POST":
        return
    key = _whose_session() if request.endpoint in TRIED_IN_SESSION else _who_is_tried()
    place = f"{request.endpoint}:{get_remote_address()}"
    if not all(limiter.limiter.hit(parse(each), whose) for each, whose in ((FROM_ONE_PLACE, place), (often, key))):
        abort(429)


def init_app(app: Flask) -> None:
    """Put the limiter on the application, first of all that looks at a request."""
    limiter.init_app(app)
    app.before_request(check)

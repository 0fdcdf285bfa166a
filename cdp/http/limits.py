"""How often one may knock: counted in the house's own database, the same for all workers."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from flask import Flask, abort, request, session

from cdp.http.context import store
from cdp.kernel.reference import tidy_code
from cdp.store import rates


class Often(NamedTuple):
    """So many tries within so long, from the first of them."""

    most: int
    within: timedelta


TEN_MINUTES, HOUR, MINUTE = timedelta(minutes=10), timedelta(hours=1), timedelta(minutes=1)


def _hit(often: Often, what: str) -> bool:
    """Count a try; whether it is still one of those that are free. What is counted is kept as a hash."""
    key = hashlib.sha256(f"{what} {often}".encode()).hexdigest()
    return rates.count_up(store(), key, int(often.within.total_seconds())) <= often.most


def _from_where() -> str:
    return request.remote_addr or "127.0.0.1"


def _who_is_tried() -> str:
    """The account a form is about: its address or card code (else a wrong password would be free per address)."""
    given = request.form.get("email") or tidy_code(request.form.get("code", "")) or "-"
    return f"{request.endpoint}:{given.strip().casefold()}"


FROM_ONE_PLACE = Often(60, TEN_MINUTES)
"""A school or a café shares one address on the net: not too few."""

FOR_ONE_ACCOUNT = Often(8, TEN_MINUTES)

SENDING_MAIL = Often(5, HOUR)
"""Letters to one address."""

GUARDED = {
    "security.login": FOR_ONE_ACCOUNT,
    "security.register": SENDING_MAIL,
    "security.forgot_password": SENDING_MAIL,
    "security.send_confirmation": SENDING_MAIL,
    "security.two_factor_token_validation": Often(10, TEN_MINUTES),
    "security.mf_recovery": Often(10, TEN_MINUTES),
    "security.verify": FOR_ONE_ACCOUNT,
    "security.change_password": FOR_ONE_ACCOUNT,
    "groups.join": Often(20, TEN_MINUTES),
    "accounts.link": SENDING_MAIL,
    "cards.sign_in": FOR_ONE_ACCOUNT,
}
"""Endpoint -> how often for one account; each is also counted by place. Only sending a form counts."""

COUNTED_READING = {"plan_try.show": Often(30, MINUTE)}
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
    return f"{request.endpoint}:{session.get('tf_user_id') or session.get('_user_id') or _from_where()}"


def check() -> None:
    """Count this sending before anything else touches the database; 429 when it is one too many.

    It runs before the person is loaded: on SQLite the request's own session takes the write lock.
    """
    reading = COUNTED_READING.get(request.endpoint or "")
    if reading is not None and request.args:
        if not _hit(reading, f"{request.endpoint}:{_from_where()}"):
            abort(429)
        return
    often = GUARDED.get(request.endpoint or "")
    if often is None or request.method != "POST":
        return
    key = _whose_session() if request.endpoint in TRIED_IN_SESSION else _who_is_tried()
    place = f"{request.endpoint}:{_from_where()}"
    if not all(_hit(each, whose) for each, whose in ((FROM_ONE_PLACE, place), (often, key))):
        abort(429)


def init_app(app: Flask) -> None:
    """Count before anything else looks at a request."""
    app.before_request(check)

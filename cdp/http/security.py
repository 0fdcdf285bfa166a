"""Headers of every answer: a strict policy for contents, no frames, no referrer, no sniffing."""

import time
from typing import Any

from flask import Flask, Request, Response, json, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


PROVEN = 500
"""How many cookies a worker knows as proven."""


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies; what signs them is made once, not twice a request.

    They hold texts, numbers and lists of them: plain JSON without Flask's marks of types; sentences that are looked
    up late are said as they are written down.
    """

    serializer = json  # type: ignore[assignment]

    def __init__(self) -> None:
        self._signers: dict[Any, URLSafeTimedSerializer | None] = {}
        self._proven: dict[tuple[Any, str], tuple[dict[str, Any], float]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What a cookie holds; one whose signature was proven a moment ago is not proven again while it is young.

        Only plain values are kept, which no request can change within.
        """
        cookie = request.cookies.get(self.get_cookie_name(app))
        signer = self.get_signing_serializer(app)
        if not cookie or signer is None:
            return super().open_session(app, request)
        values, signed_at = self._proven.get((app.secret_key, cookie), ({}, 0.0))
        if time.time() - signed_at < app.permanent_session_lifetime.total_seconds():
            return self.session_class(values)
        opened = super().open_session(app, request)
        if opened and all(isinstance(value, str | int | float) for value in opened.values()):
            moment = signer.loads(cookie, return_timestamp=True)[1]
            if len(self._proven) >= PROVEN:
                self._proven.clear()
            self._proven[app.secret_key, cookie] = (dict(opened), moment.timestamp())
        return opened

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of the application's key; none where there is no key."""
        if app.secret_key not in self._signers:
            self._signers[app.secret_key] = super().get_signing_serializer(app)
        return self._signers[app.secret_key]


def add_headers(response: Response) -> Response:
    """Put the headers on an answer; over TLS also the promise to stay there."""
    there = set(response.headers.keys())
    for name, value in HEADERS.items():
        if name not in there:
            response.headers.add(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Every answer carries the headers, every cookie is signed."""
    app.session_interface = Sessions()
    app.after_request(add_headers)

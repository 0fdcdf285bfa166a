"""A house to walk through: the application behind a real port, on a database of its own, on a day of its own."""

import threading
import time
from datetime import UTC, date, datetime
from datetime import time as hour
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from cdp.app import create_app
from cdp.config import Settings
from cdp.kernel import clock
from cdp.people.models import Person


class Quiet(WSGIRequestHandler):
    """Keeps connections open as a real server does, and writes no log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: Any) -> None:
        pass


class House:
    """The application on a free port of this machine."""

    def __init__(self, database: Path, instance: Path, *, day: date) -> None:
        settings = Settings(
            instance=instance,
            database_url=f"sqlite:///{database}",
            secret_key="a test key that is long enough to be one",
            password_salt="salt",
            strong_sign_in=False,
            secure_cookies=False,
            demo=True,
        )
        self.app: Flask = create_app(settings)
        self.live_on(day)
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @staticmethod
    def live_on(day: date) -> None:
        """Let the server's threads live from ten in the morning of that day."""
        clock._shift = datetime.combine(day, hour(10), clock.MOROCCO).astimezone(UTC) - datetime.now(UTC)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.app.extensions["store"].dispose()

    def db(self) -> Session:
        """A session on the same database, for setting a scene."""
        return Session(self.app.extensions["store"].engine, expire_on_commit=False)

    def cookie_of(self, person_id: int) -> dict[str, Any]:
        """The cookie of a person who has just signed in."""
        with self.db() as db:
            uniquifier = db.get_one(Person, person_id).fs_uniquifier
        kept = {
            "_user_id": uniquifier,
            "_fresh": True,
            "fs_cc": "set",
            "fs_paa": time.time(),
        }
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return {"name": "session", "value": str(signer.dumps(kept)), "url": self.address}

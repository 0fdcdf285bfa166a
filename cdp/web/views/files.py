"""Files people brought: only those something public shows, or that belong to a draft of who looks."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cdp.delivery import queries as delivery
from cdp.funding import queries as funding
from cdp.http.context import current_actor, db
from cdp.kernel.errors import NotFound
from cdp.papers import queries as papers
from cdp.people.actor import Actor
from cdp.priorities.queries import office as ballots
from cdp.proposals import queries as proposals
from cdp.store import files
from cdp.web import here

bp = Blueprint("files", __name__, url_prefix="/<lang>/<commune>/files")

SHOWN_BY: list[Callable[[Session, Actor, int, str], bool]] = [
    proposals.is_file_shown,
    delivery.is_photo_shown,
    funding.is_evidence_shown,
    ballots.is_evidence_shown,
    papers.is_scan_shown,
]
"""Who may answer for a file: ``(db, actor, commune number, sha256)``; a file nobody answers for is not shown."""


@bp.get("/<sha256>")
def show(sha256: str) -> ResponseReturnValue:
    """A photo, or a paper to download; with a policy of its own and never guessed at by the browser."""
    commune = here.commune()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise NotFound
    stored = files.find(db, commune.id, sha256)
    path = files.path_of(current_app.config["SETTINGS"].instance / "files", sha256)
    if stored is None or not path.exists() or not any(ask(db, current_actor, commune.id, sha256) for ask in SHOWN_BY):
        raise NotFound
    answer = Response(path.read_bytes(), mimetype=stored.kind)
    answer.headers.set(
        "Content-Disposition",
        "inline" if stored.kind.startswith("image/") else "attachment",
        filename=stored.name,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer

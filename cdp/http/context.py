"""What a request has: one database session, one actor, one language."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask_login import current_user
from sqlalchemy import union_all
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from cdp.i18n.languages import DEFAULT, LOCALES
from cdp.kernel.clock import today
from cdp.people import queries as people
from cdp.people.actor import NOBODY, Actor
from cdp.store.engine import Store
from cdp.store.ready import Ready
from cdp.teams import queries as teams

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])
Result = TypeVar("Result")


def store() -> Store:
    """The store of this application."""
    return cast(Store, current_app.extensions["store"])


def session() -> Session:
    """The request's session: a reader for GET and where the act stands apart (:func:`acts_apart`), a writer else
    (and always for the account pages)."""
    held = g._get_current_object()
    try:
        found: Session = held.db
    except AttributeError:
        writes = request.method not in SAFE or request.blueprint in {"security", "accounts"}
        view = current_app.view_functions.get(request.endpoint or "")
        found = held.db = store().writer() if writes and not hasattr(view, "acts_apart") else store().reader()
    return found


def acts_apart(view: View) -> View:
    """A view whose forms mostly look: it reads without the write lock, and what it does it does by :func:`act`."""
    view.acts_apart = True  # type: ignore[attr-defined]
    return view


def act(deed: Callable[[Session], Result]) -> Result:
    """One act in a short transaction of its own, committed; what the request was reading by is given back before."""
    close()
    return store().attempt(deed)


def actor() -> Actor:
    """Who acts in this request, with all they may act as today."""
    held = g._get_current_object()
    try:
        found: Actor = held.actor
    except AttributeError:
        who = current_user._get_current_object()
        found = held.actor = NOBODY if who.is_anonymous else load_actor(session(), who.id)
    return found


_standing = Ready(lambda: union_all(*people.standing_parts(), teams.standing_part()))


def load_actor(db: Session, person_id: int) -> Actor:
    """A person as an actor today: mandates, groups, ties and memberships (one statement)."""
    standing = people.standing_of(_standing.rows(db, person=person_id, day=today()))
    return Actor(
        person_id,
        mandates=standing.mandates,
        groups=standing.groups,
        voices=standing.voices,
        ties=standing.ties,
        memberships=standing.memberships,
    )


def language() -> str:
    """The language of this request's address, even of one without a page; else the reader's first that we have."""
    held = g._get_current_object()
    try:
        found: str = held.language
    except AttributeError:
        said = request.path.split("/", 2)[1] if request else DEFAULT
        found = said if said in LOCALES else request.accept_languages.best_match(list(LOCALES), DEFAULT)
        held.language = found
    return found


db: Session = cast(Session, LocalProxy(session))
"""The request's session, for views: ``db.commit()`` once per act."""

current_actor: Actor = cast(Actor, LocalProxy(actor))
"""The request's actor, for views."""


def close(_error: BaseException | None = None) -> None:
    """Give the session back; what was not committed is rolled back."""
    used = g.pop("db", None)
    if used is not None:
        used.close()


def init_app(app: Flask) -> None:
    """Close the session at the end of each request."""
    app.teardown_request(close)

"""Ways in that end in Flask-Security's own door: a link by letter, a card, a look around in the demonstration."""

from typing import Any

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user
from flask_security.proxies import _security
from flask_security.utils import check_and_get_token_status, send_mail

from cdp.http.accounts import LINK_LIFE, STRONG_ROLES
from cdp.http.context import actor, session
from cdp.people import queries


def send_link(address: str, go_on: str | None) -> None:
    """Write a letter with a link, if that address has an account that was confirmed; say nothing else."""
    person = queries.by_address(session(), address)
    if person is None or not person.active or person.confirmed_at is None:
        return
    token = _security.login_serializer.dumps([person.fs_uniquifier, _mark(person)])
    link = url_for("accounts.link_open", token=token, next=go_on, _external=True)
    send_mail(
        _("Your link to sign in"), str(person.email), "security/email/login_instructions", user=person, login_link=link
    )


def person_of_link(token: str) -> Any:
    """Whom a link signs in; None when it is forged, too old, or the person has signed in since."""
    expired, invalid, data = check_and_get_token_status(token, "login", LINK_LIFE)
    if expired or invalid or not data or len(data) != 2:
        return None
    person = current_app.security.datastore.find_user(fs_uniquifier=data[0])  # type: ignore[attr-defined]
    return person if person is not None and person.active and _mark(person) == data[1] else None


def _mark(person: Any) -> str:
    """What changes with every sign-in: it makes a link work once."""
    return person.signed_in_at.isoformat() if person.signed_in_at else ""


def enter(person: Any, way: str, go_on: str | None) -> ResponseReturnValue | None:
    """Sign in, through the second factor when the person has one; None: go to the first page."""
    asked = _security.two_factor_plugins.tf_enter(person, False, way, next_loc=go_on)
    if asked is not None:
        return asked
    login_user(person, authn_via=[way])
    return redirect(go_on) if go_on else None


def enter_directly(person: Any, way: str) -> None:
    """Sign in with nothing else asked: a card has no second factor, a look around is play."""
    login_user(person, authn_via=[way])


def is_asked_for_second_factor() -> bool:
    """Whether this person's mandates want a second factor in this installation."""
    wanted = current_app.config["SETTINGS"].strong_sign_in
    return bool(wanted and request and any(role in STRONG_ROLES for _commune, role in actor().mandates))

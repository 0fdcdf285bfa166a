"""Sign-in beside Flask-Security: a link by letter, the first page after, the ways to sign in."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import auth_required

from cdp.http import sign_in
from cdp.http.accounts import is_strong
from cdp.http.context import db, language
from cdp.web import here
from cdp.web.forms.accounts import LinkForm
from cdp.web.forms.base import EmptyForm

bp = Blueprint("accounts", __name__, url_prefix="/<lang>/account")


def safe_next(target: str | None) -> str | None:
    """A page of this house to go back to, or None: never another host."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target) else target


@bp.route("/link", methods=["GET", "POST"])
def link() -> ResponseReturnValue:
    """Ask for a link that signs in; the answer is the same whether the address is known or not."""
    form = LinkForm(next=request.args.get("next"))
    if form.accepted():
        sign_in.send_link(form.email.data or "", safe_next(form.next.data))
        db.commit()
        flash(_("If this address has an account, a letter with a link is on its way."), "info")
        return redirect(url_for("security.login"))
    return render_template("accounts/link.html", form=form)


@bp.route("/link/<token>", methods=["GET", "POST"])
def link_open(token: str) -> ResponseReturnValue:
    """The link of the letter: a button, so that a machine that looks at letters does not use it up."""
    form = EmptyForm()
    person = sign_in.person_of_link(token)
    if person is None:
        flash(_("This link is too old or was used. Ask for a new one."), "warning")
        return redirect(url_for(".link"))
    if form.accepted():
        return sign_in.enter(person, "email", safe_next(request.args.get("next"))) or redirect(url_for(".welcome"))
    return render_template("accounts/link_open.html", form=form, person=person)


@bp.get("/welcome")
def welcome() -> ResponseReturnValue:
    """The first page after the sign-in, in the person's own language."""
    person = here.person()
    if person is None:
        return redirect(url_for("security.login"))
    return redirect(url_for("me.show", lang=person.language))


@bp.get("/registered")
def registered() -> ResponseReturnValue:
    """What comes after a new account was asked for: the letter."""
    return render_template("accounts/registered.html")


@bp.get("/strong")
@auth_required("session")
def strong() -> ResponseReturnValue:
    """Ways to sign in: password, codes, passkeys, recovery; officers without a second factor stay here."""
    person = here.person()
    return render_template(
        "accounts/strong.html",
        person=person,
        is_strong=is_strong(person),
        is_asked=sign_in.is_asked_for_second_factor(),
        language_of_page=language(),
    )

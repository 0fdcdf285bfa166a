"""Look around as somebody else: only in the demonstration, else this room does not exist."""

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import logout_user

from cdp.http import sign_in
from cdp.http.context import db
from cdp.kernel.clock import today
from cdp.people import queries as people
from cdp.people.queries import office
from cdp.web.forms.base import EmptyForm

bp = Blueprint("demo", __name__, url_prefix="/<lang>/look-around")


@bp.get("/")
def show() -> ResponseReturnValue:
    """A few accounts of every kind, grouped by what they may do."""
    rows = office.telling_accounts(db, day=today())
    kinds = [(what, list(accounts)) for what, accounts in groupby(rows, key=lambda row: row.what)]
    return render_template("demo/show.html", kinds=kinds, button=EmptyForm())


@bp.post("/<int:person_id>")
def switch(person_id: int) -> ResponseReturnValue:
    """Be that person from now on."""
    if not EmptyForm().accepted():
        abort(400)
    person = people.find(db, person_id)
    logout_user()
    sign_in.enter_directly(person, "demo")
    db.commit()
    flash(_("You look around as %(name)s.", name=people.said_name_of(person)), "info")
    return redirect(url_for("me.show", lang=person.language))

"""The partners of a commune, each named once: every page, document and file says it in the reader's language."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.errors import RuleBroken
from cdp.people.states import Role
from cdp.programme.queries import partners as reads
from cdp.programme.services.partners import name_partner
from cdp.web import here
from cdp.web.forms.partner_names import PartnerNameForm

bp = Blueprint("partner_names", __name__, url_prefix="/<lang>/<commune>/treasury/partners")


@bp.before_request
def only_the_office() -> None:
    """The treasurer and the officer."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)


@bp.get("/")
def board() -> ResponseReturnValue:
    """The partners with their names in each language."""
    return render_template("partner_names/board.html", rows=reads.partners(db, here.commune().id))


@bp.route("/<int:partner_id>", methods=["GET", "POST"])
def name(partner_id: int) -> ResponseReturnValue:
    """Say what one partner is called."""
    row = reads.find_partner(db, here.commune().id, partner_id)
    form = PartnerNameForm(data={"name": row.name})
    if form.accepted():
        try:
            name_partner(db, current_actor, here.commune(), row.party, form.name.data)
        except RuleBroken as error:
            db.rollback()
            form.trouble(error, "name")
        else:
            db.commit()
            flash(_("The names are kept; every page says them."), "success")
            return redirect(url_for(".board"))
    return render_template("partner_names/name.html", form=form, row=row)

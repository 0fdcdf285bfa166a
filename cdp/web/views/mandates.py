"""Mandates of the commune: who holds which role, from when until when."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people import queries as people
from cdp.people.policy import OFFICE_POLICY
from cdp.people.queries import office
from cdp.people.services import mandates
from cdp.people.services.desk import Desk
from cdp.people.states import OfficeStep
from cdp.web import here
from cdp.web.forms.mandates import EndForm, MandateForm

bp = Blueprint("mandates", __name__, url_prefix="/<lang>/<commune>/mandates")


@bp.get("/")
def board() -> ResponseReturnValue:
    """All mandates, those that hold first."""
    authorize(OFFICE_POLICY, OfficeStep.GIVE_MANDATE, current_actor, Desk(here.commune().id))
    rows = office.mandates(db, here.commune().id)
    day = today()
    over = [row for row in rows if row.until is not None and row.until < day]
    return render_template("mandates/board.html", rows=[r for r in rows if r not in over], over=over, day_now=day)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Give a mandate to a person with an account."""
    commune_id = here.commune().id
    authorize(OFFICE_POLICY, OfficeStep.GIVE_MANDATE, current_actor, Desk(commune_id))
    form = MandateForm(since=today()).offer()
    if form.accepted():
        try:
            person = people.by_address(db, form.email.data or "")
            if person is None:
                raise RuleBroken("people.unknown_address")
            mandates.give(db, current_actor, commune_id, person_id=person.id, term=form.term())
        except RuleBroken as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The mandate is given."), "success")
            return redirect(url_for(".board"))
    return render_template("mandates/new.html", form=form)


@bp.route("/<int:mandate_id>/end", methods=["GET", "POST"])
def end(mandate_id: int) -> ResponseReturnValue:
    """Say the last day of a mandate."""
    mandate = office.mandate(db, here.commune().id, mandate_id)
    authorize(OFFICE_POLICY, OfficeStep.END_MANDATE, current_actor, mandate)
    form = EndForm(last_day=today())
    if form.accepted():
        try:
            mandates.end(db, current_actor, mandate, last_day=form.last_day.data)
        except RuleBroken as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The end of the mandate is noted."), "success")
            return redirect(url_for(".board"))
    return render_template("mandates/end.html", form=form, mandate=mandate, person=people.find(db, mandate.person_id))

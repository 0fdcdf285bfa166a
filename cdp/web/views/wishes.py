"""The office's page of wishes about personal data: each with the day it is due."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.conduct import data_wishes
from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.predicate import authorize
from cdp.people.policy import OFFICE_POLICY
from cdp.people.queries import office
from cdp.people.services.desk import Desk
from cdp.people.states import OfficeStep
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.me import AnswerForm

bp = Blueprint("wishes", __name__, url_prefix="/<lang>/<commune>/wishes")


@bp.get("/")
def board() -> ResponseReturnValue:
    """What people ask about their data, the next due first."""
    authorize(OFFICE_POLICY, OfficeStep.ANSWER_REQUEST, current_actor, Desk(here.commune().id))
    return render_template("wishes/board.html", rows=office.requests(db, here.commune().id), day_now=today())


@bp.route("/<int:request_id>", methods=["GET", "POST"])
def answer(request_id: int) -> ResponseReturnValue:
    """Answer one wish."""
    wish = office.request(db, here.commune().id, request_id)
    authorize(OFFICE_POLICY, OfficeStep.ANSWER_REQUEST, current_actor, wish)
    form = AnswerForm()
    if form.accepted():
        data_wishes.answer(db, current_actor, wish, text=form.text.data or "")
        db.commit()
        flash(_("The answer is kept and on its way."), "success")
        return redirect(url_for(".board"))
    return render_template("wishes/answer.html", form=form, wish=wish, day_now=today())


@bp.post("/<int:request_id>/erase")
def erase(request_id: int) -> ResponseReturnValue:
    """Empty the person who asked for it."""
    if EmptyForm().accepted():
        data_wishes.erase(db, current_actor, office.request(db, here.commune().id, request_id))
        db.commit()
        flash(_("The person is erased. What they did stays, under “a person”."), "success")
    return redirect(url_for(".board"))

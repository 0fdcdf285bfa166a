"""The office ties projects of a ballot to one another: one or the other, or one only with the other."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.errors import NotFound, Trouble
from cdp.priorities.services import bonds as services
from cdp.priorities.states import BallotStep, Bond
from cdp.web.forms.ballots import BondForm
from cdp.web.forms.base import EmptyForm
from cdp.web.views.ballots.room import KEEPERS, ballot_of, bp, card_of, let_in, sent, steps_of


@bp.route("/<int:ballot_id>/bonds", methods=["GET", "POST"])
def bonds(ballot_id: int) -> ResponseReturnValue:
    """The bonds that are there, and a new one."""
    let_in(*KEEPERS)
    ballot, shown = ballot_of(ballot_id), card_of(ballot_id)
    may = BallotStep.EDIT in steps_of(shown)
    form = BondForm().offer(shown.sheet.offers)
    status = 422 if request.method == "POST" else 200
    if form.accepted():
        pair = {"one": form.one.data, "other": form.other.data}
        try:
            services.tie(db, current_actor, ballot, Bond(form.kind.data), **pair)
        except NotFound:
            raise
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The two projects are tied."), "success")
            return redirect(url_for(".bonds", ballot_id=ballot_id))
    return render_template("ballots/bonds.html", ballot=shown, form=form, may=may, button=EmptyForm()), status


@bp.post("/<int:ballot_id>/bonds/untie")
def untie(ballot_id: int) -> ResponseReturnValue:
    """Take a bond away."""
    let_in(*KEEPERS)
    sent()
    kinds = {kind.value: kind for kind in Bond}
    kind = kinds.get(request.form.get("kind", ""), Bond.INCOMPATIBLE)
    pair = {"one": request.form.get("one", ""), "other": request.form.get("other", "")}
    services.untie(db, current_actor, ballot_of(ballot_id), kind, **pair)
    db.commit()
    flash(_("The bond is taken away."), "success")
    return redirect(url_for(".bonds", ballot_id=ballot_id))

"""The office sets a ballot up: its rules, and the projects that are taken first or left out by decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.errors import NotFound, Trouble
from cdp.priorities.services import ballots as services
from cdp.priorities.states import BallotStep
from cdp.web import here
from cdp.web.forms.ballots import BallotForm, ProjectForm
from cdp.web.views.ballots.room import KEEPERS, ballot_of, bp, card_of, let_in, sectors_of, steps_of


@bp.route("/new/<int:year>", methods=["GET", "POST"])
def new(year: int) -> ResponseReturnValue:
    """Begin a ballot."""
    let_in(*KEEPERS)
    card = here.round_of(year)
    form = BallotForm(obj=None).offer(card, here.places().values())
    if form.accepted():
        try:
            made = services.prepare(db, current_actor, card, form.draft(), key=form.form_key.data or "")
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The ballot is kept as a draft. Nobody can vote yet."), "success")
            return redirect(url_for(".desk", ballot_id=made.id))
    return render_template("ballots/edit.html", form=form, card=card, ballot=None)


@bp.route("/<int:ballot_id>/edit", methods=["GET", "POST"])
def edit(ballot_id: int) -> ResponseReturnValue:
    """Change the rules of a ballot that is not open."""
    let_in(*KEEPERS)
    ballot, shown = ballot_of(ballot_id), card_of(ballot_id)
    card = here.card_of(shown.round_id)
    if BallotStep.EDIT not in steps_of(shown):
        flash(_("The ballot is open: its rules are frozen."), "warning")
        return redirect(url_for(".desk", ballot_id=ballot_id))
    form = BallotForm.of(shown.draft).offer(card, here.places().values(), shown.draft)
    if form.accepted():
        try:
            services.change(db, current_actor, ballot, form.draft())
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The rules are kept."), "success")
            return redirect(url_for(".desk", ballot_id=ballot_id))
    return render_template("ballots/edit.html", form=form, card=card, ballot=shown)


@bp.route("/<int:ballot_id>/projects/<number>", methods=["GET", "POST"])
def project(ballot_id: int, number: str) -> ResponseReturnValue:
    """Take a project first, or leave it out, with the reason everybody reads."""
    let_in(*KEEPERS)
    ballot, shown = ballot_of(ballot_id), card_of(ballot_id)
    offer = shown.sheet.by_number().get(number)
    if offer is None:
        raise NotFound
    form = ProjectForm(standing=offer.standing, reason=offer.reason)
    if form.accepted():
        said = {"standing": form.standing.data, "reason": form.reason.data or "", "language": form.language.data}
        try:
            services.decide(db, current_actor, ballot, number, **said)
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The decision is kept."), "success")
            return redirect(url_for(".desk", ballot_id=ballot_id))
    return render_template(
        "ballots/project.html", ballot=shown, offer=offer, form=form, sectors=sectors_of(shown)
    ), 422 if request.method == "POST" else 200

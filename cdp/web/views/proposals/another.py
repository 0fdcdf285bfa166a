"""A facilitator enters a proposal for a person without e-mail, who agreed; a slip is printed for them."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Refused, Trouble
from cdp.proposals import queries, services
from cdp.proposals.policy import MAY_START_FOR_ANOTHER, Opening
from cdp.proposals.rules.drafts import WritingStep
from cdp.proposals.services import Behalf
from cdp.web import here
from cdp.web.forms.proposals import ForAnotherForm, offer
from cdp.web.views.proposals.room import bp
from cdp.web.views.proposals.writing import titles


@bp.route("/<int:year>/proposals/for-another", methods=["GET", "POST"])
def for_another(year: int) -> ResponseReturnValue:
    """Choose or enter the person, note that they agree; the five steps follow."""
    current_actor.known()
    round_ = here.round_of(year)
    if not MAY_START_FOR_ANOTHER(current_actor, Opening(round_, today())):
        raise Refused("errors.not_allowed")
    form = ForAnotherForm()
    offer(form.person_id, [(0, _("Nobody of these")), *queries.people_without_email(db, round_.commune_id)])
    if form.accepted():
        behalf = Behalf(form.name.data or "", consents=bool(form.consents.data), person_id=form.person_id.data or None)
        try:
            proposal = services.start_for_another(db, current_actor, round_, behalf, key=form.form_key.data or "")
            db.commit()
            step = int(WritingStep.WHERE)
            return redirect(url_for("proposals.write", year=year, draft_id=proposal.id, step=step))
        except Trouble as error:
            db.rollback()
            form.trouble(error)
    return render_template("proposals/for_another.html", round=round_, form=form, steps=titles())

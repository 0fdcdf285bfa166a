"""The ranking, open to all once the marks are: order, means, spread, reasons, and how to count it again."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.predicate import authorize
from cdp.priorities import queries, services
from cdp.priorities.policy import POLICY, PanelCase
from cdp.priorities.states import PanelStep
from cdp.proposals import queries as proposals
from cdp.proposals.policy import OFFICE
from cdp.rounds.states import Phase
from cdp.web import here
from cdp.web.forms.panel import PlaceForm

bp = Blueprint("ranking", __name__, url_prefix="/<lang>/<commune>/<int:year>/ranking")


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The ranking of a round."""
    card = here.round_of(year)
    ranking = queries.ranking(db, card, today())
    return render_template(
        "ranking/show.html",
        card=card,
        ranking=ranking,
        window=next((w for w in card.windows if w.phase is Phase.PRIORITIES), None),
        weight=sum(criterion.weight for criterion in card.charter.criteria),
        may_order=current_actor.holds(card.commune_id, *OFFICE)
        and card.is_in(today(), Phase.PRIORITIES, Phase.PROGRAMMING),
    )


@bp.route("/<number>", methods=["GET", "POST"])
def place(year: int, number: str) -> ResponseReturnValue:
    """Give a proposal another place in the final order, or none, with a public reason."""
    card = here.round_of(year)
    proposal = proposals.find(db, card.commune_id, number)
    if proposal.round_id != card.id:
        raise NotFound("proposals.unknown", number=number)
    current_actor.known()
    authorize(POLICY, PanelStep.SET_PLACE, current_actor, PanelCase(proposal, card, today()))
    ranking = queries.ranking(db, card, today())
    row: Any = next((row for row in ranking.rows if row.id == proposal.id), None)
    form = PlaceForm()
    if form.accepted():
        written = {"reason": form.reason.data, "language": form.reason_language.data}
        try:
            services.set_place(db, current_actor, proposal, form.place(), **written)
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            flash(_("The place and its reason are published."), "success")
            return redirect(url_for(".show", year=year))
    return render_template(
        "ranking/place.html", card=card, proposal=proposal, row=row, form=form, last=len(ranking.rows)
    )

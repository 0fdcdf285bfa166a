"""The result of a ballot: who won, why this one and not that one, other rules beside it, who gets what."""

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cdp.http.context import current_actor, db
from cdp.i18n.say import language
from cdp.kernel.errors import NotFound
from cdp.kernel.late import late
from cdp.people.states import Role
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.counts import find_count
from cdp.priorities.states import BallotState
from cdp.web import here

if TYPE_CHECKING:
    from cdp.priorities.queries import results
else:
    results = late("cdp.priorities.queries.results")

bp = Blueprint("results", __name__, url_prefix="/<lang>/<commune>/ballots")

LOOKERS = (Role.OFFICER, Role.PRESIDENT)
"""Who reads a result before it is published: what must be looked at before adoption stands on it."""


@bp.get("/<int:ballot_id>/result/")
def show(ballot_id: int) -> ResponseReturnValue:
    """The result; before its publication for the office alone, and NotFound before it is counted."""
    ballot = queries.find_card(db, here.commune().id, ballot_id)
    if ballot.state not in (BallotState.COUNTED, BallotState.PUBLISHED):
        raise NotFound
    if ballot.state is BallotState.COUNTED:
        current_actor.under_mandate(here.commune().id, *LOOKERS)
    card = here.card_of(ballot.round_id)
    codes = {str(place.id): place.code for place in here.places().values()}
    worked = results.analysis(db, ballot, find_count(db, ballot.id), codes)
    sectors = {sector.key: sector.name for sector in card.charter.sectors}
    territories = {place.code: place.name for place in here.places().values()}
    names = {key: name.in_(language())[0] for key, name in (*sectors.items(), *territories.items())}
    said = results.telling(ballot, worked.found, language(), names)
    return render_template(
        "results/show.html",
        ballot=ballot,
        card=card,
        worked=worked,
        count=worked.found.count,
        rows=results.rows(ballot, worked, said),
        said=said,
        duels=results.all_duels(ballot, worked),
        territories=territories,
        sectors=sectors,
    )

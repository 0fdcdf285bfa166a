"""The page behind a personal invitation: what the project is, who invites, what is hoped for."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from cdp.communes import queries as communes
from cdp.http.context import db
from cdp.kernel.clock import today
from cdp.people import queries as people
from cdp.teams import queries

bp = Blueprint("invitations", __name__, url_prefix="/<lang>/invitations")


@bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Open an invitation; joining comes after signing in."""
    invitation = queries.find_invitation(db, token)
    proposal = queries.invited_project(db, invitation)
    commune = communes.find(db, proposal.round.commune.slug)
    g.commune, g.commune_slug = commune, commune.slug
    return render_template(
        "invitations/show.html",
        invitation=invitation,
        proposal=proposal,
        commune=commune,
        host=people.find(db, invitation.invited_by_id),
        needs=queries.needs(db, proposal.id),
        token=token,
        is_over=invitation.until < today(),
    )

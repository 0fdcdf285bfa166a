"""The front door of the installation: its communes."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cdp.communes import queries
from cdp.http.context import db

bp = Blueprint("home", __name__, url_prefix="/<lang>")


@bp.get("/")
def show() -> ResponseReturnValue:
    """The communes that use the tool."""
    return render_template("home/show.html", communes=queries.opened(db))

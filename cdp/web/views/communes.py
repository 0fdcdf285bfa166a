"""The public front door of a commune."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cdp.web import here

bp = Blueprint("communes", __name__, url_prefix="/<lang>/<commune>")


@bp.get("/")
def show() -> ResponseReturnValue:
    """Where its round stands, what can be done today, what became of the last plan."""
    return render_template("communes/show.html", commune=here.commune(), round=here.current_round())

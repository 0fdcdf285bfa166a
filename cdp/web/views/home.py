"""The front door of the installation: its communes."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from cdp.communes import queries
from cdp.exports import lists
from cdp.exports.tables import csv_lines
from cdp.http.context import db, language
from cdp.transparency.queries import communes as public_communes

bp = Blueprint("home", __name__, url_prefix="/<lang>")


@bp.get("/")
def show() -> ResponseReturnValue:
    """The communes that use the tool."""
    return render_template("home/show.html", communes=queries.opened(db))


@bp.get("/communes.csv")
def data() -> Response:
    """The communes that use the tool, as a file."""
    answer = Response(
        "".join(csv_lines(lists.commune_columns(), public_communes.all_communes(db))), mimetype="text/csv"
    )
    answer.headers.set("Content-Disposition", "attachment", filename=f"communes-{language()}.csv")
    return answer

"""Why not? One project of the plan: what stands against it in each year, and what would let it in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cdp.http.context import db
from cdp.kernel.errors import NotFound
from cdp.programme import queries
from cdp.programme.rules.fit.asking import Year, by_year
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.fit.terms import Instance
from cdp.web import here
from cdp.web.views import plan_parts

bp = Blueprint("plan_why", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/why")


@bp.get("/<number>")
def show(year: int, number: str) -> ResponseReturnValue:
    """The condition that binds, what would let the project in, and each year it might start in."""
    card = here.round_of(year)
    wanted = request.args.get("version", type=int)
    readable = [row for row in queries.versions(db, card.id) if row.frozen_at or plan_parts.is_office(card)]
    version = next((row for row in readable if wanted in (None, row.number)), None)
    if version is None and wanted is None:
        return redirect(url_for("plans.show", year=year))
    if version is None:
        raise NotFound("programme.no_such_version", number=wanted)
    sheet = queries.sheet(db, card, version)
    row = next((each for each in (*sheet.rows, *sheet.left_out) if each.number == number), None)
    if row is None:
        raise NotFound("proposals.unknown", number=number)
    return render_template(
        "plan_why/show.html", card=card, version=version, row=row, years=_years(card.id, version.number, number)
    )


def _years(round_id: int, version: int, number: str) -> tuple[Year, ...]:
    """Each year the project might start in; none where the version does not say what it was made from."""
    kept = queries.find_version(db, round_id, version)
    instance: Instance | None = read(kept.instance).instance if kept.instance else None
    if instance is None:
        return ()
    return by_year(instance, queries.starts_of(db, kept.id), number)

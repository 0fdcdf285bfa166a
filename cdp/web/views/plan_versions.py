"""Two versions of a plan against one another, in words and money."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import db
from cdp.kernel.errors import NotFound
from cdp.kernel.money import Money
from cdp.programme import queries
from cdp.programme.queries import PlanSheet, VersionRow
from cdp.rounds.queries import RoundCard
from cdp.web import here
from cdp.web.views import plan_parts

bp = Blueprint("plan_versions", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/versions")


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """What changed from one version to another: projects, and money by year and source."""
    card = here.round_of(year)
    rows = [row for row in queries.versions(db, card.id) if row.frozen_at or plan_parts.is_office(card)]
    if not rows:
        return redirect(url_for("plans.show", year=year))
    after = _asked(rows, "after", rows[0])
    before = _asked(rows, "before", next((row for row in rows if row.number < after.number), rows[-1]))
    records = queries.record(db, card, before.id), queries.record(db, card, after.id)
    sheets = _sheet(card, before), _sheet(card, after)
    return render_template(
        "plan_versions/show.html",
        card=card,
        versions=rows,
        before=before,
        after=after,
        differences=queries.differences(*sheets, recorded=(records[0]["proposals"], records[1]["proposals"])),
        texts=_texts(),
        totals=[Money(each.total) for each in sheets],
        by_year=[(str(year), *_pair(sheets, lambda s, y=year: s.year(y).programmed)) for year in _years(sheets)],
        by_source=[(source, *_pair(sheets, lambda s, f=source: s.source(f).programmed)) for source in _sources(sheets)],
    )


def _texts() -> dict[str, str]:
    """What changed, in words."""
    return {
        "title": _("Title"),
        "need": _("What is needed"),
        "upkeep": _("Upkeep"),
        "places": _("Douars"),
        "asker": _("Who asks"),
    }


def _asked(rows: list[VersionRow], name: str, otherwise: VersionRow) -> VersionRow:
    number = request.args.get(name, type=int)
    found = next((row for row in rows if row.number == number), None) if number is not None else otherwise
    if found is None:
        raise NotFound("programme.no_such_version", number=number)
    return found


def _sheet(card: RoundCard, row: VersionRow) -> PlanSheet:
    return queries.sheet(db, card, row)


def _years(sheets: tuple[PlanSheet, PlanSheet]) -> tuple[int, ...]:
    return sheets[1].years


def _sources(sheets: tuple[PlanSheet, PlanSheet]) -> list[object]:
    return list(dict.fromkeys(source for sheet in sheets for source in sheet.sources))


def _pair(sheets: tuple[PlanSheet, PlanSheet], of: object) -> tuple[Money, Money, Money]:
    first, second = (of(sheet) for sheet in sheets)  # type: ignore[operator]
    return Money(first), Money(second), Money(second - first)

"""The plan to take away: PDF, workbook, CSV and JSON of a version; drafts for the office alone."""

import hashlib
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from cdp.exports import plan_document, plan_sheets, typeset, workbook
from cdp.http.context import current_actor, db, language
from cdp.i18n.languages import direction
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.programme import queries
from cdp.programme.policy import MAY_READ_DRAFT, PlanCase
from cdp.programme.rules.drafting import canonical
from cdp.transparency.plan_book import PlanBook
from cdp.transparency.queries.plan_book import any_version_of, book, version_of
from cdp.web import here

bp = Blueprint("documents", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/<int:version>")

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _book(year: int, version: int) -> PlanBook:
    card = here.round_of(year)
    find = any_version_of if MAY_READ_DRAFT(current_actor, PlanCase(card, today())) else version_of
    return book(db, card, find(db, card, version))


@bp.get("/plan.pdf")
def plan_pdf(year: int, version: int) -> Response:
    """The document of a version as PDF/UA-1."""
    found = _book(year, version)
    folder = current_app.config["SETTINGS"].instance / "made"
    made = typeset.kept_pdf(plan_document.document(found), found.made_at, folder)
    return _file(made, "application/pdf", found, "pdf")


@bp.get("/plan.xlsx")
def plan_xlsx(year: int, version: int) -> Response:
    """The sheets of a version as a workbook."""
    found = _book(year, version)
    page = plan_document.page(found)
    made = workbook.xlsx(
        plan_sheets.sheets(found),
        direction=direction(language()),
        total=plan_document.total_word(),
        made_at=found.made_at,
        title=f"{page.title} {page.subtitle}",
    )
    return _file(made, SPREADSHEET, found, "xlsx")


@bp.get("/plan.json")
def plan_json(year: int, version: int) -> Response:
    """The sheets of a version as JSON, amounts as exact decimal texts in dirhams."""
    found = _book(year, version)
    stands: dict[str, Any] = {
        "commune": found.home.slug,
        "first_year": found.card.first_year,
        "last_year": found.card.last_year,
        "version": version,
        "state": found.plan.version.state.value,
        "state_name": label(found.plan.version.state),
        "data_sha256": found.plan.version.data_hash,
        "currency": "MAD",
    }
    return jsonify(stands | {"sheets": workbook.plain(plan_sheets.sheets(found))})


@bp.get("/frozen.json")
def frozen(year: int, version: int) -> Response:
    """What a version was frozen with, to the letter: the SHA-256 of this file is the hash of its data."""
    found = queries.find_version(db, here.round_of(year).id, version)
    if found.frozen_at is None:
        raise NotFound
    answer = Response(canonical(queries.document(db, found)), mimetype="application/json")
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(found.data_hash[:32])
    answer.make_conditional(request)
    return answer


@bp.get("/<name>.csv")
def plan_csv(year: int, version: int, name: str) -> Response:
    """One sheet of a version as CSV."""
    found = _book(year, version)
    sheet = next((each for each in plan_sheets.sheets(found) if each.key == name), None)
    if sheet is None:
        raise NotFound
    return _file(workbook.csv(sheet).encode(), "text/csv", found, f"{name}.csv")


def _file(made: bytes, kind: str, found: PlanBook, ending: str) -> Response:
    answer = Response(made, mimetype=kind)
    version = found.plan.version.number
    name = f"{found.home.slug}-plan-{found.card.first_year}-v{version}-{language()}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "public, no-cache" if found.plan.version.frozen_at else "private, no-store"
    answer.set_etag(hashlib.sha256(made).hexdigest()[:32])
    answer.make_conditional(request)
    return answer

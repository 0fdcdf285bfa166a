"""The lists as files: CSV in the page's language, and beside each its description (Table Schema)."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from flask_babel import gettext as _

from cdp.exports import lists
from cdp.exports.gathering import gather
from cdp.exports.iati import iati_file
from cdp.exports.money_moves import KEY as MOVES_KEY
from cdp.exports.money_moves import columns as moves_columns
from cdp.exports.money_package import package
from cdp.exports.oc4ids import oc4ids_file
from cdp.exports.tables import Column, csv_lines, table_schema
from cdp.http.context import db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound
from cdp.priorities import queries as priorities
from cdp.rounds.rules.charter import Sector
from cdp.transparency.queries import communes as public_communes
from cdp.transparency.queries import groups as public_groups
from cdp.transparency.queries import money as public_accounts
from cdp.transparency.queries import moves as public_moves
from cdp.transparency.queries import projects as public_projects
from cdp.transparency.queries import proposals as public_proposals
from cdp.web import here

bp = Blueprint("data", __name__, url_prefix="/<lang>/<commune>")


@bp.get("/<int:year>/proposals.csv")
def proposals(year: int) -> Response:
    """The public proposals of a round."""
    card = here.round_of(year)
    return _file(f"proposals-{year}", lists.proposal_columns(_sectors()), public_proposals.every(db, card))


@bp.get("/rounds.csv")
def rounds() -> Response:
    """The rounds of the commune with the days of their phases."""
    return _file("rounds", lists.round_columns(), public_communes.all_rounds(db, here.commune().id))


@bp.get("/groups.csv")
def groups() -> Response:
    """The groups of the commune, never who their members are."""
    return _file("groups", lists.group_columns(), public_groups.every(db, here.commune().id, day=today()))


@bp.get("/projects.csv")
def projects() -> Response:
    """The projects of the commune with money and works."""
    return _file("projects", lists.project_columns(_sectors()), public_projects.every(db, here.commune().id))


@bp.get("/money.csv")
def money() -> Response:
    """The money of the projects by source."""
    rows = lists.money_lines(public_projects.every(db, here.commune().id))
    return _file("money", lists.money_columns(), rows)


@bp.get("/money-moves.csv")
def money_moves() -> Response:
    """The moves of the money: institutions one by one, people's in sums."""
    return _file("moves", moves_columns(_), public_moves.moves(db, here.commune().id))


@bp.get("/money.zip")
def money_package() -> Response:
    """All tables of the money, each with its Table Schema, as a data package."""
    commune = here.commune()
    written = package(gather(db, commune.slug), public_accounts.accounts(db, commune.id, today()))
    return _whole(written, "money.zip", "application/zip")


@bp.get("/iati.xml")
def iati() -> Response:
    """The projects and their money as IATI 2.03."""
    return _whole(iati_file(gather(db, here.commune().slug, address=request.base_url)), "iati.xml", "application/xml")


@bp.get("/oc4ids.json")
def oc4ids() -> Response:
    """The projects and their money as OC4IDS 0.9."""
    written = oc4ids_file(gather(db, here.commune().slug, address=request.base_url))
    return _whole(written, "oc4ids.json", "application/json")


def _whole(written: bytes, name: str, kind: str) -> Response:
    answer = Response(written, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{here.commune().slug}-{name}")
    return answer


@bp.get("/<int:year>/marks.csv")
def marks(year: int) -> Response:
    """The open marks of a round, without names."""
    card = here.round_of(year)
    rows = lists.mark_lines(priorities.ranking(db, card, today()), card.charter.criteria)
    return _file(f"marks-{year}", lists.mark_columns(), rows)


SCHEMAS: dict[str, tuple[Callable[[], list[Column[Any]]], tuple[str, ...]]] = {
    "communes": (lambda: list(lists.commune_columns()), ("code",)),
    "rounds": (lambda: list(lists.round_columns()), ("first_year",)),
    "groups": (lambda: list(lists.group_columns()), ("id",)),
    "proposals": (lambda: list(lists.proposal_columns({})), ("number",)),
    "projects": (lambda: list(lists.project_columns({})), ("number",)),
    "money": (lambda: list(lists.money_columns()), ("number", "source", "party")),
    "moves": (lambda: list(moves_columns(_)), MOVES_KEY),
    "marks": (lambda: list(lists.mark_columns()), ("number", "sheet", "criterion")),
}
"""File -> its columns and its key."""


@bp.get("/data/<name>.schema.json")
def schema(name: str) -> Response:
    """What the columns of a file are, for machines."""
    if name not in SCHEMAS:
        raise NotFound
    here.commune()
    columns, key = SCHEMAS[name]
    return jsonify(table_schema(columns(), key=key))


def _sectors() -> dict[str, Sector]:
    """The fields of action of all charters, the newest name of each."""
    found: dict[str, Sector] = {}
    for card in here.cards():
        for sector in card.charter.sectors:
            found.setdefault(sector.key, sector)
    return found


def _file(name: str, columns: list[Column[Any]], rows: Iterable[Any]) -> Response:
    """A file to keep, sent while it is read; its description stands in a header beside it."""
    kind = name.split("-")[0]
    answer = Response(stream_with_context(csv_lines(columns, rows)), mimetype="text/csv")
    commune = here.commune().slug
    answer.headers.set("Content-Disposition", "attachment", filename=f"{commune}-{name}-{language()}.csv")
    answer.headers["Link"] = f'</{language()}/{commune}/data/{kind}.schema.json>; rel="describedby"'
    return answer

"""The resources: each asks ``transparency`` for a sheet and answers its shape."""

from functools import cache
from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ValidationError

from cdp import __version__
from cdp.api.v1 import shapes
from cdp.api.v1.addresses import ADDRESSES
from cdp.api.v1.questions import OfCommune, OfNumber, OfRound, Paged, ProjectsAsked, ProposalsAsked
from cdp.communes import queries as communes
from cdp.http.context import db
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.kernel.errors import Message
from cdp.kernel.page import Page
from cdp.programme.queries import ProjectFilters
from cdp.proposals.queries import Filters
from cdp.proposals.states import ProposalState
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.transparency.queries import communes as public_communes
from cdp.transparency.queries import groups, money, projects, proposals

INFO = Info(
    title="CDP: communal development plans",
    version=f"1 ({__version__})",
    description=(
        "Read only. Money is exact decimal text with its currency, words stand by language, days are ISO days of "
        "Morocco. People appear under the name they chose to show, or under none. Population: HCP, RGPH 2024."
    ),
)

TROUBLE: dict[Any, Any] = {"404": shapes.Trouble, "422": shapes.Trouble}

bp = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="plan", description="What a commune plans, and what becomes of it.")],
    abp_responses=TROUBLE,
)


def answer(shape: type[BaseModel], sheet: Any) -> Response:
    """A sheet in its shape, as JSON."""
    body = shape.model_validate(sheet).model_dump_json()
    return Response(body, mimetype="application/json")


def a_page(shape: type[BaseModel], found: Page[Any]) -> Response:
    """A page of sheets in its shape, as JSON."""
    return answer(shape, {"items": tuple(found.rows), "page": found.number, "next_page": found.next})


def refused(error: ValidationError) -> Response:
    """What was asked cannot be understood: which part, in one sentence."""
    fields = ", ".join(sorted({str(part) for each in error.errors() for part in each["loc"][:1]}))
    told = jsonify(error="errors.bad_question", message=say(Message("errors.bad_question", {"fields": fields})))
    told.status_code = 422
    return told


def commune_of(path: OfCommune) -> Any:
    """The commune of an address; NotFound for one that does not use the tool."""
    return communes.find(db, path.slug)


def round_of(path: OfRound) -> RoundCard:
    """The round of an address; NotFound else."""
    return rounds.card(db, rounds.find(db, commune_of(path).id, path.year))


@bp.get(ADDRESSES["all_communes"], responses={"200": shapes.Communes})
def all_communes() -> Response:
    """The communes that use the tool."""
    return answer(shapes.Communes, {"items": public_communes.all_communes(db)})


@bp.get(ADDRESSES["commune"], responses={"200": shapes.Commune})
def commune(path: OfCommune) -> Response:
    """A commune."""
    return answer(shapes.Commune, public_communes.commune_sheet(commune_of(path)))


@bp.get(ADDRESSES["all_rounds"], responses={"200": shapes.Rounds})
def all_rounds(path: OfCommune) -> Response:
    """The rounds of a commune, the newest first."""
    return answer(shapes.Rounds, {"items": public_communes.all_rounds(db, commune_of(path).id)})


@bp.get(ADDRESSES["all_groups"], responses={"200": shapes.Groups})
def all_groups(path: OfCommune, query: Paged) -> Response:
    """The groups of a commune that stand or wait for their second member, 25 a page, by name."""
    return a_page(shapes.Groups, groups.page(db, commune_of(path).id, day=today(), number=query.page))


@bp.get(ADDRESSES["all_proposals"], responses={"200": shapes.Proposals})
def all_proposals(path: OfRound, query: ProposalsAsked) -> Response:
    """The public proposals of a round, 25 a page; drafts never. Without ``state``: neither merged nor withdrawn."""
    state = ProposalState(query.state.value) if query.state else None
    filters = Filters(query=query.q, sector=query.sector, proposer=query.who, state=state, order=query.order)
    return a_page(shapes.Proposals, proposals.page(db, round_of(path), filters, number=query.page))


@bp.get(ADDRESSES["proposal"], responses={"200": shapes.ProposalFile})
def proposal(path: OfNumber) -> Response:
    """A proposal with what was decided about it."""
    return answer(shapes.ProposalFile, proposals.one(db, commune_of(path).id, path.number))


@bp.get(ADDRESSES["all_projects"], responses={"200": shapes.Projects})
def all_projects(path: OfCommune, query: ProjectsAsked) -> Response:
    """The projects of a commune with their money, 25 a page, those of the newest plan first."""
    filters = ProjectFilters(query.state, query.sector or None)
    return a_page(shapes.Projects, projects.page(db, commune_of(path).id, filters, number=query.page))


@bp.get(ADDRESSES["project"], responses={"200": shapes.ProjectFile})
def project(path: OfNumber) -> Response:
    """A project: money by source, hours apart, works, people under the names they chose, agreements."""
    return answer(shapes.ProjectFile, projects.one(db, commune_of(path).id, path.number))


@bp.get(ADDRESSES["accounts"], responses={"200": shapes.Accounts})
def accounts(path: OfCommune) -> Response:
    """The money of all projects of a commune that were not dropped: whole, by source, year and sector."""
    return answer(shapes.Accounts, money.accounts(db, commune_of(path).id, today()))


@bp.get(ADDRESSES["description"], doc_ui=False)
def description() -> Response:
    """This interface, described (OpenAPI 3.1)."""
    return jsonify(described().api_doc)


@cache
def described() -> OpenAPI:
    """What holds the resources and their description; it serves nothing by itself."""
    app = OpenAPI("cdp", info=INFO, security_schemes={}, doc_ui=False, validation_error_model=shapes.Trouble)
    app.register_api(bp)
    return app

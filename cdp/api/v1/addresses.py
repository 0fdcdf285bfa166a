"""Where the interface hangs. What answers there, and describes itself, is loaded with the first question.

Shapes and description weigh eight megabytes that no page needs.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, request

from cdp.kernel.late import late

if TYPE_CHECKING:
    from cdp.api.v1 import resources
else:
    resources = late("cdp.api.v1.resources")

ADDRESSES = {
    "all_communes": "/communes",
    "commune": "/communes/<slug>",
    "all_rounds": "/communes/<slug>/rounds",
    "all_groups": "/communes/<slug>/groups",
    "all_proposals": "/communes/<slug>/rounds/<int:year>/proposals",
    "proposal": "/communes/<slug>/proposals/<number>",
    "all_projects": "/communes/<slug>/projects",
    "project": "/communes/<slug>/projects/<number>",
    "accounts": "/communes/<slug>/money",
    "description": "/openapi.json",
}
"""Resource -> its address below ``/api/v1``."""

bp = Blueprint("api", __name__, url_prefix="/api/v1")


def _answer(name: str) -> Callable[..., Any]:
    """What answers at the address of a resource."""
    return lambda **asked: resources.described().view_functions[f"api.{name}"](**asked)


for name, address in ADDRESSES.items():
    bp.add_url_rule(address, name, _answer(name))


@bp.after_request
def open_to_readers(response: Response) -> Response:
    """Any page of any site may read; what has not changed is not sent again."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Language")
    if response.status_code == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def init_app(app: Flask) -> None:
    """Hang the interface; a question that cannot be understood is refused by the house's own sentence."""
    app.validation_error_callback = lambda error: resources.refused(error)  # type: ignore[attr-defined]
    app.register_blueprint(bp)

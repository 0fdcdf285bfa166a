"""What would you cut? Anyone tries the plan with other money or other projects; nothing is kept, nobody is asked."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from cdp.programme.rules.whatif import Changes, compared, summary, tidy, tried, unmet
from cdp.web import here
from cdp.web.views import plan_parts

bp = Blueprint("plan_try", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/try")

STEPS = (-50, -20, -10, 0, 10, 20, 50)
"""Per cent by which the money of a source may be changed here."""


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The plan with boxes to cut or let in, and what comes of it; the address is all that is kept."""
    card = here.round_of(year)
    base = plan_parts.base(card)
    if base is None:
        return render_template("plan_try/empty.html", card=card)
    changes = tidy(asked(), base.instance)
    names = plan_parts.Names(card, [project["id"] for project in base.instance["projects"]])
    answer = make_response(_page(card, base, changes, names))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked() -> Changes:
    """The changes of the address; what is no number changes nothing."""
    percent = {}
    for name, text in request.args.items():
        if name.startswith("money_"):
            try:
                percent[name.removeprefix("money_")] = int(text)
            except ValueError:
                continue
    return Changes(percent, tuple(request.args.getlist("cut")), tuple(request.args.getlist("add")))


def _page(card: Any, base: plan_parts.Base, changes: Changes, names: plan_parts.Names) -> str:
    result = tried(base.instance, base.starts, changes)
    now = {"starts": base.starts, "value": 0, "unmet": []}
    before = summary(base.instance, now)
    after = summary(base.instance, result) if not changes.is_nothing else before
    projects = sorted(base.instance["projects"], key=lambda one: one["rank"])
    return render_template(
        "plan_try/show.html",
        card=card,
        base=base,
        changes=changes,
        steps=STEPS,
        sources=plan_parts.resources(base.instance),
        standing=[one for one in projects if one["id"] in base.starts],
        waiting=[one for one in projects if one["id"] not in base.starts],
        result=result,
        unmet=[one for one in unmet(result) if one.values.get("project") not in changes.into],
        no_room=[number for number in changes.into if number not in result["starts"]],
        difference=compared(base.starts, result["starts"]),
        before=before,
        after=after,
        names=names,
    )

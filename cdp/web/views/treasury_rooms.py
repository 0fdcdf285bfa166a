"""The treasury's lists, each on its own page: projects with their money, signed agreements, spendings of all."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from cdp.funding import queries
from cdp.funding.queries import desk, flows, performance, treasury_desk
from cdp.funding.states import ExpenseState
from cdp.http.context import current_actor, db
from cdp.i18n.say import label
from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.kernel.page import SIZE, Page
from cdp.people.states import Role
from cdp.web import here
from cdp.web.views.spending import STEPS, titles

bp = Blueprint("treasury_rooms", __name__, url_prefix="/<lang>/<commune>/treasury")


def _number() -> int:
    return max(1, request.args.get("page", 1, int))


@bp.get("/projects")
def projects() -> ResponseReturnValue:
    """The projects with what was received of what each costs."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)
    found, number = queries.projects_to_fund(db, here.commune().id), _number()
    page = Page(found[(number - 1) * SIZE : number * SIZE], number, more=len(found) > number * SIZE)
    sheets = queries.money_sheets(db, [(each.id, Money(each.cost_minor)) for each in page.rows], today())
    return render_template("treasury/projects.html", page=page, sheets=sheets)


@bp.get("/agreements")
def agreements() -> ResponseReturnValue:
    """The signed agreements, the newest first, and how each partner keeps its own."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)
    commune_id = here.commune().id
    page = desk.agreements(db, commune_id, number=_number())
    ids = [each.id for each in queries.projects_to_fund(db, commune_id)] if page.number == 1 else []
    sums = flows(db, ids) if ids else {}
    return render_template(
        "treasury/agreements.html",
        page=page,
        partners=performance.partners(db, commune_id, today(), {each: sums.get(each, {}) for each in ids}),
        may_enter=current_actor.holds(commune_id, Role.TREASURER),
    )


@bp.get("/spending")
def spending() -> ResponseReturnValue:
    """The spendings of all projects, those that wait first, with the step that comes next."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER, Role.PRESIDENT)
    commune_id = here.commune().id
    return render_template(
        "treasury/spending.html",
        page=treasury_desk.spendings(db, commune_id, number=_number()),
        next_step={s: name for s, (name, _act, roles) in STEPS.items() if current_actor.holds(commune_id, *roles)},
        titles=titles(),
        paid=ExpenseState.PAID,
        sees_treasury=current_actor.holds(commune_id, Role.TREASURER, Role.OFFICER),
        states={state: label(state) for state in ExpenseState},
    )

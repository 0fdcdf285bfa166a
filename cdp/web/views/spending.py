"""Spending of a project, step by step, each by who may take it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.queries import spending as reads
from cdp.funding.services import spending
from cdp.funding.services.spending import Engagement
from cdp.funding.states import ExpenseState
from cdp.http.context import current_actor, db
from cdp.i18n.say import label
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.money import Money
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.treasury import EngageForm, StepForm
from cdp.web.views.treasury import _lines as lines
from cdp.web.views.treasury import _scan as scan

bp = Blueprint("spending", __name__, url_prefix="/<lang>/<commune>/treasury/projects/<number>/spending")

Act = Callable[[Session, Any, Any, str, date], Any]

STEPS: dict[ExpenseState, tuple[str, Act, tuple[Role, ...]]] = {
    ExpenseState.ENGAGED: ("certify", spending.certify, (Role.OFFICER, Role.PRESIDENT)),
    ExpenseState.SERVICE_DONE: ("mandate", spending.mandate, (Role.OFFICER, Role.PRESIDENT)),
    ExpenseState.MANDATED: ("pay", spending.pay, (Role.TREASURER,)),
}
"""State -> the step that comes next, what it does, who takes it."""


@bp.before_request
def only_the_office() -> None:
    """Who engages, certifies, orders and pays."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER, Role.PRESIDENT)


@bp.get("/")
def board(number: str) -> ResponseReturnValue:
    """The spendings of a project and the step that comes next for each."""
    found = queries.find_project(db, here.commune().id, number)
    commune_id = here.commune().id
    return render_template(
        "spending/board.html",
        project=found,
        rows=reads.expenses(db, found.id),
        next_step={
            state: name for state, (name, _act, roles) in STEPS.items() if current_actor.holds(commune_id, *roles)
        },
        titles=titles(),
        states={state.value: label(state) for state in ExpenseState},
        may_engage=current_actor.holds(commune_id, Role.TREASURER, Role.OFFICER),
    )


def titles() -> dict[str, str]:
    """What each step is called."""
    return {"certify": _("Certify the service"), "mandate": _("Order the payment"), "pay": _("Enter the payment")}


@bp.route("/new", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Engage a spending."""
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)
    found = queries.find_project(db, here.commune().id, number)
    form = EngageForm().offer(lines(found))
    if form.accepted():
        try:
            line = queries.find_line(db, here.commune().id, int(form.place.data.partition(":")[2]))
            given = Engagement(
                form.supplier.data, form.purpose.data, form.invoice.data, (form.amount.data or Money(0)).minor,
                form.on.data, is_direct=form.is_direct.data, file_id=scan(form),
            )  # fmt: skip
            spending.engage(db, current_actor, line, given, key=form.form_key.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = queries.find_project(db, here.commune().id, number)
        else:
            return _done(number, _("The spending is engaged."))
    return render_template("spending/form.html", form=form, project=found, title=_("Engage a spending"), row=None)


@bp.route("/<int:expense_id>/<step>", methods=["GET", "POST"])
def step(number: str, expense_id: int, step: str) -> ResponseReturnValue:
    """Take the next step of a spending."""
    wanted = next((each for each in STEPS.values() if each[0] == step), None)
    found = reads.find_expense(db, here.commune().id, expense_id)
    if wanted is None or found.line.project.number != number:
        raise NotFound
    current_actor.under_mandate(here.commune().id, *wanted[2])
    form = StepForm()
    if form.accepted():
        try:
            wanted[1](db, current_actor, found, form.paper.data, form.on.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = reads.find_expense(db, here.commune().id, expense_id)
        else:
            return _done(number, label(reads.state_of(found, is_paid=step == "pay")))
    project = queries.find_project(db, here.commune().id, number)
    return render_template("spending/form.html", form=form, project=project, title=titles()[step], row=found)


def _done(number: str, sentence: str) -> ResponseReturnValue:
    db.commit()
    flash(sentence, "success")
    return redirect(url_for(".board", number=number))

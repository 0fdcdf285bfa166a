"""The works of a project: planned by the officer, reported with a dated photo by who is there."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.delivery import queries, services
from cdp.delivery.policy import WORKS, WorksStep
from cdp.delivery.services import Picture
from cdp.funding.queries import find_project
from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Trouble
from cdp.kernel.predicate import authorize
from cdp.store import files
from cdp.web import here
from cdp.web.forms.works import ExpectForm, PlanForm, ReportForm, UndoForm

bp = Blueprint("works", __name__, url_prefix="/<lang>/<commune>/projects/<number>/works")


def _project(number: str, step: WorksStep) -> Any:
    """The project of this address, where who asks may take that step."""
    current_actor.known()
    project = find_project(db, here.commune().id, number)
    authorize(WORKS, step, current_actor, queries.works(db, project))
    return project


@bp.route("/", methods=["GET", "POST"])
def show(number: str) -> ResponseReturnValue:
    """The steps of the works with what can be done about each; the officer plans another one."""
    project = _project(number, WorksStep.PLAN if request.method == "POST" else WorksStep.REPORT)
    form = PlanForm().offer()

    def act() -> None:
        services.plan(db, current_actor, project, form.planned())

    return _done(form, act, number) or render_template(
        "works/show.html",
        project=find_project(db, here.commune().id, number),
        stages=queries.timeline(db, project.id),
        can=queries.may(db, current_actor, project),
        form=form,
        day_now=today(),
    )


@bp.route("/<int:milestone_id>/report", methods=["GET", "POST"])
def report(number: str, milestone_id: int) -> ResponseReturnValue:
    """Report a step done, with what was measured and a dated photo."""
    project = _project(number, WorksStep.REPORT)
    form = ReportForm()

    def act() -> None:
        milestone = queries.find_milestone(db, project.id, milestone_id)
        services.report(db, current_actor, project, milestone, report=form.report(), picture=_picture(form))

    return _done(form, act, number) or _page(form, number, milestone_id, title=_("Report this step done"))


@bp.route("/<int:milestone_id>/expect", methods=["GET", "POST"])
def expect(number: str, milestone_id: int) -> ResponseReturnValue:
    """Say for which day a step is expected now, and why."""
    project = _project(number, WorksStep.EXPECT)
    form = ExpectForm()

    def act() -> None:
        milestone = queries.find_milestone(db, project.id, milestone_id)
        services.expect(db, current_actor, project, milestone, day=form.day.data, reason=form.reason.data)

    return _done(form, act, number) or _page(form, number, milestone_id, title=_("Say when it is expected"))


@bp.route("/<int:milestone_id>/undo", methods=["GET", "POST"])
def undo(number: str, milestone_id: int) -> ResponseReturnValue:
    """Take a report back, with a reason everybody reads."""
    project = _project(number, WorksStep.UNDO)
    form = UndoForm()

    def act() -> None:
        milestone = queries.find_milestone(db, project.id, milestone_id)
        services.undo(db, current_actor, project, milestone, reason=form.reason.data)

    return _done(form, act, number) or _page(form, number, milestone_id, title=_("Take the report back"))


def _done(form: Any, act: Callable[[], None], number: str) -> ResponseReturnValue | None:
    """Take the act when its form holds; None where the form is to be shown (again)."""
    if not form.accepted():
        return None
    try:
        act()
        db.commit()
    except Trouble as error:
        db.rollback()
        form.trouble(error)
        return None
    flash(_("It is on the project's page."), "success")
    return redirect(url_for(".show", number=number))


def _page(form: Any, number: str, milestone_id: int, *, title: str) -> ResponseReturnValue:
    project = find_project(db, here.commune().id, number)
    milestone = queries.find_milestone(db, project.id, milestone_id)
    return render_template("works/form.html", form=form, project=project, milestone=milestone, title=title)


def _picture(form: ReportForm) -> Picture | None:
    """The photo that was sent along, judged by its content; None without one."""
    sent = form.photo.data
    if sent is None or not getattr(sent, "filename", ""):
        return None
    settings = current_app.config["SETTINGS"]
    content = files.examine(sent.read(), largest=settings.upload_bytes)
    return Picture(content, sent.filename, settings.instance / "files")

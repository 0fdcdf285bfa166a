"""The officer's page for a file of proposals: looked at first, then imported, with the same report."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Message, Refused, Trouble
from cdp.proposals import queries, services
from cdp.proposals.policy import MAY_IMPORT, Opening
from cdp.proposals.queries import Outcome, Report
from cdp.proposals.rules.tables import Unreadable
from cdp.web import here
from cdp.web.forms.proposals import ImportForm
from cdp.web.views.proposals.room import bp


@bp.route("/<int:year>/proposals/import", methods=["GET", "POST"])
def bring(year: int) -> ResponseReturnValue:
    """Look at a file, or import its good rows; every row is told, by its line."""
    current_actor.known()
    round_ = here.round_of(year)
    if not MAY_IMPORT(current_actor, Opening(round_, today())):
        raise Refused("errors.not_allowed")
    form, report, name = ImportForm(), None, ""
    if form.accepted():
        upload = form.file.data
        name, data = upload.filename or "", upload.read()
        try:
            report = answer(year, name, data)
        except Unreadable as error:
            db.rollback()
            form.trouble(Trouble(error.message), field="file")
    return render_template("proposals/import.html", round=round_, form=form, report=report, name=name, Outcome=Outcome)


def answer(year: int, name: str, data: bytes) -> Report:
    """The dry run, or the import when its button was pressed."""
    round_ = here.round_of(year)
    largest = current_app.config["SETTINGS"].upload_bytes
    if len(data) > largest:
        raise Unreadable(Message("files.too_large", {"megabytes": largest // 1024**2}))
    if request.form.get("go") != "import":
        return queries.preview(db, round_, data)
    report = services.import_rows(db, current_actor, round_, name=name, data=data)
    db.commit()
    return report

"""The office's desk of a ballot: what stands, what is to do, and the acts that take it from step to step."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db, language
from cdp.kernel.errors import NotFound
from cdp.priorities.policy import MEETING
from cdp.priorities.queries import office
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.queries.photos import photos
from cdp.priorities.queries.turnout import turnout
from cdp.priorities.services import ballots as services
from cdp.priorities.services import closing
from cdp.priorities.states import BallotKind
from cdp.store.files import path_of
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.views.ballots.room import KEEPERS, ballot_of, bp, card_of, let_in, sectors_of, sent, steps_of


@bp.get("/<int:ballot_id>/desk")
def desk(ballot_id: int) -> ResponseReturnValue:
    """Where the ballot stands, and the next step."""
    let_in(*MEETING)
    ballot = card_of(ballot_id)
    return render_template(
        "ballots/desk.html",
        ballot=ballot,
        steps=steps_of(ballot),
        figures=office.roll_figures(db, ballot_id),
        codes=office.code_batches(db, ballot_id),
        batches=office.paper_batches(db, ballot_id),
        turnout=turnout(db, ballot_id),
        sectors=sectors_of(ballot),
        button=EmptyForm(),
    )


@bp.post("/<int:ballot_id>/act/<step>")
def act(ballot_id: int, step: str) -> ResponseReturnValue:
    """Open, close, count or publish; or bring the list of projects up to today."""
    let_in(*KEEPERS)
    sent()
    if step not in ACTS:
        raise NotFound
    said = ACTS[step](ballot_of(ballot_id))
    db.commit()
    flash(said, "success")
    return redirect(url_for(".desk", ballot_id=ballot_id))


def _open(ballot: Any) -> str:
    services.open_ballot(db, current_actor, ballot)
    return str(_("The ballot is open; its rules are frozen and published."))


def _projects(ballot: Any) -> str:
    number = services.take_projects(db, current_actor, ballot)
    return str(_("Projects on the ballot: %(number)s.", number=number))


def _close(ballot: Any) -> str:
    closing.close(db, current_actor, ballot)
    return str(_("The ballot is closed."))


def _count(ballot: Any) -> str:
    import_counting().count(db, current_actor, ballot)
    return str(_("The votes are counted. Look at the result, then publish it."))


def _publish(ballot: Any) -> str:
    import_counting().publish(db, current_actor, ballot)
    return str(_("The result is published."))


def import_counting() -> Any:
    """The service that counts; it brings numpy, which no other page needs."""
    return import_module("cdp.priorities.services.counting")


ACTS: dict[str, Callable[[Any], str]] = {
    "open": _open,
    "projects": _projects,
    "close": _close,
    "count": _count,
    "publish": _publish,
}


@bp.get("/<int:ballot_id>/sheet.pdf")
def sheet(ballot_id: int) -> ResponseReturnValue:
    """The sheet of paper to print: large pictures, the number to write, in the page's language."""
    ballot = card_of(ballot_id)
    printing = import_module("cdp.exports.ballot_sheet")
    said = {"how": HOW[ballot.sheet.kind](), "foot": _("No name, no signature, no other sign on this sheet.")}
    data = printing.ballot_sheet(
        ballot, here.commune().name, sectors_of(ballot), language=language(), sentences=said, photos=_photos(ballot)
    )
    answer = Response(data, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"ballot-{ballot_id}-{language()}.pdf")
    return answer


def _photos(ballot: BallotCard) -> dict[str, Path]:
    """Where the first photo of each project lies, by its number."""
    folder = current_app.config["SETTINGS"].instance / "files"
    return {number: path_of(folder, sha256) for number, sha256 in photos(db, ballot.id).items()}


HOW: dict[BallotKind, Callable[[], str]] = {
    BallotKind.APPROVAL: lambda: _("mark the boxes of the projects you choose"),
    BallotKind.KNAPSACK: lambda: _("mark the boxes of the projects you choose"),
    BallotKind.CHOOSE_ONE: lambda: _("mark one box"),
    BallotKind.POINTS: lambda: _("write your points on the lines"),
    BallotKind.SCORES: lambda: _("write 0 to 5 on each line"),
    BallotKind.RANKING: lambda: _("write 1 for the first, 2 for the second, and so on"),
    BallotKind.PAIRS: lambda: _("in each row mark the one you want more"),
    BallotKind.HANDS: lambda: _("raise your hand for each project you want"),
}
"""What to do with the sheet, in few words."""

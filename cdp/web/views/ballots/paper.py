"""Paper: batches by place, two readings by two people, differences settled, scanned sheets beside."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.kernel.errors import NotFound, Trouble
from cdp.priorities.policy import MEETING
from cdp.priorities.queries import office
from cdp.priorities.rules.paper import written
from cdp.priorities.services import paper as services
from cdp.priorities.services.paper import Totals
from cdp.priorities.states import BallotKind, BallotStep
from cdp.store import files
from cdp.web import here
from cdp.web.forms.ballots import BatchForm, LinesForm, ScanForm
from cdp.web.forms.base import EmptyForm
from cdp.web.views.ballots.room import KEEPERS, ballot_of, bp, card_of, let_in, sent, steps_of


@bp.route("/<int:ballot_id>/paper", methods=["GET", "POST"])
def batches(ballot_id: int) -> ResponseReturnValue:
    """The batches of a ballot; a new one begins with what was counted on the spot."""
    let_in(*MEETING)
    card = card_of(ballot_id)
    form = BatchForm().offer(here.places().values())
    if form.accepted():
        numbers = {name: form[name].data or 0 for name in ("issued", "in_box", "women", "men", "youth")}
        place = form.locality_id.data or None
        said: dict[str, Any] = {"label": form.label_.data or "", "locality_id": place, "key": form.form_key.data or ""}
        try:
            made = services.open_batch(db, current_actor, ballot_of(ballot_id), Totals(**numbers), **said)
        except Trouble as error:
            form.trouble(error)
        else:
            db.commit()
            return redirect(url_for(".batch", ballot_id=ballot_id, batch_id=made.id))
    return render_template(
        "ballots/batches.html", ballot=card, form=form, rows=office.paper_batches(db, ballot_id),
        steps=steps_of(card), by_hands=card.sheet.kind is BallotKind.HANDS,
    )  # fmt: skip


@bp.get("/<int:ballot_id>/paper/<int:batch_id>")
def batch(ballot_id: int, batch_id: int) -> ResponseReturnValue:
    """One batch: to read, to settle, or as it counts."""
    let_in(*MEETING)
    return _batch(ballot_id, batch_id, LinesForm())


def _batch(ballot_id: int, batch_id: int, form: LinesForm) -> ResponseReturnValue:
    card = card_of(ballot_id)
    sheet = office.batch_sheet(db, card.id, batch_id)
    if sheet is None:
        raise NotFound
    return render_template(
        "ballots/batch.html",
        ballot=card,
        sheet=sheet,
        form=form,
        scan=ScanForm(),
        steps=steps_of(card),
        has_read=sheet.read_by(current_actor.person_id),
        by_hands=card.sheet.kind is BallotKind.HANDS,
        written=lambda line: written(card.sheet, line),
        may_settle=BallotStep.SETTLE in steps_of(card),
        button=EmptyForm(),
    )


@bp.post("/<int:ballot_id>/paper/<int:batch_id>/read")
def read(ballot_id: int, batch_id: int) -> ResponseReturnValue:
    """Keep this person's reading of a batch."""
    let_in(*MEETING)
    form = LinesForm()
    if not form.accepted():
        return _batch(ballot_id, batch_id, form)
    try:
        agreed = services.enter_lines(db, current_actor, ballot_of(ballot_id), batch_id, form.lines.data or "")
    except NotFound:
        raise
    except Trouble as error:
        form.trouble(error, "lines")
        return _batch(ballot_id, batch_id, form)
    db.commit()
    flash(_("Both readings agree: the batch counts.") if agreed else _("Your reading is kept."), "success")
    return redirect(url_for(".batch", ballot_id=ballot_id, batch_id=batch_id))


@bp.post("/<int:ballot_id>/paper/<int:batch_id>/settle")
def settle(ballot_id: int, batch_id: int) -> ResponseReturnValue:
    """Settle what two people read differently, with the sheets in hand."""
    let_in(*KEEPERS)
    sent()
    decided = {
        int(key[5:]): int(value)
        for key, value in request.form.items()
        if key.startswith("line-") and key[5:].isdecimal() and value in ("1", "2")
    }
    services.settle(db, current_actor, ballot_of(ballot_id), batch_id, decided)
    db.commit()
    flash(_("The batch is settled and counts."), "success")
    return redirect(url_for(".batch", ballot_id=ballot_id, batch_id=batch_id))


@bp.post("/<int:ballot_id>/paper/<int:batch_id>/scan")
def scan(ballot_id: int, batch_id: int) -> ResponseReturnValue:
    """Keep a scanned sheet or the minutes of the place."""
    let_in(*MEETING)
    form, ballot = ScanForm(), ballot_of(ballot_id)
    services.find(db, ballot, batch_id)
    back = redirect(url_for(".batch", ballot_id=ballot_id, batch_id=batch_id))
    picked = form.file.data if form.accepted() else None
    if picked is None or not getattr(picked, "filename", ""):
        flash(_("Choose a file first."), "warning")
        return back
    settings = current_app.config["SETTINGS"]
    content = files.examine(picked.read(), largest=settings.upload_bytes)
    services.keep_evidence(
        db, current_actor, ballot, batch_id, folder=settings.instance / "files", name=picked.filename, content=content
    )
    db.commit()
    flash(_("The scan is kept with the batch."), "success")
    return back

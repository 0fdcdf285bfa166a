"""The roll and the printed codes, in the hands of who meets voters."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.http.context import current_actor, db
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.reference import grouped
from cdp.people.states import Role
from cdp.priorities.policy import MEETING
from cdp.priorities.queries import office
from cdp.priorities.services import codes as code_services
from cdp.priorities.services import roll as services
from cdp.priorities.states import VoteChannel
from cdp.web import here
from cdp.web.forms.ballots import CodesForm, NamesForm, ReasonForm
from cdp.web.forms.base import EmptyForm
from cdp.web.qr import picture
from cdp.web.views.ballots.room import KEEPERS, ballot_of, bp, card_of, let_in, sent, steps_of


@bp.route("/<int:ballot_id>/roll", methods=["GET", "POST"])
def roll(ballot_id: int) -> ResponseReturnValue:
    """Who may vote, and whether they did; the office adds lists and accounts."""
    let_in(*(MEETING if request.method == "GET" else KEEPERS))
    card = card_of(ballot_id)
    form = NamesForm().offer(here.places().values())
    if form.accepted():
        ballot = ballot_of(ballot_id)
        if form.names.data:
            names = form.names.data.splitlines()
            number = services.enrol_names(db, current_actor, ballot, names, locality_id=form.locality_id.data or None)
        else:
            number = services.enrol_accounts(db, current_actor, ballot)
        db.commit()
        flash(
            ngettext("%(num)s person was added to the roll.", "%(num)s persons were added to the roll.", number),
            "success",
        )
        return redirect(url_for(".roll", ballot_id=ballot_id))
    page = max(request.args.get("page", 1, int), 1)
    words = request.args.get("q", "").strip()
    return render_template(
        "ballots/roll.html", ballot=card, form=form, words=words, figures=office.roll_figures(db, ballot_id),
        page=office.roll(db, ballot_id, words=words, page=page), steps=steps_of(card), button=EmptyForm(),
    )  # fmt: skip


@bp.post("/<int:ballot_id>/roll/<int:entry_id>/<mark>")
def tick(ballot_id: int, entry_id: int, mark: str) -> ResponseReturnValue:
    """Note that a sheet or a printed code was handed out, or came back unused."""
    let_in(*MEETING)
    sent()
    ballot = ballot_of(ballot_id)
    if mark == "back":
        services.untick(db, current_actor, ballot, entry_id)
    elif mark in (VoteChannel.PAPER.value, VoteChannel.CODE.value):
        services.tick(db, current_actor, ballot, entry_id, VoteChannel(mark))
    else:
        raise NotFound
    db.commit()
    flash(_("It is noted on the roll."), "success")
    return redirect(url_for(".roll", ballot_id=ballot_id, q=request.args.get("q") or None))


@bp.route("/<int:ballot_id>/roll/<int:entry_id>/strike", methods=["GET", "POST"])
def strike(ballot_id: int, entry_id: int) -> ResponseReturnValue:
    """Take somebody off the roll, with the reason."""
    let_in(*KEEPERS)
    ballot, form = ballot_of(ballot_id), ReasonForm()
    name = office.entry_name(db, ballot_id, entry_id)
    if name is None:
        raise NotFound("priorities.not_on_roll")
    if form.accepted():
        services.strike(db, current_actor, ballot, entry_id, reason=form.reason.data or "")
        db.commit()
        flash(_("The name is struck off the roll."), "success")
        return redirect(url_for(".roll", ballot_id=ballot_id))
    return render_template("ballots/strike.html", ballot=card_of(ballot_id), form=form, name=name)


@bp.route("/<int:ballot_id>/codes", methods=["GET", "POST"])
def codes(ballot_id: int) -> ResponseReturnValue:
    """Batches of codes; a new one is shown once, as the answer to its form, to be printed."""
    let_in(*KEEPERS)
    card = card_of(ballot_id)
    form = CodesForm().offer(here.places().values())
    if form.accepted():
        try:
            return _printed(ballot_id, form)
        except Trouble as error:
            form.trouble(error)
    rows = office.code_batches(db, ballot_id)
    return render_template("ballots/codes.html", ballot=card, form=form, rows=rows, steps=steps_of(card))


def _printed(ballot_id: int, form: CodesForm) -> ResponseReturnValue:
    ballot, key, label = ballot_of(ballot_id), form.form_key.data or "", form.label_.data or ""
    size = form.size.data or 0
    if form.is_test.data:
        made = code_services.print_test_batch(db, current_actor, ballot, size, label=label, key=key)
    else:
        place = form.locality_id.data or None
        made = code_services.print_batch(db, current_actor, ballot, size, label=label, locality_id=place, key=key)
    db.commit()
    address = url_for(".by_code", ballot_id=ballot_id, _external=True)
    return render_template(
        "ballots/code_sheet.html", ballot=card_of(ballot_id), codes=[grouped(code) for code in made],
        address=address, picture=picture(address), label=label, is_test=bool(form.is_test.data),
    )  # fmt: skip


@bp.route("/<int:ballot_id>/codes/<int:batch_id>/void", methods=["GET", "POST"])
def void(ballot_id: int, batch_id: int) -> ResponseReturnValue:
    """Void what is left of a batch."""
    let_in(Role.OFFICER, Role.PRESIDENT)
    ballot, form = ballot_of(ballot_id), ReasonForm()
    row = next((row for row in office.code_batches(db, ballot_id) if row.id == batch_id), None)
    if row is None:
        raise NotFound
    if form.accepted():
        number = code_services.void_batch(db, current_actor, ballot, batch_id, reason=form.reason.data or "")
        db.commit()
        flash(ngettext("%(num)s code is void.", "%(num)s codes are void.", number), "success")
        return redirect(url_for(".codes", ballot_id=ballot_id))
    return render_template("ballots/void.html", ballot=card_of(ballot_id), form=form, row=row)

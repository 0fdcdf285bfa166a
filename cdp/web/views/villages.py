"""Paper promises of a village or club: counted on the spot, read by two people, one reference, slips to print."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries as funding
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import villages as queries
from cdp.funding.queries.rates import rates_on
from cdp.funding.rules.units import IN_KIND
from cdp.funding.services import villages as services
from cdp.funding.services.villages import Counted
from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Trouble
from cdp.kernel.money import Money, read_amount
from cdp.kernel.predicate import authorize
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.villages import CountedForm, PaidForm, SharesForm
from cdp.web.views.treasury import _scan as scan

bp = Blueprint("villages", __name__, url_prefix="/<lang>/<commune>/paper-promises")


@bp.route("/projects/<number>", methods=["GET", "POST"])
def board(number: str) -> ResponseReturnValue:
    """The batches of a project; a new one begins with what was counted on the spot."""
    current_actor.known()
    project = funding.find_project(db, here.commune().id, number)
    authorize(MONEY, MoneyStep.ENTER_PAPER, current_actor, project)
    speakers = queries.speakers(db, project.commune_id, today())
    form = CountedForm(until=today() + timedelta(days=180)).offer(
        ((f"{group}:{person}", f"{name.in_(language())[0]} · {said}") for group, name, person, said in speakers),
        rates_on(db, project.commune_id, today()),
    )
    if form.accepted():
        try:
            made = services.open_batch(db, current_actor, project, _counted(form), key=form.form_key.data or "")
        except Conflict:
            raise
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            return redirect(url_for(".batch", batch_id=made.id))
    found = funding.find_project(db, here.commune().id, number)
    return render_template("villages/board.html", form=form, project=found, batches=queries.batches(db, found.id))


def _counted(form: CountedForm) -> Counted:
    """What was counted, with the scan that was sent along; RuleBroken for what is no amount or no scan."""
    group, _sep, person = form.whose.data.partition(":")
    total = read_amount(form.total.data or "", form.unit.data)
    return Counted(
        int(group),
        int(person),
        form.sheets.data or 0,
        total.minor,
        form.until.data,
        unit=form.unit.data,
        file_id=scan(form),
        without_scan=form.without_scan.data or "",
    )


@bp.route("/<int:batch_id>", methods=["GET", "POST"])
def batch(batch_id: int) -> ResponseReturnValue:
    """One batch: to read, to settle, or as it counts."""
    current_actor.known()
    found = _batch(batch_id)
    form = SharesForm()
    if form.accepted():
        try:
            agreed = _kept(found, form.lines.data or "")
        except Trouble as error:
            db.rollback()
            form.trouble(error, "lines")
        else:
            db.commit()
            if not agreed:
                flash(_("Your reading is kept."), "success")
            return redirect(url_for(".batch", batch_id=batch_id))
    return _shown(batch_id, form)


def _shown(batch_id: int, form: SharesForm) -> ResponseReturnValue:
    found, read = _batch(batch_id), queries.readings(db, batch_id)
    return render_template(
        "villages/batch.html",
        batch=found,
        form=form,
        readings=len(read),
        has_read=len(read) == 1 and read[0].read_by_id == current_actor.person_id,
        differing=queries.differing(db, batch_id),
    )


def _kept(found: Any, lines: str) -> bool:
    """Keep a reading, or settle the batch once two people have read it differently."""
    if len(queries.readings(db, found.id)) < 2:
        return services.read(db, current_actor, found, lines)
    services.settle(db, current_actor, found, lines)
    return True


def _batch(batch_id: int) -> Any:
    found = queries.find_batch(db, here.commune().id, batch_id)
    authorize(MONEY, MoneyStep.ENTER_PAPER, current_actor, found.project)
    return found


@bp.get("/shares/<int:pledge_id>")
def shares(pledge_id: int) -> ResponseReturnValue:
    """The private list of a group's promise with a slip for each, to print: for its treasurer and the commune's."""
    pledge, found = _listed(pledge_id)
    gathers = pledge.person_id == current_actor.person_id
    return render_template(
        "villages/shares.html",
        shares=found,
        pledge_id=pledge_id,
        gathers=gathers,
        may_write=gathers and queries.list_is_open(db, pledge_id),
        day_now=today(),
    )


@bp.route("/shares/<int:pledge_id>/list", methods=["GET", "POST"])
def write(pledge_id: int) -> ResponseReturnValue:
    """Write the private list of a promise made in a group's name; only who made it."""
    person_id = current_actor.known()
    pledge = funding.find_pledge(db, here.commune().id, pledge_id)
    if pledge.group_id is None or pledge.person_id != person_id or pledge.unit in IN_KIND:
        raise NotFound
    total = Money(pledge.amount_minor, pledge.unit)
    held = (f"{name} ; {Money(minor, pledge.unit).plain()}" for name, minor in queries.lines_of(db, pledge_id))
    form = SharesForm(lines="\n".join(held))
    if form.accepted():
        try:
            services.list_members(db, current_actor, pledge, form.lines.data or "")
        except Trouble as error:
            db.rollback()
            form.trouble(error, "lines")
        else:
            db.commit()
            flash(_("The list is kept; you and the commune’s treasurer read it."), "success")
            return redirect(url_for(".shares", pledge_id=pledge_id))
    return render_template("villages/write.html", form=form, total=total)


@bp.post("/shares/<int:pledge_id>/<int:share_id>")
def mark(pledge_id: int, share_id: int) -> ResponseReturnValue:
    """Note that one of the list has given, or has not; only who gathers."""
    pledge, _found = _listed(pledge_id)
    form = PaidForm()
    if not form.accepted():
        abort(400)
    paid_on = None if "undo" in request.form else form.on.data
    services.mark_share(db, current_actor, pledge, share_id, paid_on=paid_on)
    db.commit()
    return redirect(url_for(".shares", pledge_id=pledge_id, _anchor=f"share-{share_id}"))


def _listed(pledge_id: int) -> tuple[Any, queries.ShareList]:
    """The list, for who gathers and the commune's treasurer; NotFound else."""
    person_id = current_actor.known()
    pledge, found = queries.share_list(db, here.commune().id, pledge_id, reader_id=person_id)
    if pledge.person_id != person_id and not current_actor.holds(pledge.commune_id, Role.TREASURER):
        raise NotFound
    return pledge, found

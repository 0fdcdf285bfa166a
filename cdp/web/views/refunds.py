"""Money given back to who gave it: asked for with a reason, paid on a paper, above a threshold by two persons."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.queries import receipts as reads
from cdp.funding.rules.references import grouped
from cdp.funding.services import refunds
from cdp.funding.services.refunds import Asked
from cdp.http.context import current_actor, db, language
from cdp.i18n import formats
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.money import Money, read_amount
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.receipts import RefundForm, RefundPaidForm

bp = Blueprint("refunds", __name__, url_prefix="/<lang>/<commune>/treasury/projects/<number>/refunds")


@bp.before_request
def only_the_office() -> None:
    """Who asks and who pays."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)


@bp.get("/")
def board(number: str) -> ResponseReturnValue:
    """What was asked back of a project and what was given back."""
    found = queries.find_project(db, here.commune().id, number)
    return render_template(
        "refunds/board.html",
        project=found,
        rows=reads.refunds(db, here.commune().id, found.id),
        references={
            each.id: grouped(each.reference) for each, _left in reads.refundable(db, found.commune_id, found.id)
        },
        may_pay=current_actor.holds(here.commune().id, Role.TREASURER),
    )


@bp.route("/new", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Ask that money of a promise is given back."""
    commune_id = here.commune().id
    found = queries.find_project(db, commune_id, number)
    places = reads.refundable(db, commune_id, found.id)
    form = RefundForm().offer([(str(each.id), _said(each.reference, left, each.unit)) for each, left in places])
    if form.accepted():
        try:
            pledge = queries.find_pledge(db, commune_id, int(form.place.data))
            asked = Asked(read_amount(form.amount.data, pledge.unit).minor, form.reason.data)
            refunds.ask(db, current_actor, pledge, asked, key=form.form_key.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = queries.find_project(db, commune_id, number)
        else:
            return done(number, _("It is asked for; the treasurer enters when it went out."))
    return render_template("refunds/form.html", form=form, project=found, title=_("Give money back"), row=None)


@bp.route("/<int:refund_id>/paid", methods=["GET", "POST"])
def pay(number: str, refund_id: int) -> ResponseReturnValue:
    """Enter that money went back."""
    current_actor.under_mandate(here.commune().id, Role.TREASURER)
    commune_id = here.commune().id
    found = queries.find_project(db, commune_id, number)
    row = reads.find_refund(db, commune_id, refund_id)
    if row.project_id != found.id:
        raise NotFound
    form = RefundPaidForm()
    if form.accepted():
        try:
            refunds.pay(db, current_actor, row, form.paper.data, form.on.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found, row = queries.find_project(db, commune_id, number), reads.find_refund(db, commune_id, refund_id)
        else:
            return done(number, _("The money went back; the giver is told."))
    return render_template("refunds/form.html", form=form, project=found, title=_("Enter that it went out"), row=row)


def _said(reference: str, left: int, unit: str) -> str:
    return f"{grouped(reference)} · {formats.money(Money(left, unit), language())}"


def done(number: str, sentence: str) -> ResponseReturnValue:
    """Commit, say so, and back to the board of these pages."""
    db.commit()
    flash(sentence, "success")
    return redirect(url_for(".board", number=number))

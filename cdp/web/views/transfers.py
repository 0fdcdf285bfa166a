"""Money that goes from one project to another: asked for with a reason, above a threshold entered by another person."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.queries import transfers as reads
from cdp.funding.services import transfers
from cdp.funding.services.transfers import Wish
from cdp.http.context import current_actor, db, language
from cdp.kernel.errors import NotFound, Trouble
from cdp.kernel.money import read_amount
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.transfers import CarryOutForm, TransferForm
from cdp.web.views.refunds import done, only_the_office
from cdp.web.views.treasury import _lines as lines

bp = Blueprint("transfers", __name__, url_prefix="/<lang>/<commune>/treasury/projects/<number>/transfers")


bp.before_request(only_the_office)


@bp.get("/")
def board(number: str) -> ResponseReturnValue:
    """What came from other projects and what went to them."""
    found = queries.find_project(db, here.commune().id, number)
    return render_template(
        "transfers/board.html",
        project=found,
        rows=reads.transfers(db, found.commune_id, found.id),
        may_carry_out=current_actor.holds(found.commune_id, Role.TREASURER),
    )


@bp.route("/new", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Ask that held money serves another project."""
    commune_id = here.commune().id
    found = queries.find_project(db, commune_id, number)
    projects = reads.goals(db, commune_id, found.id)
    form = TransferForm().offer(
        lines(found), [(each, f"{each} · {title.in_(language())[0]}") for _id, each, title in projects]
    )
    if form.accepted():
        try:
            line = queries.find_line(db, commune_id, int(form.place.data.partition(":")[2]))
            goal = queries.find_project(db, commune_id, form.project.data)
            wish = Wish(goal, read_amount(form.amount.data, "MAD").minor, form.reason.data, form.decision.data)
            transfers.ask(db, current_actor, line, wish, key=form.form_key.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = queries.find_project(db, commune_id, number)
        else:
            return done(number, _("It is asked for; the treasurer carries it out."))
    return render_template(
        "transfers/form.html", form=form, project=found, title=_("Move money to another project"), row=None
    )


@bp.route("/<int:transfer_id>/done", methods=["GET", "POST"])
def carry_out(number: str, transfer_id: int) -> ResponseReturnValue:
    """Enter that the money serves the other project now."""
    current_actor.under_mandate(here.commune().id, Role.TREASURER)
    commune_id = here.commune().id
    found = queries.find_project(db, commune_id, number)
    if reads.find_transfer(db, commune_id, transfer_id).project_id != found.id:
        raise NotFound
    form = CarryOutForm()
    if form.accepted():
        try:
            transfers.carry_out(db, current_actor, reads.find_transfer(db, commune_id, transfer_id), form.on.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
            found = queries.find_project(db, commune_id, number)
        else:
            return done(number, _("The money serves the other project; both books show it."))
    row = next(each for each in reads.transfers(db, commune_id, found.id) if each.id == transfer_id)
    return render_template("transfers/form.html", form=form, project=found, title=_("Carry it out"), row=row)

"""Hours, skills, labour and goods: a day is agreed, somebody says it was given, somebody else has seen it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import giving
from cdp.funding.rules.units import HOURS
from cdp.funding.services import giving as services
from cdp.funding.services.giving import Agreed
from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Trouble
from cdp.kernel.predicate import authorize
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.pledges import AgreeForm, SeenForm

bp = Blueprint("giving", __name__, url_prefix="/<lang>/<commune>/giving")


@bp.route("/promises/<int:pledge_id>", methods=["GET", "POST"])
def agree(pledge_id: int) -> ResponseReturnValue:
    """Agree on a day for what was promised in kind."""
    pledge = _pledge(pledge_id)
    form = AgreeForm(day=today())
    form.count.label.text = _("How many hours?") if pledge.unit == HOURS else _("How many pieces?")
    if form.accepted():
        agreed = Agreed(
            form.day.data, (form.count.data or 0) * (60 if pledge.unit == HOURS else 1), form.place.data or ""
        )
        try:
            services.agree(db, current_actor, pledge, agreed, key=form.form_key.data or "")
        except Conflict:
            raise
        except Trouble as error:
            db.rollback()
            form.trouble(error, "day" if error.message.key == "funding.day_of_giving" else "count")
        else:
            db.commit()
            flash(_("The day is agreed."), "success")
            return redirect(_back(pledge_id))
    return _form(form, _pledge(pledge_id), _("Choose a day to give it"))


@bp.post("/<int:appointment_id>/given")
def given(appointment_id: int) -> ResponseReturnValue:
    """Say that it was given; a second person verifies it."""
    if not EmptyForm().accepted():
        abort(400)
    appointment = giving.find(db, here.commune().id, appointment_id)
    services.say_given(db, current_actor, appointment)
    db.commit()
    flash(_("Thank you. A second person of the commune verifies it."), "success")
    return redirect(_back(appointment.pledge_id))


@bp.post("/<int:appointment_id>/missed")
def missed(appointment_id: int) -> ResponseReturnValue:
    """Nothing came of the day; what was promised is open again."""
    if not EmptyForm().accepted():
        abort(400)
    appointment = giving.find(db, here.commune().id, appointment_id)
    services.miss(db, current_actor, appointment)
    db.commit()
    flash(_("The day is struck; what was promised stays open."), "success")
    return redirect(_back(appointment.pledge_id))


@bp.route("/<int:appointment_id>/verify", methods=["GET", "POST"])
def verify(appointment_id: int) -> ResponseReturnValue:
    """Verify with one's own eyes what somebody else said was given."""
    current_actor.known()
    appointment = giving.find(db, here.commune().id, appointment_id)
    pledge = queries.find_pledge(db, here.commune().id, appointment.pledge_id)
    authorize(MONEY, MoneyStep.VERIFY, current_actor, pledge.project)
    form = SeenForm()
    if form.accepted():
        try:
            services.verify(db, current_actor, appointment, form.evidence.data or "")
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("It is verified and in the books."), "success")
            return redirect(_back(appointment.pledge_id))
    appointment = giving.find(db, here.commune().id, appointment_id)
    return _form(form, _pledge(pledge.id), _("Verify what was given"), given=appointment)


def _pledge(pledge_id: int) -> Any:
    """A promise of this person, or any of the commune for its office; NotFound else."""
    person_id = current_actor.known()
    pledge = queries.find_pledge(db, here.commune().id, pledge_id)
    if pledge.person_id != person_id and not _is_office():
        raise NotFound
    return pledge


def _is_office() -> bool:
    return current_actor.holds(here.commune().id, Role.TREASURER, Role.OFFICER)


def _back(pledge_id: int) -> str:
    pledge = queries.find_pledge(db, here.commune().id, pledge_id)
    if pledge.person_id == current_actor.person_id:
        return url_for("pledges.mine")
    return url_for("treasury.project", number=pledge.project.number)


def _form(form: Any, pledge: Any, title: str, *, given: Any = None) -> ResponseReturnValue:
    return render_template(
        "giving/form.html",
        form=form,
        title=title,
        number=pledge.project.number,
        about=pledge.note,
        unit=pledge.unit,
        promised=pledge.amount_minor,
        given=given,
        back=_back(pledge.id),
    )

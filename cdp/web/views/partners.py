"""One agreement with a partner: visa, instalments, amendments, default; entered by the treasurer."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding.queries import partners as reads
from cdp.funding.services import partners
from cdp.funding.services.partners import Amendment
from cdp.funding.states import PartnerAct
from cdp.http.context import current_actor, db
from cdp.kernel.errors import RuleBroken, Trouble
from cdp.kernel.money import Money, read_amount
from cdp.people.states import Role
from cdp.web import here
from cdp.web.forms.partners import AmendForm, ScheduleForm, StepOfPartnerForm

bp = Blueprint("partners", __name__, url_prefix="/<lang>/<commune>/treasury/agreements/<int:agreement_id>")


@bp.before_request
def only_the_treasurer() -> None:
    """Who keeps the agreements."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER)


@bp.get("/")
def show(agreement_id: int) -> ResponseReturnValue:
    """The agreement as it stands and what became of it."""
    agreement, line, number = reads.find(db, here.commune().id, agreement_id)
    return render_template(
        "partners/show.html",
        agreement=agreement,
        line=line,
        number=number,
        steps=reads.steps(db, agreement.id),
        versions=reads.versions(db, agreement.id),
        instalments=reads.instalments(db, agreement.id),
    )


@bp.route("/step", methods=["GET", "POST"])
def step(agreement_id: int) -> ResponseReturnValue:
    """Enter a visa, a default or its end."""
    form = StepOfPartnerForm()

    def act(agreement: Any) -> None:
        what = PartnerAct(form.act.data)
        partners.say(db, current_actor, agreement, what, day=form.day.data, words=form.words.data)

    return _entered(agreement_id, form, act, title=_("Enter a visa or a default"))


@bp.route("/amend", methods=["GET", "POST"])
def amend(agreement_id: int) -> ResponseReturnValue:
    """Enter an amendment."""
    form = AmendForm()

    def act(agreement: Any) -> None:
        amount = (form.amount.data or Money(0)).minor
        given = Amendment(amount, form.reference.data, form.signed_on.data, form.reason.data)
        partners.amend(db, current_actor, agreement, given, key=form.form_key.data)

    return _entered(agreement_id, form, act, title=_("Enter an amendment"))


@bp.route("/schedule", methods=["GET", "POST"])
def schedule(agreement_id: int) -> ResponseReturnValue:
    """Enter the instalments."""
    form = ScheduleForm()
    return _entered(
        agreement_id,
        form,
        lambda agreement: partners.schedule(db, current_actor, agreement, _dues(form.lines.data)),
        title=_("Enter the instalments"),
    )


def _dues(text: str) -> list[tuple[date, int]]:
    """Day and centimes of each line; RuleBroken for a line that is neither."""
    found = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        day, _blank, amount = line.partition(" ")
        try:
            found.append((date.fromisoformat(day), read_amount(amount).minor))
        except ValueError as error:
            raise RuleBroken("funding.instalment_unreadable", text=line[:40]) from error
    return found


def _entered(agreement_id: int, form: Any, act: Callable[[Any], None], *, title: str) -> ResponseReturnValue:
    """The form, or what it says entered; nothing is kept of what a rule refused."""
    if form.accepted():
        try:
            act(reads.find(db, here.commune().id, agreement_id)[0])
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("It is entered; everybody reads it on the project's page."), "success")
            return redirect(url_for(".show", agreement_id=agreement_id))
    agreement, line, number = reads.find(db, here.commune().id, agreement_id)
    return render_template("partners/form.html", form=form, agreement=agreement, line=line, number=number, title=title)

"""Promises to a project: made in three steps, read again, withdrawn freely. Nothing is ever taken here."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.communes import queries as communes
from cdp.funding import queries
from cdp.funding.policy import MONEY, MoneyStep, names_for
from cdp.funding.queries import banking, spending
from cdp.funding.queries.rates import rates_on
from cdp.funding.rules.units import IN_KIND
from cdp.funding.services import promises, room
from cdp.funding.states import ConditionKind, PledgeStatus
from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, Trouble
from cdp.kernel.money import in_dirhams
from cdp.kernel.predicate import authorize
from cdp.people.queries import own
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.pledges import STEPS, PledgeForm
from cdp.web.views.projects import amount

bp = Blueprint("pledges", __name__, url_prefix="/<lang>")

TONES = {
    PledgeStatus.PROMISED: "now",
    PledgeStatus.PART_RECEIVED: "now",
    PledgeStatus.FULFILLED: "done",
    PledgeStatus.EXPIRED: "warning",
    PledgeStatus.WITHDRAWN: "neutral",
}


@bp.route("/<commune>/projects/<number>/promise", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Promise money or hours to one project: what, on which condition, read again and confirm."""
    current_actor.known()
    project = queries.find_project(db, here.commune().id, number)
    until = current_actor.memberships.get(project.proposal_id)
    names = _names(project)
    if not names:
        raise Refused("teams.not_a_member")
    authorize(MONEY, MoneyStep.PLEDGE, current_actor, project)
    rates = rates_on(db, project.commune_id, today())
    person = here.person()
    form = PledgeForm(until=until or today() + timedelta(days=180), shown_as=person.shown_as.value)
    form.offer(names, rates, name=person.name)
    if request.method == "GET":
        form.group_id.data = names[0][0]
    step = 1
    if request.method == "POST":
        step, made = _take(form, project)
        if made:
            flash(_("Your promise is written down."), "success")
            return redirect(url_for(".receipt", number=number, ids="-".join(str(each.id) for each in made)))
    return render_template(
        "pledges/new.html",
        form=form,
        step=step,
        shown=[form[name] for name in STEPS[step - 1]],
        project=project,
        rule=room.rule_of(db, project.id),
        until=until,
        rates={code: rate for code, rate in rates.items() if code != "MAD"},
        beside=form.money and form.money.currency != "MAD" and in_dirhams(form.money, rates[form.money.currency]),
        name=dict(names).get(form.group_id.data, ""),
        chosen=ConditionKind(form.condition.data) if form.condition.data in set(ConditionKind) else ConditionKind.NONE,
    )


def _names(project: Any) -> list[tuple[int, str]]:
    """In whose name this person may promise: their own as a member, their groups'."""
    mine = [(0, str(_("Myself")))] if project.proposal_id in current_actor.memberships else []
    taken = names_for(current_actor, project)
    groups = own.groups(db, current_actor.known(), day=today()) if taken else []
    return mine + [(g.id, g.name.in_(language())[0]) for g in groups if g.id in taken]


def _take(form: PledgeForm, project: Any) -> tuple[int, list[Any]]:
    """The next step of the form, and the promises when the last step was sent and all holds."""
    sent = int(form.step.data) if form.step.data in {"1", "2", "3"} else 1
    if not form.holds():
        return form.failed_step() if form.errors else 1, []
    if "back" in request.form:
        return max(1, sent - 1), []
    if sent < len(STEPS):
        return sent + 1, []
    try:
        made = [
            promises.pledge(db, current_actor, project, promise, key=f"{form.form_key.data}:{promise.unit}")
            for promise in form.promises()
        ]
        db.commit()
    except Conflict:
        raise
    except Trouble as error:
        db.rollback()
        form.trouble(error)
        return 1, []
    return sent, made


@bp.get("/<commune>/projects/<number>/promise/<ids>")
def receipt(number: str, ids: str) -> ResponseReturnValue:
    """The references of what was just promised, to print; only for who promised."""
    wanted = set(ids.split("-"))
    cards = [
        card
        for card in queries.pledges_of(db, today(), person_id=current_actor.known())
        if str(card.id) in wanted and card.project_number == number and card.commune_id == here.commune().id
    ]
    if not cards:
        raise NotFound
    return render_template("pledges/receipt.html", cards=cards, amount=amount, number=number)


@bp.get("/me/promises")
def mine() -> ResponseReturnValue:
    """What I promised, and what became of it."""
    cards = queries.pledges_of(db, today(), person_id=current_actor.known())
    slugs = {commune.id: commune.slug for commune in communes.opened(db)}
    built: dict[int, list[spending.Built]] = {}
    for card in cards:
        if card.kept_minor > 0 and card.unit not in IN_KIND:
            pledge = queries.find_pledge(db, card.commune_id, card.id)
            built |= spending.built_by(db, card.commune_id, pledge.project_id, [card.id])
    called = banking.called(db, [card.id for card in cards])
    return render_template(
        "pledges/mine.html", built=built, called=called, cards=cards, slugs=slugs, amount=amount, tones=TONES
    )


@bp.post("/me/promises/<int:pledge_id>/withdraw")
def withdraw(pledge_id: int) -> ResponseReturnValue:
    """Take back what is still only promised; no reason is asked."""
    if not EmptyForm().accepted():
        abort(400)
    own_ones = queries.pledges_of(db, today(), person_id=current_actor.known())
    card = next((each for each in own_ones if each.id == pledge_id), None)
    if card is None:
        raise NotFound
    promises.withdraw(db, current_actor, queries.find_pledge(db, card.commune_id, pledge_id))
    db.commit()
    flash(_("Your promise is withdrawn. Thank you for having thought of it."), "success")
    return redirect(url_for(".mine"))

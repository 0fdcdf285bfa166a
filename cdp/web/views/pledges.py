"""Promises to a project: made in three steps, read again, withdrawn freely. Nothing is ever taken here."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cdp.communes import queries as communes
from cdp.funding import queries
from cdp.funding.policy import MONEY, MoneyStep, names_for
from cdp.funding.queries import banking, cards, giving, spending
from cdp.funding.queries.rates import rates_on
from cdp.funding.rules.units import HOURS, IN_KIND
from cdp.funding.services import changing, ledger, promises, room
from cdp.funding.states import OverFunding, PledgeStatus
from cdp.http.context import actor, current_actor, db, language, session
from cdp.i18n.say import say
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken, Trouble
from cdp.kernel.money import Money, in_dirhams, read_amount
from cdp.kernel.predicate import authorize
from cdp.kernel.words import Words
from cdp.people.queries import own, said_name_of
from cdp.people.queries.groups import standing_names
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.pledges import STEPS, ChangeForm, PlainPledgeForm, PledgeForm

bp = Blueprint("pledges", __name__, url_prefix="/<lang>")

S = PledgeStatus
TONES = dict.fromkeys(S, "neutral") | {
    S.PROMISED: "now",
    S.WAITING: "next",
    S.CALLED: "now",
    S.PART_RECEIVED: "now",
    S.OVERDUE: "warning",
    S.FULFILLED: "done",
    S.OVER_FUNDED: "done",
    S.EXPIRED: "warning",
}


@bp.route("/<commune>/projects/<number>/promise", methods=["GET", "POST"])
def new(number: str) -> ResponseReturnValue:
    """Promise money or hours to one project: what, on which condition, read again and confirm."""
    who = actor()
    who.known()
    is_confirmed = request.method == "POST" and PlainPledgeForm.suits(request.form)
    project = (ledger.begin_at if is_confirmed else queries.find_project)(session(), here.commune().id, number)
    until = who.memberships.get(project.proposal_id)
    names = _names(project)
    if not names:
        raise Refused("teams.not_a_member")
    authorize(MONEY, MoneyStep.PLEDGE, who, project)
    given = {"until": until or today() + timedelta(days=180), "shown_as": here.person().shown_as.value}
    form = (PlainPledgeForm if is_confirmed else PledgeForm)(**given)
    step = 1
    if request.method == "GET":
        form.group_id.data = names[0][0]
    else:
        _offer_what_was_chosen(form, names, project)
        step, made = _take(form, project)
        if made:
            return redirect(url_for(".receipt", number=number, ids="-".join(str(each.id) for each in made)))
        if form.errors:  # what was refused was taken back, and everything read before it
            project = queries.find_project(session(), here.commune().id, number)
            form = _with_every_field(form, PledgeForm(**given), names, project)
    rates = rates_on(session(), project.commune_id, today())
    form.offer(names, rates, name=said_name_of(here.person()))
    _name_others(form)
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
        beyond=_beyond(form, project) if step == len(STEPS) else None,
        whose=dict(names).get(form.group_id.data, ""),
        said=_said(form),
        schedule=form.schedule() if step == len(STEPS) else (),
    )


def _offer_what_was_chosen(form: PledgeForm, names: list[tuple[int, str]], project: Any) -> None:
    """Give the form what its answers are judged by: dirhams need no rates, most conditions no names."""
    rates = {} if form.currency.data == "MAD" else rates_on(session(), project.commune_id, today())
    form.offer(names, rates or ("MAD",), name=said_name_of(here.person()))
    if form.names_others():
        _name_others(form)


def _with_every_field(plain: PledgeForm, form: PledgeForm, names: list[tuple[int, str]], project: Any) -> PledgeForm:
    """The whole form with what stood against the promise, to be put right."""
    if not isinstance(plain, PlainPledgeForm):
        return plain
    _offer_what_was_chosen(form, names, project)
    form.holds()
    form.form_errors = plain.form_errors
    return form


def _name_others(form: PledgeForm) -> None:
    """Give the form the places and groups of this commune; read where it is shown or one of them was chosen."""
    villages = {place.id: place.name.in_(language())[0] for place in here.places().values()}
    form.name_others(villages, standing_names(session(), here.commune().id, language()))


def _said(form: PledgeForm) -> SimpleNamespace:
    """The condition that was chosen, as it will be read."""
    term = form.term()
    clubs, villages = ({each.value: each.label for each in field.choices} for field in (form.club, form.village))
    return SimpleNamespace(
        kind=term.kind,
        at_least=term.at_least,
        give=term.give,
        each=term.each,
        group=Words({language(): clubs.get(term.group_id or 0, "")}),
        place=Words({language(): villages.get(term.locality_id or 0, "")}),
    )


def _names(project: Any) -> list[tuple[int, str]]:
    """In whose name this person may promise: their own as a member, their groups'."""
    who = actor()
    mine = [(0, _l("Myself"))] if project.proposal_id in who.memberships else []
    taken = names_for(who, project)
    groups = own.groups(db, who.known(), day=today()) if taken else []
    return mine + [(g.id, g.name.in_(language())[0]) for g in groups if g.id in taken]


def _take(form: PledgeForm, project: Any) -> tuple[int, list[Any]]:
    """The next step of the form, and the promises when the last step was sent and all holds."""
    sent = int(form.step.data) if form.step.data in {"1", "2", "3"} else 1
    if not form.holds():
        return form.failed_step() if form.errors else 1, []
    if "back" in request.form:
        return max(1, sent - 1), []
    if sent < len(STEPS):
        return (1 if sent == 1 and _is_too_much(form, project) else sent + 1), []
    try:
        made = [
            promises.pledge(session(), actor(), project, promise, key=f"{form.form_key.data}:{promise.unit}")
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


def _beyond(form: PledgeForm, project: Any) -> Money | None:
    """By how many dirhams the promise goes beyond what the project still seeks; None where it does not."""
    if form.money is None:
        return None
    dirhams = form.money
    if dirhams.currency != "MAD":
        dirhams = in_dirhams(dirhams, rates_on(session(), project.commune_id, today())[dirhams.currency])
    over = dirhams - queries.money_sheet(session(), project, today()).sought
    return over if over.minor > 0 else None


def _is_too_much(form: PledgeForm, project: Any) -> bool:
    """Whether the project stops at its target and the promise goes beyond it; its giver is told at once."""
    rule = room.rule_of(session(), project.id)
    if rule is None or rule.over_funding is not OverFunding.STOP or _beyond(form, project) is None:
        return False
    left = queries.money_sheet(session(), project, today()).sought
    form.trouble(RuleBroken("funding.target_reached", left=left), "amount")
    return True


@bp.get("/<commune>/projects/<number>/promise/<ids>")
def receipt(number: str, ids: str) -> ResponseReturnValue:
    """The references of what was just promised, to print; only for who promised."""
    wanted = set(ids.split("-"))
    mine_here = [
        card
        for card in cards.promises_of(db, today(), current_actor.known())
        if str(card.id) in wanted and card.project_number == number and card.commune_id == here.commune().id
    ]
    if not mine_here:
        raise NotFound
    return render_template("pledges/receipt.html", cards=mine_here, number=number, tones=TONES, day=today())


@bp.get("/me/promises")
def mine() -> ResponseReturnValue:
    """What I promised, and what became of it."""
    own_ones = cards.promises_of(db, today(), current_actor.known())
    slugs = {commune.id: commune.slug for commune in communes.opened(db)}
    built: dict[int, list[spending.Built]] = {}
    for card in own_ones:
        if card.kept_minor > 0 and card.unit not in IN_KIND:
            built |= spending.built_by(db, card.commune_id, card.project_id, [card.id])
    called = banking.called(db, [card.id for card in own_ones])
    return render_template(
        "pledges/mine.html",
        built=built,
        called=called,
        cards=own_ones,
        slugs=slugs,
        tones=TONES,
        day=today(),
        appointments=giving.of_promises(db, [card.id for card in own_ones if card.unit in IN_KIND]),
    )


@bp.route("/me/promises/<int:pledge_id>/change", methods=["GET", "POST"])
def change(pledge_id: int) -> ResponseReturnValue:
    """Promise another amount or until another day, as long as it is not called; no reason is asked."""
    card = _own(pledge_id)
    form = ChangeForm(amount=_typed(card), until=card.until)
    if form.accepted():
        try:
            pledge = queries.find_pledge(db, card.commune_id, pledge_id)
            changing.change_promise(db, current_actor, pledge, _minor(card, form.amount.data), until=form.until.data)
        except Trouble as error:
            db.rollback()
            form.trouble(error, "amount")
        else:
            db.commit()
            flash(_("Your promise is changed."), "success")
            return redirect(url_for(".mine"))
    return render_template("pledges/change.html", form=form, card=card)


def _own(pledge_id: int) -> cards.PledgeCard:
    """A promise of this person; NotFound else."""
    found = cards.promises_of(db, today(), current_actor.known())
    card = next((each for each in found if each.id == pledge_id), None)
    if card is None:
        raise NotFound
    return card


def _typed(card: cards.PledgeCard) -> str:
    """The amount as people type it: money, whole hours, pieces."""
    if card.unit == HOURS:
        return str(card.amount_minor // 60)
    return str(card.amount_minor) if card.unit in IN_KIND else Money(card.amount_minor, card.unit).plain()


def _minor(card: cards.PledgeCard, text: str) -> int:
    """What was typed, in minor units; RuleBroken for what is no amount."""
    if card.unit not in IN_KIND:
        return read_amount(text, card.unit).minor
    if not text.strip().isdecimal():
        raise RuleBroken("money.not_an_amount", text=text[:40])
    return int(text) * (60 if card.unit == HOURS else 1)


@bp.post("/me/promises/<int:pledge_id>/stands")
def stands(pledge_id: int) -> ResponseReturnValue:
    """Say, after a membership ended, that an open promise still stands."""
    if not EmptyForm().accepted():
        abort(400)
    card = _own(pledge_id)
    changing.still_mean(db, current_actor, queries.find_pledge(db, card.commune_id, pledge_id))
    db.commit()
    flash(_("Thank you: your promise stands."), "success")
    return redirect(url_for(".mine"))


@bp.post("/me/promises/<int:pledge_id>/withdraw")
def withdraw(pledge_id: int) -> ResponseReturnValue:
    """Take back what is still only promised; no reason is asked."""
    if not EmptyForm().accepted():
        abort(400)
    card = _own(pledge_id)
    try:
        promises.withdraw(db, current_actor, queries.find_pledge(db, card.commune_id, pledge_id))
    except RuleBroken as error:
        db.rollback()
        flash(say(error.message), "warning")
        return redirect(url_for(".mine"))
    db.commit()
    flash(_("Your promise is withdrawn. Thank you for having thought of it."), "success")
    return redirect(url_for(".mine"))

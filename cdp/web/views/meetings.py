"""Meetings and the diagnosis: what anyone reads, what the office and the facilitators call, write up and correct."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, Trouble
from cdp.meetings import queries, services
from cdp.meetings.census import census
from cdp.meetings.policy import holds_meetings
from cdp.meetings.queries import MeetingRow
from cdp.meetings.rules import heard
from cdp.meetings.states import Indicator, MeetingStep, SayingKind
from cdp.papers.policy import keeps_the_path
from cdp.rounds.queries import RoundCard
from cdp.web import here
from cdp.web.forms.base import EmptyForm
from cdp.web.forms.meetings import NAMES, CallForm, FigureForm, account_form, called

bp = Blueprint("meetings", __name__, url_prefix="/<lang>/<commune>/<int:year>/meetings")

SWOT = (SayingKind.STRENGTH, SayingKind.WEAKNESS, SayingKind.OPPORTUNITY, SayingKind.THREAT)


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The meetings of a round, who was heard, the figures with their sources, strengths and weaknesses, needs."""
    card = here.round_of(year)
    rows = queries.meetings(db, card.id)
    said = [saying for row in rows for saying in row.sayings]
    entered = queries.entered_figures(db, card.id)
    counted = {figure.indicator: figure for figure in census(here.commune().code)}
    return render_template(
        "meetings/show.html",
        card=card,
        rows=rows,
        heard=heard((row.present, row.counts) for row in rows),
        names=NAMES,
        figures=[(each, entered.get(each), counted.get(each)) for each in Indicator if each in entered | counted],
        swot=[(kind, [each for each in said if each.kind is kind]) for kind in SWOT],
        others=[
            (kind, [each for each in said if each.kind is kind]) for kind in (SayingKind.VISION, SayingKind.OPINION)
        ],
        needs=sorted(
            (each for each in said if each.kind is SayingKind.NEED),
            key=lambda each: each.place.in_(language())[0] if each.place else "",
        ),
        may_enter=holds_meetings(current_actor, card),
        may_print=keeps_the_path(current_actor, card),
        today=today(),
    )


def _kept(year: int, step: MeetingStep) -> RoundCard:
    card = here.round_of(year)
    current_actor.known()
    if not holds_meetings(current_actor, card):
        raise Refused("errors.not_allowed", step=step)
    return card


def _places() -> list[tuple[int, str, str]]:
    return [(place.id, place.code, place.name.in_(language())[0]) for place in here.places().values()]


@bp.route("/new", methods=["GET", "POST"])
def new(year: int) -> ResponseReturnValue:
    """Call a meeting."""
    card = _kept(year, MeetingStep.CALL)
    form = CallForm(places=_places())
    if form.accepted():
        try:
            made = services.call(db, current_actor, card, form.call(), key=form.form_key.data or "")
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The meeting is called."), "success")
            return redirect(url_for(".show", year=year, _anchor=f"m-{made.id}"))
    return render_template("meetings/new.html", card=card, form=form, meeting=None)


@bp.route("/<int:meeting_id>/call", methods=["GET", "POST"])
def change(year: int, meeting_id: int) -> ResponseReturnValue:
    """Change the title, the day, the place or the agenda of a meeting."""
    card = _kept(year, MeetingStep.CHANGE)
    found = queries.find(db, card.id, meeting_id)
    form = CallForm(places=_places(), data=called(found))
    if form.accepted():
        try:
            services.change(db, current_actor, card, found, form.call())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The meeting is changed."), "success")
            return redirect(url_for(".show", year=year, _anchor=f"m-{meeting_id}"))
    return render_template("meetings/new.html", card=card, form=form, meeting=_row(card, meeting_id))


def _row(card: RoundCard, meeting_id: int) -> MeetingRow:
    found = next((row for row in queries.meetings(db, card.id) if row.id == meeting_id), None)
    if found is None:
        raise NotFound("meetings.unknown")
    return found


@bp.route("/<int:meeting_id>", methods=["GET", "POST"])
def account(year: int, meeting_id: int) -> ResponseReturnValue:
    """Write a meeting up, or correct what was written."""
    card = _kept(year, MeetingStep.WRITE_UP)
    row = _row(card, meeting_id)
    form = account_form(_places(), [(each.key, each.name) for each in card.charter.sectors], row)
    if form.accepted():
        act = services.write_up if row.present is None else services.correct
        try:
            act(db, current_actor, card, queries.find(db, card.id, meeting_id), form.account())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The meeting is written up."), "success")
            return redirect(url_for(".show", year=year, _anchor=f"m-{meeting_id}"))
    return render_template("meetings/account.html", card=card, row=row, form=form)


@bp.post("/<int:meeting_id>/call-off")
def call_off(year: int, meeting_id: int) -> ResponseReturnValue:
    """Take back a meeting that was not written up."""
    card = _kept(year, MeetingStep.CALL_OFF)
    found = queries.find(db, card.id, meeting_id)
    if EmptyForm().accepted():
        services.call_off(db, current_actor, card, found)
        db.commit()
        flash(_("The meeting is called off."), "success")
    return redirect(url_for(".show", year=year))


@bp.route("/figures", methods=["GET", "POST"])
def figures(year: int) -> ResponseReturnValue:
    """Enter a figure of the diagnosis; the newest of an indicator holds."""
    card = _kept(year, MeetingStep.ENTER_INDICATOR)
    form = FigureForm()
    if form.accepted():
        try:
            services.enter_figure(db, current_actor, card, form.figure())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The figure is kept with its source and year."), "success")
            return redirect(url_for(".figures", year=year))
    known = queries.entered_figures(db, card.id).values()
    return render_template("meetings/figures.html", card=card, form=form, known=list(known))


@bp.post("/figures/<indicator>/take-back")
def take_back(year: int, indicator: str) -> ResponseReturnValue:
    """Take back the newest figure of an indicator."""
    card = _kept(year, MeetingStep.TAKE_BACK)
    if indicator not in set(Indicator):
        raise NotFound
    if EmptyForm().accepted():
        services.take_back_figure(db, current_actor, card, Indicator(indicator))
        db.commit()
        flash(_("The figure is taken back."), "success")
    return redirect(url_for(".figures", year=year))

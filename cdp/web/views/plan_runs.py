"""The search for the best programme: asked for here, carried out by the worker, taken or left by people."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.i18n.say import say
from cdp.kernel.errors import Refused, Trouble
from cdp.programme import queries, services
from cdp.programme.rules.proposing import clash
from cdp.programme.rules.whatif import compared
from cdp.programme.states import PlanStep
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.web import here
from cdp.web.forms.plan_fit import RunForm
from cdp.web.views import plan_figures, plan_parts

bp = Blueprint("plan_runs", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/best")

AGAIN = 3
"""Seconds after which the page of a search under way is asked for again."""


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The newest search: how far it is, or what it proposes against the draft."""
    card = here.round_of(year)
    plan_parts.office_only(card, PlanStep.DRAFT)
    return _page(card, RunForm(has_draft=_draft(card) is not None))


def _draft(card: RoundCard) -> Any:
    return queries.draft_version(db, card.id)


def _next(card: RoundCard) -> frozenset[PlanStep]:
    """What may come next: while a version is before the council, no other one is drafted."""
    newest = next(iter(queries.versions(db, card.id)), None)
    return plan_figures.next_steps(newest.state if newest else None, newest)


def _page(card: RoundCard, form: RunForm) -> ResponseReturnValue:
    run, draft = queries.last_run(db, card.id), _draft(card)
    starts = queries.starts_of(db, draft.id) if draft is not None else {}
    found: dict[str, int] = run.result.get("starts", {}) if run else {}
    names = plan_parts.Names(card, {*starts, *found})
    answer = make_response(
        render_template(
            "plan_runs/show.html",
            card=card,
            form=form,
            run=run,
            gap=plan_parts.percent(run.gap) if run else None,
            difference=compared(starts, found),
            found=found,
            clash=clash(run.result) if run else (),
            names=names,
            may_draft=PlanStep.DRAFT in _next(card) and plan_parts.may(card, PlanStep.DRAFT),
        )
    )
    if run and run.is_under_way:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@bp.post("/ask")
def ask(year: int) -> ResponseReturnValue:
    """Ask for a search."""
    card = here.round_of(year)
    plan_parts.office_only(card, PlanStep.DRAFT)
    form = RunForm(has_draft=_draft(card) is not None)
    if not form.accepted():
        return _page(card, form)
    asking = services.ask_best if form.kind.data == "best" else services.ask_least_change
    round_ = rounds.find(db, card.commune_id, year)
    key = form.form_key.data or ""
    return _act(
        year,
        lambda: asking(db, current_actor, round_, seconds=int(form.seconds.data), key=key),
        _("The search is asked for; the worker begins within a minute."),
    )


@bp.post("/<int:run>/cancel")
def cancel(year: int, run: int) -> ResponseReturnValue:
    """Stop a search."""
    found = queries.find_run(db, here.round_of(year).id, run)
    done = _("The search is stopped.") if found.ended_at is None else _("The search had ended already.")
    return _act(year, lambda: services.cancel(db, current_actor, found), done)


@bp.post("/<int:run>/take")
def take(year: int, run: int) -> ResponseReturnValue:
    """Take what was found into the draft."""
    found = queries.find_run(db, here.round_of(year).id, run)
    return _act(year, lambda: services.draft_best(db, current_actor, found), _("The draft is the programme found."))


def _act(year: int, act: Callable[[], Any], done: str) -> ResponseReturnValue:
    try:
        act()
    except Refused:
        raise
    except Trouble as error:
        db.rollback()
        flash(say(error.message), "danger")
    else:
        db.commit()
        flash(done, "success")
    return redirect(url_for(".show", year=year))

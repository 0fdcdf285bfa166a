"""Scenarios side by side: what each is worth, who pays, where the money goes, what one has and the other not."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.i18n import formats
from cdp.i18n.say import label, language
from cdp.kernel.errors import Trouble
from cdp.programme import queries, services
from cdp.programme.queries import RunRow, ScenarioRow
from cdp.programme.rules.proposing import clash
from cdp.programme.rules.whatif import Summary, changes_of, compared, result, summary, unmet
from cdp.programme.states import PlanStep
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Source
from cdp.web import here
from cdp.web.forms.plan_fit import ScenarioForm
from cdp.web.views import plan_parts

bp = Blueprint("plan_scenarios", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/scenarios")

AGAIN = 5
"""Seconds after which the page is asked for again while a search is under way."""

SIDE_BY_SIDE = 3
"""Scenarios compared at once, beside the plan."""


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The scenarios: all for the office, published ones for anyone; those chosen side by side with the plan."""
    card = here.round_of(year)
    rows = _readable(card)
    chosen = _chosen(rows)
    base = plan_parts.base(card)
    sums: dict[str, Summary] = {}
    if base is not None and chosen:
        sums[_("The plan")] = summary(base.instance, result(base.instance, base.starts))
        sums |= {row.name: summary(row.instance, row.result) for row in chosen}
    runs = queries.scenario_runs(db, card.id) if plan_parts.is_office(card) else {}
    answer = make_response(_shown(card, rows, chosen, base=base, sums=sums, runs=runs))
    if any(run.is_under_way for run in runs.values()):
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _shown(
    card: RoundCard,
    rows: tuple[ScenarioRow, ...],
    chosen: tuple[ScenarioRow, ...],
    *,
    base: plan_parts.Base | None,
    sums: dict[str, Summary],
    runs: Mapping[int, RunRow],
) -> str:
    numbers = {number for row in chosen for number in row.result["starts"]} | set(base.starts if base else ())
    names = plan_parts.Names(card, numbers)
    near = [plan_parts.nearness(base.value, base.bound)] if base else []
    return render_template(
        "plan_scenarios/show.html",
        card=card,
        rows=rows,
        chosen=chosen,
        base=base,
        sums=sums,
        near=near + [plan_parts.nearness(row.result["value"], row.result.get("bound")) for row in chosen],
        runs=runs,
        clashes={number: clash(run.result) for number, run in runs.items()},
        tables=plan_parts.tables(sums, names),
        differences={row.id: compared(base.starts, row.result["starts"]) for row in chosen} if base else {},
        unmet={row.id: unmet(row.result) for row in chosen},
        changes={row.id: changes_of(row.changes) for row in rows},
        names=names,
        may=plan_parts.may(card, PlanStep.IMAGINE),
    )


def _readable(card: RoundCard) -> tuple[ScenarioRow, ...]:
    found = queries.scenarios(db, card.id)
    return found if plan_parts.is_office(card) else tuple(row for row in found if row.published_at)


def _chosen(rows: tuple[ScenarioRow, ...]) -> tuple[ScenarioRow, ...]:
    wanted = set(request.args.getlist("with", type=int))
    found = tuple(row for row in rows if row.id in wanted) if wanted else rows[-SIDE_BY_SIDE:]
    return found[:SIDE_BY_SIDE]


@bp.route("/new", methods=["GET", "POST"])
def new(year: int) -> ResponseReturnValue:
    """Keep a scenario."""
    card = here.round_of(year)
    plan_parts.office_only(card, PlanStep.IMAGINE)
    form = ScenarioForm()
    base = plan_parts.base(card)
    sources = plan_parts.resources(base.instance) if base else {}
    for field in form.money(sources):
        source = field.name.removeprefix("money_")
        field.label.text = _("%(source)s: more or less, in per cent", source=label(Source(source)))
        field.description = _(
            "In the plan: %(amount)s over all years.", amount=formats.money(sources[source], language())
        )
    if form.accepted():
        given = {"name": form.name.data or "", "note": form.note.data or "", "key": form.form_key.data or ""}
        try:
            round_ = rounds.find(db, card.commune_id, year)
            services.imagine(db, current_actor, round_, form.changes(), **given)
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The scenario is kept."), "success")
            return redirect(url_for(".show", year=year))
    return render_template("plan_scenarios/new.html", card=card, form=form, money=form.money(sources), base=base)


@bp.post("/<int:scenario>/best")
def best(year: int, scenario: int) -> ResponseReturnValue:
    """Ask for the best programme of a scenario."""
    found = queries.find_scenario(db, here.round_of(year).id, scenario)
    services.ask_best_of_scenario(db, current_actor, found)
    db.commit()
    flash(_("The search is asked for; the worker begins within a minute."), "success")
    return redirect(url_for(".show", year=year))


@bp.post("/<int:scenario>/stop")
def stop(year: int, scenario: int) -> ResponseReturnValue:
    """Stop the search for the best of a scenario."""
    found = queries.find_scenario(db, here.round_of(year).id, scenario)
    services.stop_best_of_scenario(db, current_actor, found)
    db.commit()
    flash(_("The search is stopped."), "success")
    return redirect(url_for(".show", year=year))


@bp.post("/<int:scenario>/publish")
def publish(year: int, scenario: int) -> ResponseReturnValue:
    """Let anyone read it."""
    found = queries.find_scenario(db, here.round_of(year).id, scenario)
    services.publish_scenario(db, current_actor, found)
    db.commit()
    flash(_("Anyone may read the scenario now."), "success")
    return redirect(url_for(".show", year=year))


@bp.post("/<int:scenario>/withdraw")
def withdraw(year: int, scenario: int) -> ResponseReturnValue:
    """Keep it for the office again."""
    found = queries.find_scenario(db, here.round_of(year).id, scenario)
    services.withdraw_scenario(db, current_actor, found)
    db.commit()
    flash(_("Only the office reads the scenario now."), "success")
    return redirect(url_for(".show", year=year))

"""Scenarios side by side: what each is worth, who pays, where the money goes, what one has and the other not."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db
from cdp.i18n.say import label
from cdp.kernel.errors import Trouble
from cdp.programme import queries, services
from cdp.programme.queries import ScenarioRow
from cdp.programme.rules.whatif import Summary, changes_of, compared, result, summary, unmet
from cdp.programme.states import PlanStep
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.rounds.states import Source
from cdp.web import here
from cdp.web.forms.plan_fit import ScenarioForm
from cdp.web.views import plan_parts

bp = Blueprint("plan_scenarios", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/scenarios")

SIDE_BY_SIDE = 3
"""Scenarios compared at once, beside the plan."""


@bp.get("/")
def show(year: int) -> ResponseReturnValue:
    """The scenarios: all for the office, published ones for anyone; those chosen side by side with the plan."""
    card = here.round_of(year)
    rows = _readable(card)
    chosen = _chosen(rows)
    base = plan_parts.base(card)
    numbers = {number for row in chosen for number in row.result["starts"]} | set(base.starts if base else ())
    names = plan_parts.Names(card, numbers)
    sums: dict[str, Summary] = {}
    if base is not None and chosen:
        sums[_("The plan")] = summary(base.instance, result(base.instance, base.starts))
        sums |= {row.name: summary(row.instance, row.result) for row in chosen}
    return render_template(
        "plan_scenarios/show.html",
        card=card,
        rows=rows,
        chosen=chosen,
        base=base,
        sums=sums,
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
    sources = sorted({room["source"] for room in base.instance["envelopes"]}) if base else []
    for field in form.money(sources):
        field.label.text = _("%(source)s: more or less, in per cent", source=label(Source(field.name[6:])))
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

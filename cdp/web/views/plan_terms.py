"""The conditions of the plan and of one project: the office writes them down, the next draft keeps them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.http.context import current_actor, db, language
from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Trouble
from cdp.programme import queries, services
from cdp.programme.queries import share_rules
from cdp.programme.states import PlanStep
from cdp.proposals import queries as proposals
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.web import here
from cdp.web.forms.plan_fit import ProjectTermsForm, TermsForm, project_data, terms_data
from cdp.web.views import plan_parts

bp = Blueprint("plan_terms", __name__, url_prefix="/<lang>/<commune>/<int:year>/plan/conditions")


@bp.route("/", methods=["GET", "POST"])
def show(year: int) -> ResponseReturnValue:
    """Conditions of the whole plan, beside the resources of the charter."""
    card = here.round_of(year)
    plan_parts.office_only(card, PlanStep.SHARE)
    years = list(range(card.first_year, card.last_year + 1))
    form = TermsForm(years=years, keys=_keys(card), data=terms_data(queries.round_terms(db, card.id), years))
    if form.accepted():
        try:
            services.set_terms(db, current_actor, rounds.find(db, card.commune_id, year), form.terms())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The conditions are noted. Draft the plan anew to take them in."), "success")
            return redirect(url_for("plans.edit", year=year))
    return render_template("plan_terms/show.html", card=card, form=form, years=years)


def _keys(card: RoundCard) -> list[tuple[str, str]]:
    """What floors and ceilings may be set for: sectors and fractions."""
    found = [(f"sector:{s.key}", s.name.in_(language())[0]) for s in card.charter.sectors]
    fractions = queries.fractions_of(db, card.commune_id)
    return found + [(f"territory:{queries.fraction_key(each)}", each.in_(language())[0]) for each in fractions]


@bp.route("/<number>", methods=["GET", "POST"])
def project(year: int, number: str) -> ResponseReturnValue:
    """Conditions of one project."""
    card = here.round_of(year)
    plan_parts.office_only(card, PlanStep.SHARE)
    proposal = proposals.find(db, card.commune_id, number)
    if proposal.round_id != card.id:
        raise NotFound("proposals.unknown", number=number)
    known = queries.project_terms(db, [proposal.id]).get(proposal.id, {})
    own = share_rules.own(db, card.commune_id, today())
    form = ProjectTermsForm(years=range(card.first_year, card.last_year + 1), own=own, data=project_data(known))
    if form.accepted():
        try:
            services.set_project_terms(db, current_actor, proposal, form.terms())
        except Trouble as error:
            db.rollback()
            form.trouble(error)
        else:
            db.commit()
            flash(_("The conditions are noted. Draft the plan anew to take them in."), "success")
            return redirect(url_for("plans.edit", year=year))
    return render_template("plan_terms/project.html", card=card, proposal=proposal, form=form)

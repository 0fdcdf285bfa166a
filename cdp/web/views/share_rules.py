"""Share rules: the register, a commune's or project's own copy, which rule a project keeps, what a sponsor adds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cdp.funding import queries as funding
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import shares as reads
from cdp.funding.services import shares as services
from cdp.http.context import current_actor, db
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.states import Role
from cdp.programme.queries import share_rules as register
from cdp.programme.reference import share_rules
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.services.share_rules import keep_rule
from cdp.web import here
from cdp.web.forms.share_rules import ChooseSharesForm, MatchForm, OwnRuleForm, data_of

bp = Blueprint("share_rules", __name__, url_prefix="/<lang>/<commune>/treasury")


@bp.before_request
def only_the_office() -> None:
    """The treasurer and the officer."""
    current_actor.known()
    current_actor.under_mandate(here.commune().id, Role.TREASURER, Role.OFFICER)


@bp.get("/rules")
def board() -> ResponseReturnValue:
    """The register: the known rules and the commune's own, each with its days and where it is written."""
    own, known = register.kept(db, here.commune().id), share_rules()
    return render_template("share_rules/board.html", own=own, known=known, day=today())


@bp.route("/rules/own", methods=["GET", "POST"])
def keep() -> ResponseReturnValue:
    """Keep the commune's own copy of a rule, with its reason; what was kept before stays readable."""
    rule = _asked()
    form = OwnRuleForm(data=data_of(rule))

    def act() -> None:
        given = form.rule(rule.key if rule is not None and rule.key.startswith("own-") else "")
        keep_rule(db, current_actor, here.commune(), given, reason=form.reason.data, key=form.form_key.data)

    if done := _done(form, act):
        return done
    return render_template("share_rules/own.html", form=form, project=None, rule=rule)


@bp.route("/projects/<number>/shares", methods=["GET", "POST"])
def choose(number: str) -> ResponseReturnValue:
    """Choose the share rule a project keeps, before its promises."""
    project = _project(number)
    rules = register.on(db, project.commune_id, today())
    form = ChooseSharesForm(rule=request.args.get("rule", "")).offer(rules.values())

    def act() -> None:
        rule = rules[form.rule.data] if form.rule.data else None
        given = {"since": form.since.data, "reason": form.reason.data or "", "key": form.form_key.data}
        services.choose_shares(db, current_actor, _project(number), rule, **given)

    if done := _done(form, act, number=number):
        return done
    held = [each for each in reads.held(db, _project(number).id) if each.kind == "share"]
    told = [(each, reads.rule_of(each)) for each in held]
    return render_template("share_rules/choose.html", form=form, project=_project(number), rules=rules, held=told)


@bp.route("/projects/<number>/shares/own", methods=["GET", "POST"])
def own(number: str) -> ResponseReturnValue:
    """The same rule with other numbers, for this project alone."""
    project, rule = _project(number), _asked()
    form = OwnRuleForm(data=data_of(rule))

    def act() -> None:
        given = replace(form.rule(rule.key if rule is not None else "own"), since=None, until=None)
        when = {"since": form.since.data, "reason": form.reason.data, "key": form.form_key.data}
        services.choose_shares(db, current_actor, _project(number), given, **when)

    if done := _done(form, act, number=number):
        return done
    return render_template("share_rules/own.html", form=form, project=_project(project.number), rule=rule)


@bp.route("/projects/<number>/match", methods=["GET", "POST"])
def match(number: str) -> ResponseReturnValue:
    """Write down what a sponsor adds to the gifts of others."""
    _project(number)
    form = MatchForm()

    def act() -> None:
        given = {"since": form.since.data, "reason": form.reason.data or "", "key": form.form_key.data}
        services.choose_match(db, current_actor, _project(number), form.sponsor(), **given)

    if done := _done(form, act, number=number):
        return done
    return render_template("share_rules/match.html", form=form, project=_project(number))


def _project(number: str) -> Any:
    found = funding.find_project(db, here.commune().id, number)
    authorize(MONEY, MoneyStep.RULE, current_actor, found)
    return found


def _asked() -> RuleSet | None:
    """The rule of the register a copy is made of; None for a new one."""
    key = request.args.get("rule", "")
    rules = register.on(db, here.commune().id, today())
    if key and key not in rules:
        raise NotFound
    return rules.get(key)


def _done(form: Any, act: Callable[[], None], *, number: str = "") -> ResponseReturnValue | None:
    """What the form says kept, and the way on; None while it is shown, with what stood against it."""
    if not form.accepted():
        return None
    try:
        act()
    except Conflict:
        raise
    except RuleBroken as error:
        db.rollback()
        form.trouble(error)
        return None
    db.commit()
    flash(_("The rule is kept; givers read it."), "success")
    return redirect(url_for("treasury.project", number=number) if number else url_for(".board"))

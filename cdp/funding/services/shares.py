"""A project's rules before its promises: who brings which share, what a sponsor adds; dated, never backwards."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Pledge, ProjectRule
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries.shares import in_register, match_data
from cdp.funding.rules.match_funding import Sponsor, sponsor_problem
from cdp.funding.services.ledger import lock
from cdp.funding.states import RuleKind
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.programme.rules.share_rules import RuleSet, ShareProblem, as_data, rule_problem, share_problems
from cdp.programme.services.partners import party_of
from cdp.rounds.states import Source
from cdp.store.audit import record


def choose_shares(
    db: Session, actor: Actor, project: Project, rule: RuleSet | None, *, since: date, reason: str, key: str
) -> ProjectRule:
    """Attach a share rule to a project from a day on (None: none from then on), reckoned on its cost of today.

    RuleBroken for a day before today, a rule that is not in force, a plan that breaks it, and for a change, a rule of
    the project's own, or one chosen after the first promise: no reason. Nothing chosen before is rewritten.
    """
    actor = _office(actor, project)
    lock(db, project.commune_id)
    data = {} if rule is None else {"key": rule.key, "cost_minor": project.cost_minor} | as_data(rule)
    if (known := _sent_before(db, project, RuleKind.SHARE, data, key)) is not None:
        return known
    _check_day(db, project, RuleKind.SHARE, since)
    if rule is not None:
        _check_rule(db, project, rule, since)
    is_own = rule is not None and not in_register(db, project.commune_id, rule, since)
    _check_reason(db, project, RuleKind.SHARE, reason, is_own=is_own)
    name = rule.names.in_("fr")[0] if rule is not None else ""
    return _keep(db, actor, project, RuleKind.SHARE, name=name, data=data, since=since, reason=reason, key=key)


def choose_match(
    db: Session, actor: Actor, project: Project, given: Sponsor | None, *, since: date, reason: str, key: str
) -> ProjectRule:
    """Attach a sponsor's rule to a project from a day on (None: no more from then on); what it brought before stays."""
    actor = _office(actor, project)
    lock(db, project.commune_id)
    if given is not None:
        given = replace(given, party=party_of(db, project.commune_id, given.party))
    data = {} if given is None else match_data(given)
    if (known := _sent_before(db, project, RuleKind.MATCH, data, key)) is not None:
        return known
    _check_day(db, project, RuleKind.MATCH, since)
    if given is not None and (problem := sponsor_problem(given)):
        raise RuleBroken(problem)
    _check_reason(db, project, RuleKind.MATCH, reason, is_own=False)
    name = given.name if given is not None else ""
    return _keep(db, actor, project, RuleKind.MATCH, name=name, data=data, since=since, reason=reason, key=key)


def _office(actor: Actor, project: Project) -> Actor:
    authorize(MONEY, MoneyStep.RULE, actor, project)
    return actor.under_mandate(project.commune_id, Role.TREASURER, Role.OFFICER)


def _sent_before(db: Session, project: Project, kind: RuleKind, data: Any, key: str) -> ProjectRule | None:
    known = db.scalar(select(ProjectRule).where(ProjectRule.idempotency_key == key))
    if known is not None:
        said = {name: value for name, value in known.data.items() if name != "after"}
        if (known.project_id, known.kind, said) != (project.id, kind, data):
            raise Conflict("errors.sent_before")
    return known


def _last(db: Session, project: Project, kind: RuleKind) -> ProjectRule | None:
    asked = select(ProjectRule).where(ProjectRule.project_id == project.id, ProjectRule.kind == kind)
    return db.scalar(asked.order_by(ProjectRule.id.desc()).limit(1))


def _check_day(db: Session, project: Project, kind: RuleKind, since: date) -> None:
    """From today on, and not before the day the last one begins: what was unlocked or added stays."""
    last = _last(db, project, kind)
    if since < today() or (last is not None and since < last.since):
        raise RuleBroken("funding.rule_backwards")


def _check_rule(db: Session, project: Project, rule: RuleSet, since: date) -> None:
    if problem := rule_problem(rule):
        raise RuleBroken(problem)
    if not rule.holds_on(since):
        raise RuleBroken("funding.rule_not_in_force")
    for each in plan_problems(db, project, rule)[:1]:
        who = {"who": Source(each.sources[0])} if each.sources else {}
        raise RuleBroken(each.why, sum=Money(each.by), **who)


def plan_problems(db: Session, project: Project, rule: RuleSet) -> list[ShareProblem]:
    """What the adopted plan's sources have against a rule (L20); nothing where the plan names none."""
    plan = {source.value: amount for source, amount in queries.planned(db, [project.id]).get(project.id, {}).items()}
    if not plan:
        return []
    return [each for each in share_problems(rule, plan, project.cost_minor) if each.why != "funding.plan_does_not_sum"]


def _check_reason(db: Session, project: Project, kind: RuleKind, reason: str, *, is_own: bool) -> None:
    """Who changes a rule, or chooses one after the first promise, says why; givers read it."""
    promised = db.scalar(select(func.count()).select_from(Pledge).where(Pledge.project_id == project.id))
    if (is_own or promised or _last(db, project, kind) is not None) and not reason.strip():
        raise RuleBroken("errors.reason_missing")


def _keep(db: Session, actor: Actor, project: Project, kind: RuleKind, **values: Any) -> ProjectRule:
    after = db.scalar(select(func.max(LedgerEntry.sequence)).where(LedgerEntry.commune_id == project.commune_id))
    made = ProjectRule(
        commune_id=project.commune_id,
        project_id=project.id,
        kind=kind,
        name=values["name"][:120],
        data=values["data"] | {"after": after or 0},
        since=values["since"],
        reason=values["reason"].strip()[:200],
        chosen_by_id=actor.known(),
        chosen_at=now(),
        idempotency_key=values["key"],
    )
    db.add(made)
    db.flush()
    record(db, actor, f"funding.rule_{kind.value}", made, project=project.id)
    return made

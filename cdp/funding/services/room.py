"""Room for one more promise: what a project does with more than it needs, chosen before the first one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import MoneyRule, Pledge
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.rules.units import IN_KIND
from cdp.funding.services.ledger import lock
from cdp.funding.states import OverFunding
from cdp.kernel.clock import now, today
from cdp.kernel.errors import RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.store.audit import record


def choose(db: Session, actor: Actor, project: Project, what: OverFunding) -> MoneyRule:
    """Choose what becomes of more than is needed; RuleBroken once somebody has promised under another rule."""
    authorize(MONEY, MoneyStep.ENTER, actor, project)
    actor = actor.under_mandate(project.commune_id, Role.TREASURER)
    lock(db, project.commune_id)
    held = rule_of(db, project.id)
    if held is not None and held.over_funding is what:
        return held
    if db.scalar(select(Pledge.id).where(Pledge.project_id == project.id).limit(1)) is not None:
        raise RuleBroken("funding.rule_after_the_first_promise")
    made = held or MoneyRule(commune_id=project.commune_id, project_id=project.id)
    made.over_funding, made.chosen_by_id, made.chosen_at = what, actor.known(), now()
    db.add(made)
    db.flush()
    record(db, actor, "funding.choose_over_funding", made, what=what.value)
    return made


def rule_of(db: Session, project_id: int) -> MoneyRule | None:
    """The rule of a project, or None: then more than is needed is taken and shown."""
    return db.scalar(select(MoneyRule).where(MoneyRule.project_id == project_id))


def check(db: Session, project: Project, what: OverFunding | None, *, unit: str, dirhams_minor: int | None) -> None:
    """RuleBroken("funding.target_reached") when a project that stops at its target has no room for that much.

    ``what`` is the project's rule as it was read under the lock.
    Called under the lock of the books, so that of many at once only as many get through as there is room for.
    """
    if unit in IN_KIND or dirhams_minor is None:
        return
    if what is not OverFunding.STOP:
        return
    left = queries.money_sheet(db, project, today()).sought
    if dirhams_minor > left.minor:
        raise RuleBroken("funding.target_reached", left=left)

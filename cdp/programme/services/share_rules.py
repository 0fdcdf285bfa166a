"""A commune's own copy of a share rule: what its call or convention says otherwise, with the reason."""

from dataclasses import replace
from datetime import date
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import now
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import ShareRule
from cdp.programme.rules.share_rules import RuleSet, as_data, rule_problem
from cdp.store.audit import record


def keep_rule(db: Session, actor: Actor, commune: Commune, rule: RuleSet, *, reason: str, key: str) -> ShareRule:
    """Keep a commune's own rule from a day on; a rule of an empty key is a new one. Nothing kept is ever rewritten.

    The same form sent twice counts once. RuleBroken: what makes no sense in it, no name, no day, no reason.
    """
    actor = actor.under_mandate(commune.id, Role.TREASURER, Role.OFFICER)
    known = db.scalar(select(ShareRule).where(ShareRule.idempotency_key == key))
    if known is not None:
        if known.commune_id == commune.id and known.data == as_data(rule):
            return known
        raise Conflict("errors.sent_before")
    if not reason.strip():
        raise RuleBroken("errors.reason_missing")
    if not rule.names:
        raise RuleBroken("programme.rule_without_name")
    if problem := rule_problem(rule):
        raise RuleBroken(problem)
    rule = replace(rule, key=rule.key or f"own-{token_hex(6)}")
    made = ShareRule(
        commune_id=commune.id,
        key=rule.key[:40],
        data=as_data(rule),
        since=rule.since or date(1900, 1, 1),
        until=rule.until,
        reason=reason.strip()[:200],
        kept_by_id=actor.known(),
        kept_at=now(),
        idempotency_key=key,
    )
    db.add(made)
    db.flush()
    record(db, actor, "programme.keep_rule", made, key=made.key)
    return made

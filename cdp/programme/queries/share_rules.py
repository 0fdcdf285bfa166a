"""The register of share rules of a commune: the known ones, and its own copies with their days."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.programme.models import ShareRule
from cdp.programme.reference import share_rules
from cdp.programme.rules.share_rules import RuleSet, in_force, rule_set


def kept(db: Session, commune_id: int) -> tuple[RuleSet, ...]:
    """The commune's own rules in all their versions, in the order they were kept."""
    asked = select(ShareRule).where(ShareRule.commune_id == commune_id).order_by(ShareRule.id)
    return tuple(replace(rule_set(row.key, row.data), since=row.since, until=row.until) for row in db.scalars(asked))


def register(db: Session, commune_id: int) -> tuple[RuleSet, ...]:
    """The commune's own rules, then the known ones."""
    return (*kept(db, commune_id), *share_rules())


def on(db: Session, commune_id: int, day: date) -> dict[str, RuleSet]:
    """By key, the rules a commune may choose on a day, its own first."""
    rules = register(db, commune_id)
    found = {each.key: in_force(rules, each.key, day) for each in rules}
    return {key: rule for key, rule in found.items() if rule is not None}


def own(db: Session, commune_id: int, day: date) -> tuple[RuleSet, ...]:
    """The commune's own rules, each as it stands on a day, or as it stood last: a plan may keep a rule that ended."""
    rules = kept(db, commune_id)
    latest = {each.key: each for each in rules}
    return tuple(in_force(rules, key, day) or rule for key, rule in latest.items())

"""Share rules of known programmes of funds as the fit reads them: the register, the latest of each."""

from datetime import date
from typing import Any

from cdp.programme.reference import share_rules
from cdp.programme.rules.fit.terms import Instance, Limit, Preset, SourceKind
from cdp.programme.rules.share_rules import RuleSet, Share
from cdp.rounds.states import Source

KINDS = {Source.AGENCY.value: SourceKind.MINISTRY}
"""A public agency is the State's money, as the share rules mean it."""

FIRST_YEAR = 1900
"""The year of a rule that says none."""


def preset(rule: RuleSet) -> Preset:
    """A share rule of the register as the fit knows it; its words where it is written are not needed there."""
    return Preset(
        rule.key,
        rule.since.year if rule.since else 0,
        rule.currency,
        tuple(_limit(share) for share in rule.shares),
        total_at_least=rule.least_total,
        title=rule.names,
    )


def _limit(share: Share) -> Limit:
    kinds = frozenset(KINDS.get(source) or SourceKind(source) for source in share.sources)
    return Limit(kinds, at_least=share.least, at_most=share.most, at_most_amount=share.most_amount)


def as_preset(rule: RuleSet) -> dict[str, Any]:
    """A commune's own rule as it stands in the document of an instance (``fit.schema``)."""
    limits = (_limit(share) for share in rule.shares)
    return {
        "name": rule.key,
        "title": dict(rule.names),
        "as_known_in": rule.since.year if rule.since else FIRST_YEAR,
        "currency": rule.currency,
        "total_at_least": rule.least_total,
        "limits": [
            {"kinds": sorted(limit.kinds), "at_least": limit.at_least, "at_most": limit.at_most}
            | ({} if limit.at_most_amount is None else {"at_most_amount": limit.at_most_amount})
            for limit in limits
        ],
    }


KNOWN = {rule.key: rule for rule in sorted(share_rules(), key=lambda each: each.since or date.min)}
"""The register's rules by name, the latest of each."""

PRESETS = {key: preset(rule) for key, rule in KNOWN.items()}
"""Percentages differ by call and province: a commune keeps its own copy. In another currency only they are used."""


def preset_of(instance: Instance, name: str) -> Preset | None:
    """The commune's own preset of that name, else the known one, else None."""
    own = {preset.name: preset for preset in instance.presets}
    return own.get(name) or PRESETS.get(name)

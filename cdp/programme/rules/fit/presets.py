"""Share rules of known programmes of funds as the fit reads them: the register, the latest of each."""

from datetime import date

from cdp.programme.reference import share_rules
from cdp.programme.rules.fit.terms import Instance, Limit, Preset, SourceKind
from cdp.programme.rules.share_rules import RuleSet, Share
from cdp.rounds.states import Source

KINDS = {Source.AGENCY.value: SourceKind.MINISTRY}
"""A public agency is the State's money, as the share rules mean it."""


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


PRESETS = {rule.key: preset(rule) for rule in sorted(share_rules(), key=lambda each: each.since or date.min)}
"""Percentages differ by call and province: a commune keeps its own copy. In another currency only they are used."""


def preset_of(instance: Instance, name: str) -> Preset | None:
    """The commune's own preset of that name, else the known one, else None."""
    own = {preset.name: preset for preset in instance.presets}
    return own.get(name) or PRESETS.get(name)

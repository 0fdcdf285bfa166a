"""A count as it is published: the result to the letter, its conditions inside the ``.pb`` file, its trace as data."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.conditions import UNLIMITED, Ceiling, Conditions
from cdp.priorities.rules.voting.election import Election
from cdp.priorities.rules.voting.terms import Terms
from cdp.priorities.rules.voting.trace import Outcome

VERSION = "1"
"""Version of all counting rules together: another number may give another outcome for the same votes."""

META_KEY = "cdp_conditions"
"""Where a published file keeps the conditions that Pabulib has no words for."""


def result(outcome: Outcome, election: Election) -> dict[str, Any]:
    """The published result as plain values, money in units of the currency."""
    return {
        "rule": outcome.rule,
        "budget": money(outcome.budget, election),
        "spent": money(outcome.spent, election),
        "winners": list(outcome.winners),
        "ties": [{"step": tie.step, "projects": list(tie.projects), "chosen": tie.chosen} for tie in outcome.ties],
    }


def printed(outcome: Outcome, election: Election) -> str:
    """The result as one line of JSON."""
    return json.dumps(result(outcome, election), ensure_ascii=False)


def money(amount: int, election: Election) -> int | float:
    """An amount in units of the currency: a whole number where it is one."""
    exact = Fraction(amount, election.unit)
    return int(exact) if exact.denominator == 1 else float(exact)


def conditions_meta(conditions: Conditions, unit: int) -> dict[str, str]:
    """The line of META that carries these conditions; none where there are none. ``unit`` makes one of currency."""
    if conditions == UNLIMITED:
        return {}
    plain = {
        "ceilings": [[c.name, sorted(c.projects), str(Fraction(c.amount, unit))] for c in conditions.ceilings],
        "minimum_votes": conditions.minimum_votes,
        "incompatible": conditions.incompatible,
        "prerequisites": conditions.prerequisites,
        "pinned": conditions.pinned,
        "excluded": conditions.excluded,
    }
    return {META_KEY: json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"))}


def conditions_of(meta: Mapping[str, str], unit: int = 1) -> Conditions:
    """The conditions a file carries, money in its smallest units; RuleBroken("voting.pb_conditions")."""
    if META_KEY not in meta:
        return UNLIMITED
    try:
        plain = json.loads(meta[META_KEY])
        return Conditions(
            ceilings=tuple(
                Ceiling(str(name), frozenset(map(str, projects)), int(Fraction(amount) * unit))
                for name, projects, amount in plain["ceilings"]
            ),
            minimum_votes=int(plain["minimum_votes"]),
            incompatible=_pairs(plain["incompatible"]),
            prerequisites=_pairs(plain["prerequisites"]),
            pinned=_pairs(plain["pinned"]),
            excluded=_pairs(plain["excluded"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RuleBroken("voting.pb_conditions") from error


def _pairs(plain: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(one), str(other)) for one, other in plain)


def command(rule: str, terms: Terms) -> list[str]:
    """The words after ``python -m cdp tally FILE.pb`` that count a file by these terms."""
    said = ["--rule", rule]
    if rule == "equal-shares":
        said += ["--utility", terms.utility.value, "--completion", terms.completion.value]
    return [*said, "--ties", terms.ties, "--json"]


def trace_of(outcome: Outcome) -> dict[str, Any]:
    """The outcome with all its steps as plain values; fractions as text, so that they stay exact."""
    return {
        "rule": outcome.rule,
        "budget": outcome.budget,
        "spent": outcome.spent,
        "winners": list(outcome.winners),
        "steps": [
            {
                "project": s.project,
                "cost": s.cost,
                "left": s.left,
                "measure": s.measure.value,
                "value": str(s.value) if isinstance(s.value, Fraction) else s.value,
                "supporters": s.supporters,
                "in_full": s.in_full,
                "all_they_had": s.all_they_had,
            }
            for s in outcome.steps
        ],
        "passed": [
            {"project": p.project, "reason": p.reason.value, "detail": p.detail, "missing": p.missing}
            for p in outcome.passed
        ],
        "ties": [{"step": t.step, "projects": list(t.projects), "chosen": t.chosen} for t in outcome.ties],
        "share": None if outcome.share is None else str(outcome.share),
    }

"""Who must bring which share of a project, and what is missing to unlock a partner: rules as dated data.

A rule set ("INDH 70/30", "1+3", "3x1") is read from data with the days between which it holds; nothing of it
is written in code. Shares are in hundredths of a percent (basis points), amounts in dirham cents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

WHOLE = 10_000
"""Basis points of the whole."""


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Parts of a total by weights, in whole units that sum to it; equal remainders go to the earlier.

    The largest remainder takes what rounding leaves. ValueError for a negative total, a negative weight, or
    a positive total and no weight at all.
    """
    whole = sum(weights)
    if total < 0 or any(weight < 0 for weight in weights) or (total and not whole):
        raise ValueError("a total is split by weights that are not negative and not all zero")
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in rests[: total - sum(parts)]:
        parts[place] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Share:
    """What a rule set asks of one source, or of several counted together."""

    sources: tuple[str, ...]
    least: int = 0
    most: int = WHOLE
    most_amount: int | None = None
    least_amount: int = 0

    @property
    def name(self) -> str:
        """The sources as one word, for messages and tables."""
        return "+".join(self.sources)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named set of shares, with the days between which it holds and where it is written."""

    name: str
    shares: tuple[Share, ...]
    since: date | None = None
    until: date | None = None
    least_total: int = 0
    most_total: int | None = None
    written_in: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the rule set is in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class ShareProblem(NamedTuple):
    """A share that is not kept: which, why (message key), and by how many dirham cents."""

    share: str
    why: str
    by: int


def rule_set(name: str, data: Mapping[str, Any]) -> RuleSet:
    """A rule set from its data: percentages as whole numbers or decimals in text, amounts in dirhams.

    ValueError for what is no percentage; KeyError for a share without sources.
    """
    shares = tuple(
        Share(
            tuple(each["sources"]),
            least=_points(each.get("least_percent", 0)),
            most=_points(each.get("most_percent", 100)),
            most_amount=each["most_dirhams"] * 100 if "most_dirhams" in each else None,
            least_amount=each.get("least_dirhams", 0) * 100,
        )
        for each in data["share"]
    )
    return RuleSet(
        name,
        shares,
        since=data.get("since"),
        until=data.get("until"),
        least_total=data.get("least_total_dirhams", 0) * 100,
        most_total=data["most_total_dirhams"] * 100 if "most_total_dirhams" in data else None,
        written_in=data.get("written_in", ""),
    )


def _points(percent: int | str) -> int:
    whole, _, part = str(percent).partition(".")
    points = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    if len(part) > 2 or not 0 <= points <= WHOLE:
        raise ValueError(f"{percent} is no percentage with at most two decimals")
    return points


def share_problems(rules: RuleSet, plan: Mapping[str, int], cost: int) -> list[ShareProblem]:
    """What keeps a funding plan from being approved (L20): sums, totals and shares; empty when all is kept."""
    problems = []
    if (rest := cost - sum(plan.values())) != 0:
        problems.append(ShareProblem("", "funding.plan_does_not_sum", rest))
    if cost < rules.least_total:
        problems.append(ShareProblem("", "funding.project_too_small", rules.least_total - cost))
    if rules.most_total is not None and cost > rules.most_total:
        problems.append(ShareProblem("", "funding.project_too_large", cost - rules.most_total))
    for share in rules.shares:
        amount = sum(plan.get(source, 0) for source in share.sources)
        if (lack := least_of(share, cost) - amount) > 0:
            problems.append(ShareProblem(share.name, "funding.share_too_small", lack))
        if (over := amount - most_of(share, cost)) > 0:
            problems.append(ShareProblem(share.name, "funding.share_too_large", over))
    return problems


def least_of(share: Share, cost: int) -> int:
    """What the sources must bring at least, rounded up to the cent."""
    return max(-(-cost * share.least // WHOLE), share.least_amount)


def most_of(share: Share, cost: int) -> int:
    """What the sources may bring at most, rounded down to the cent."""
    most = cost * share.most // WHOLE
    return most if share.most_amount is None else min(most, share.most_amount)


def unlocked(rules: RuleSet, partner: str, brought: Mapping[str, int], cost: int) -> int:
    """What a partner may bring now: its most, in the measure in which the others keep their part.

    The others' part of the cost is what the partner does not cover; as much of it as they have brought, so
    much of the partner's money is unlocked (rounded down). ``brought``: committed or received, by source.
    """
    most = partner_most(rules, partner, cost)
    others_due = cost - most
    others = sum(amount for source, amount in brought.items() if source != partner)
    return most if others >= others_due else most * others // others_due


def partner_most(rules: RuleSet, partner: str, cost: int) -> int:
    """The most a partner may bring to a project of this cost."""
    return min((most_of(share, cost) for share in rules.shares if share.sources == (partner,)), default=cost)


def lacking(rules: RuleSet, brought: Mapping[str, int], cost: int) -> dict[str, int]:
    """What each share still has to bring before its least is reached: "12,400 MAD more from the diaspora"."""
    found = {}
    for share in rules.shares:
        lack = least_of(share, cost) - sum(brought.get(source, 0) for source in share.sources)
        if lack > 0:
            found[share.name] = lack
    return found


def in_force(sets: Iterable[RuleSet], name: str, day: date) -> RuleSet | None:
    """The rule set of a name that holds on a day; a project keeps the one of the day it was opened."""
    return next((each for each in sets if each.name == name and each.holds_on(day)), None)

"""Who must bring which share of a project: rules as dated data, one register for plans and for promises.

A rule ("INDH 70/30", "DAR 1+3", "3x1") is read from data with the days between which it holds; nothing of it is
written in code. Shares are in hundredths of a percent (basis points), amounts in centimes. Amounts of a programme that
reckons in another currency are told in words alone: elsewhere its percentages are used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from cdp.kernel.words import Words
from cdp.rounds.states import Source

WHOLE = 10_000
"""Basis points of the whole."""

MAD = "MAD"
NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Share:
    """What a rule asks of one source, or of several counted together."""

    sources: tuple[str, ...]
    least: int = 0
    most: int = WHOLE
    most_amount: int | None = None
    least_amount: int = 0


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named set of shares, with the days between which it holds and where it is written."""

    key: str
    shares: tuple[Share, ...]
    names: Words = NO_WORDS
    since: date | None = None
    until: date | None = None
    least_total: int = 0
    most_total: int | None = None
    written_in: Words = NO_WORDS
    currency: str = MAD

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def in_dirhams(self) -> "RuleSet":
        """The rule as it is kept here: without amounts that are in another currency."""
        if self.currency == MAD:
            return self
        shares = tuple(replace(share, most_amount=None, least_amount=0) for share in self.shares)
        return replace(self, shares=shares, least_total=0, most_total=None, currency=MAD)


class ShareProblem(NamedTuple):
    """A share that is not kept: of which sources, why (message key), and by how many centimes."""

    sources: tuple[str, ...]
    why: str
    by: int


def rule_set(key: str, data: Mapping[str, Any]) -> RuleSet:
    """A rule from its data: percentages as whole numbers or decimals in text, amounts in whole units.

    ValueError for what is no percentage; KeyError for a share without sources.
    """
    shares = tuple(
        Share(
            tuple(each["sources"]),
            least=points(each.get("least_percent", 0)),
            most=points(each.get("most_percent", 100)),
            most_amount=each["most_amount"] * 100 if each.get("most_amount") is not None else None,
            least_amount=(each.get("least_amount") or 0) * 100,
        )
        for each in data["share"]
    )
    most_total = data.get("most_total")
    return RuleSet(
        key,
        shares,
        names=Words(data.get("name", {})),
        since=data.get("since"),
        until=data.get("until"),
        least_total=(data.get("least_total") or 0) * 100,
        most_total=None if most_total is None else most_total * 100,
        written_in=Words(data.get("written_in", {})),
        currency=data.get("currency", MAD),
    )


def as_data(rule: RuleSet) -> dict[str, Any]:
    """A rule as the data it can be read from again, for a table; its days stand in columns of their own."""
    shares = [
        {
            "sources": list(share.sources),
            "least_percent": percent_text(share.least),
            "most_percent": percent_text(share.most),
            "most_amount": None if share.most_amount is None else share.most_amount // 100,
            "least_amount": share.least_amount // 100,
        }
        for share in rule.shares
    ]
    totals = {"least_total": rule.least_total // 100, "most_total": rule.most_total and rule.most_total // 100}
    words = {"name": dict(rule.names), "written_in": dict(rule.written_in), "currency": rule.currency}
    return {"share": shares} | totals | words


def points(percent: int | str) -> int:
    """Basis points of a percentage; ValueError for more than two decimals or beyond 0 and 100."""
    whole, _, part = str(percent).strip().replace(",", ".").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > 2:
        raise ValueError(f"{percent} is no percentage with at most two decimals")
    found = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    if found > WHOLE:
        raise ValueError(f"{percent} is no percentage with at most two decimals")
    return found


def percent_text(share: int) -> str:
    """Basis points as a percentage in text, without needless zeros."""
    whole, part = divmod(share, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def rule_problem(rule: RuleSet) -> str | None:
    """Message key of what makes no sense in a rule, or None."""
    named = [source for share in rule.shares for source in share.sources]
    known = {source.value for source in Source}
    doubts = {
        "funding.rule_without_share": not rule.shares or any(not share.sources for share in rule.shares),
        "funding.rule_names_twice": len(named) != len(set(named)),
        "funding.rule_of_unknown_source": not set(named) <= known,
        "funding.rule_shares_contradict": any(share.least > share.most for share in rule.shares)
        or sum(share.least for share in rule.shares) > WHOLE,
        "funding.days_not_in_order": rule.since is not None and rule.until is not None and rule.until < rule.since,
    }
    return next((key for key, holds in doubts.items() if holds), None)


def share_problems(rule: RuleSet, plan: Mapping[str, int], cost: int) -> list[ShareProblem]:
    """What keeps a funding plan from being approved (L20): sums, totals and shares; empty when all is kept."""
    rule, problems = rule.in_dirhams, []
    if (rest := cost - sum(plan.values())) != 0:
        problems.append(ShareProblem((), "funding.plan_does_not_sum", rest))
    if cost < rule.least_total:
        problems.append(ShareProblem((), "funding.project_too_small", rule.least_total - cost))
    if rule.most_total is not None and cost > rule.most_total:
        problems.append(ShareProblem((), "funding.project_too_large", cost - rule.most_total))
    for share in rule.shares:
        amount = sum(plan.get(source, 0) for source in share.sources)
        if (lack := least_of(share, cost) - amount) > 0:
            problems.append(ShareProblem(share.sources, "funding.share_too_small", lack))
        if (over := amount - most_of(share, cost)) > 0:
            problems.append(ShareProblem(share.sources, "funding.share_too_large", over))
    return problems


def least_of(share: Share, cost: int) -> int:
    """What the sources must bring at least, rounded up to the centime."""
    return max(-(-cost * share.least // WHOLE), share.least_amount)


def most_of(share: Share, cost: int) -> int:
    """What the sources may bring at most, rounded down to the centime."""
    most = cost * share.most // WHOLE
    return most if share.most_amount is None else min(most, share.most_amount)


def in_force(rules: Iterable[RuleSet], key: str, day: date) -> RuleSet | None:
    """The rule of a key that holds on a day, the latest of several."""
    held = [each for each in rules if each.key == key and each.holds_on(day)]
    return max(held, key=lambda each: each.since or date.min, default=None)

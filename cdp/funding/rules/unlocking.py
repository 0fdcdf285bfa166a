"""What unlocks a partner: the shares of the others that have come, in the order of the books, never backwards.

Only received money counts. A partner is a share of a rule with a ceiling; it comes once every share with a floor has
come, or, where a rule has no floors, once the others have brought what the partner leaves to them. Whoever was
unlocked stays so: a later refund, a dearer project or another rule closes nothing again. Amounts are centimes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cdp.programme.rules.share_rules import WHOLE, RuleSet, Share, least_of, most_of


class Came(NamedTuple):
    """What an entry brought from a source (below zero: took away), the day it was entered, its place in the books."""

    day: date
    source: str
    amount: int
    seq: int = 0


class InForce(NamedTuple):
    """A rule of a project from a day on, reckoned on the cost it was chosen for; None: no rule from that day on.

    ``after``: the last entry of the books when it was chosen; what came before that is none of its business.
    """

    since: date
    rule: RuleSet | None
    cost: int
    after: int = -1

    def takes(self, day: date, seq: int) -> bool:
        """Whether an entry falls under this rule, or under one that follows it."""
        return self.since <= day and self.after < seq


class Lack(NamedTuple):
    """What is still missing from some sources (none: from all others together), and which part of the cost it is of."""

    sources: tuple[str, ...]
    part: int
    amount: int


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner whose money waits: what still comes of it, what is lacking first, or since when it is unlocked."""

    sources: tuple[str, ...]
    part: int
    coming: int
    lacks: tuple[Lack, ...]
    opened_on: date | None = None


def partners_of(rule: RuleSet) -> list[Share]:
    """The shares that wait for others: those with a ceiling and no floor."""
    return [
        each
        for each in rule.shares
        if not (each.least or each.least_amount) and (each.most < WHOLE or each.most_amount)
    ]


def lacks_for(rule: RuleSet, partner: Share, brought: Mapping[str, int], cost: int) -> tuple[Lack, ...]:
    """What is still missing before a partner comes; empty once it is unlocked."""
    floors = [share for share in rule.shares if least_of(share, cost) > 0]
    if floors:
        found = (
            Lack(
                share.sources, share.least, least_of(share, cost) - sum(brought.get(name, 0) for name in share.sources)
            )
            for share in floors
        )
        return tuple(lack for lack in found if lack.amount > 0)
    most = most_of(partner, cost)
    others = sum(amount for name, amount in brought.items() if name not in partner.sources)
    rest = cost - most - others
    return (Lack((), WHOLE - most * WHOLE // max(1, cost), rest),) if rest > 0 else ()


def unlocking(
    held: Sequence[InForce], came: Iterable[Came], day: date, *, expected: Mapping[str, int]
) -> list[Partner]:
    """The partners of the rule in force on a day, each with what it waits for or since when it is unlocked.

    ``held``: the rules of a project as they were chosen; ``came``: in the order of the books; ``expected``: what
    each source is to bring in all, as far as somebody planned or signed it.
    """
    opened: dict[tuple[str, ...], date] = {}
    brought: defaultdict[str, int] = defaultdict(int)
    changes = [each for each in held if each.since <= day]
    closed = [{share.sources for share in partners_of(each.rule)} if each.rule else set() for each in changes]
    place = 0
    for each in came:
        while place < len(changes) and changes[place].takes(each.day, each.seq):
            _open(opened, changes[place], brought, changes[place].since)
            place += 1
        brought[each.source] += each.amount
        if place and not closed[place - 1] <= opened.keys():
            _open(opened, changes[place - 1], brought, each.day)
    for change in changes[place:]:
        _open(opened, change, brought, change.since)
    now = changes[-1] if changes else None
    if now is None or now.rule is None:
        return []
    return [
        _partner(now.rule, now.cost, share, opened.get(share.sources), brought, expected)
        for share in partners_of(now.rule)
    ]


def _open(opened: dict[tuple[str, ...], date], held: InForce, brought: Mapping[str, int], day: date) -> None:
    """Note the partners that nothing holds back any more."""
    if held.rule is None:
        return
    for share in partners_of(held.rule):
        if share.sources not in opened and not lacks_for(held.rule, share, brought, held.cost):
            opened[share.sources] = day


def _partner(
    rule: RuleSet, cost: int, share: Share, since: date | None, brought: Mapping[str, int], expected: Mapping[str, int]
) -> Partner:
    most = most_of(share, cost)
    asked = sum(expected.get(name, 0) for name in share.sources)
    here = sum(brought.get(name, 0) for name in share.sources)
    coming = max(0, (min(most, asked) if asked else most) - here)
    lacks = () if since else lacks_for(rule, share, brought, cost)
    return Partner(share.sources, share.most, coming, lacks, since)

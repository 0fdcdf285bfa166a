"""One promise over its life: changed, paid in instalments, reminded of, and what became of it by now.

Nothing here is stored: a status is worked out from the net sums of the promise's purse (``standing.flows``),
its days and the reason its last open part lapsed for.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cdp.funding.rules.ledger import Op
from cdp.funding.rules.shares import split
from cdp.funding.rules.standing import NOTHING, Flow
from cdp.funding.states import PledgeStatus

ENDED = {
    PledgeStatus.EXPIRED,
    PledgeStatus.WITHDRAWN,
    PledgeStatus.DECLINED,
    PledgeStatus.RELEASED,
    PledgeStatus.DEFAULTED,
}


@dataclass(frozen=True, slots=True)
class Purse:
    """What the books say of one promise, in minor units of its unit."""

    promised: int
    pledged: int
    committed: int
    received: int
    fees: int = 0
    lapsed: int = 0

    @classmethod
    def of(cls, ops: Mapping[Op, Flow]) -> "Purse":
        """From the net sums of its operations."""

        def net(op: Op) -> int:
            return ops.get(op, NOTHING).amount_minor

        came_early, paid = net(Op.RECEIVE_EARLY), net(Op.PAY_DIRECT) + net(Op.DELIVER)
        lapsed = net(Op.LAPSE) + net(Op.DECOMMIT) + net(Op.WRITE_OFF)
        return cls(
            promised=net(Op.PLEDGE) + net(Op.SIGN) - lapsed,
            pledged=net(Op.PLEDGE) - net(Op.LAPSE) - net(Op.COMMIT) - came_early,
            committed=net(Op.COMMIT)
            + net(Op.SIGN)
            - net(Op.DECOMMIT)
            - net(Op.WRITE_OFF)
            - net(Op.RECEIVE)
            - net(Op.FEE)
            - paid,
            received=net(Op.RECEIVE) + came_early + net(Op.GIFT) + net(Op.ALLOCATE) + paid - net(Op.REFUND),
            fees=net(Op.FEE),
            lapsed=lapsed,
        )


def change(purse: Purse, to: int) -> tuple[Op, int] | None:
    """The move that brings a promise to a new amount; None when it stays. What was received stays (L18).

    ValueError (a message key) when less is asked for than was already called or received.
    """
    if to >= purse.promised:
        return (Op.PLEDGE, to - purse.promised) if to > purse.promised else None
    less = purse.promised - to
    if less > purse.pledged or to < 0:
        raise ValueError("funding.promise_already_called")
    return Op.LAPSE, less


def instalments(amount: int, count: int) -> list[int]:
    """So many parts as equal as whole units allow, summing to the promise; ValueError for no part at all."""
    if count < 1:
        raise ValueError("a promise is paid in at least one part")
    return split(amount, [1] * count)


MOST_PARTS = 24


def regular(amount: int, count: int, *, first: date, months: int) -> tuple[tuple[date, int], ...]:
    """So many parts as equal as may be, the first on a day, the others so many months apart (a month's end stays one).

    ValueError for no part at all.
    """
    days = [_later(first, months * place) for place in range(count)]
    return tuple(zip(days, instalments(amount, count), strict=True))


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def instalments_problem(parts: Sequence[tuple[date, int]], amount: int, *, since: date, until: date) -> str | None:
    """Message key of what is wrong with a schedule: days in order within the promise, parts that sum to it (L18)."""
    days = [day for day, _ in parts]
    doubts = {
        "funding.too_many_instalments": len(parts) > MOST_PARTS,
        "funding.instalment_days": days != sorted(set(days)) or days[0] < since or days[-1] > until,
        "funding.instalments_do_not_sum": min(part for _, part in parts) <= 0 or sum(p for _, p in parts) != amount,
    }
    return next((key for key, holds in doubts.items() if holds), None)


@dataclass(frozen=True, slots=True)
class Due:
    """A part of a promise by a day: how much of it came, the earliest parts first."""

    on: date
    amount_minor: int
    paid_minor: int

    def status(self, today: date) -> PledgeStatus:
        """Came, came in part, is late, or is still to come."""
        if self.paid_minor >= self.amount_minor:
            return PledgeStatus.FULFILLED
        if self.on < today:
            return PledgeStatus.OVERDUE
        return PledgeStatus.PART_RECEIVED if self.paid_minor else PledgeStatus.PROMISED


def dues(parts: Sequence[tuple[date, int]], received: int) -> list[Due]:
    """The schedule of a promise with what came of each part; an excess stands on the last."""
    if not parts:
        return []
    paid = paid_parts([amount for _, amount in parts], received)
    return [Due(day, amount, done) for (day, amount), done in zip(parts, paid, strict=True)]


def rescheduled(parts: Sequence[int], received: int, to: int) -> list[int]:
    """The same number of parts for a new amount (L18): what was paid stays paid, the rest is shared as before.

    ValueError when the new amount is below what was received.
    """
    if to < received:
        raise ValueError("funding.promise_already_called")
    paid = paid_parts(parts, received)
    left = [max(0, part - done) for part, done in zip(parts, paid, strict=True)]
    weights = left if any(left) else [0] * (len(parts) - 1) + [1]
    return [done + rest for done, rest in zip(paid, split(to - sum(paid), weights), strict=True)]


def paid_parts(parts: Sequence[int], received: int) -> list[int]:
    """How much of each part the received money covers, earliest first; an excess stands on the last."""
    paid, rest = [], received
    for part in parts:
        paid.append(min(part, rest))
        rest -= paid[-1]
    paid[-1] += rest
    return paid


def unpaid(calls: Collection[tuple[date, int]], committed: int) -> list[tuple[date, int]]:
    """The calls of a promise that are not wholly here, by day, each with what lacks; the earliest are paid first.

    ``committed`` is what of all calls is still to come: money that came before a call never pays for it.
    """
    found, rest = [], max(0, sum(amount for _, amount in calls) - committed)
    for day, amount in sorted(calls):
        lack = amount - min(amount, rest)
        rest -= amount - lack
        if lack > 0:
            found.append((day, lack))
    return found


def next_part(parts: Sequence[tuple[date, int]], called: int) -> tuple[date, int] | None:
    """The next instalment that was not called yet, with what of it is left to call; None where all was."""
    paid = paid_parts([amount for _, amount in parts], called) if parts else []
    lacks = ((day, amount - done) for (day, amount), done in zip(parts, paid, strict=True))
    return next(((day, lack) for day, lack in lacks if lack > 0), None)


def status(
    purse: Purse,
    today: date,
    *,
    until: date | None = None,
    due: date | None = None,
    waits: bool = False,
    ended: PledgeStatus | None = None,
) -> PledgeStatus:
    """What became of a promise by a day.

    ``until``: the day after which an open promise has expired. ``due``: by when the called part is to come.
    ``waits``: its condition does not hold yet. ``ended``: why the open part lapsed, where a person said so.
    """
    if purse.received + purse.fees > purse.promised > 0:
        return PledgeStatus.OVER_FUNDED
    if purse.received and purse.received + purse.fees >= purse.promised:
        return PledgeStatus.FULFILLED
    if purse.committed and due is not None and due < today:
        return PledgeStatus.OVERDUE
    if purse.received:
        return PledgeStatus.PART_RECEIVED
    if purse.committed:
        return PledgeStatus.CALLED
    return _open_status(purse, today, until, waits=waits, ended=ended)


def _open_status(
    purse: Purse, today: date, until: date | None, *, waits: bool, ended: PledgeStatus | None
) -> PledgeStatus:
    """Of a promise of which nothing was called or received."""
    if not purse.pledged:
        return ended if ended in ENDED and ended is not None else PledgeStatus.EXPIRED
    if until is not None and until < today:
        return PledgeStatus.EXPIRED
    return PledgeStatus.WAITING if waits else PledgeStatus.PROMISED


def counted(purse: Purse, today: date, until: date | None) -> int:
    """What a promise counts for in totals of promises: nothing of its open part after its last day (L16)."""
    expired = until is not None and until < today
    return purse.promised - (purse.pledged if expired else 0)


@dataclass(frozen=True, slots=True)
class Reminding:
    """How often people are reminded: at most so many times, at least so many days apart."""

    most: int = 3
    days_apart: int = 14


REMINDED = {PledgeStatus.CALLED, PledgeStatus.OVERDUE, PledgeStatus.PART_RECEIVED}


def may_remind(now: PledgeStatus, sent: Sequence[date], today: date, rule: Reminding | None = None) -> bool:
    """Whether a reminder may go out today (L15): only for what was called and is open, seldom, and not for ever.

    Who has unsubscribed is left out before this is asked.
    """
    rule = rule or Reminding()
    if now not in REMINDED or len(sent) >= rule.most:
        return False
    return not sent or max(sent) + timedelta(days=rule.days_apart) <= today

"""A project's money as everybody sees it: four parts that stack up to its cost, by source; hours apart.

One value, many readers: page, API, CSV. Everything is worked out from the net sums of the books.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from cdp.funding.rules.ledger import Op, Purse
from cdp.funding.rules.standing import RECEIVED, SPENT, Flow
from cdp.funding.rules.units import HOURS, IN_KIND
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.rounds.states import Source

NO_WORDS = Words()

Place = tuple[Source, str]
"""A source and the name of its party."""

PLEDGED = {Op.PLEDGE: 1, Op.LAPSE: -1, Op.COMMIT: -1, Op.RECEIVE_EARLY: -1}
COMMITTED = {
    Op.COMMIT: 1,
    Op.SIGN: 1,
    Op.DECOMMIT: -1,
    Op.WRITE_OFF: -1,
    Op.RECEIVE: -1,
    Op.FEE: -1,
    Op.PAY_DIRECT: -1,
    Op.DELIVER: -1,
}
HERE = RECEIVED | {Op.PAY_DIRECT: 1}
PROMISED = {Op.PLEDGE: 1, Op.SIGN: 1}
"""The operations whose dirhams say at which rate a purse is reckoned."""

WAYS = {op: tuple(side.get(op, 0) for side in (PLEDGED, COMMITTED, HERE, SPENT, PROMISED)) for op in Op}
"""What an operation does to each part of a purse, so that a purse is read once."""


@dataclass(frozen=True)
class SourceRow:
    """The money of one source of a project, in dirhams; each part excludes the others.

    ``pledged`` is promised and open, ``committed`` signed or called and not yet here, ``received`` is here or
    was paid to the supplier, ``spent`` is the part of it that was spent; ``givers`` counts open or kept promises.
    """

    source: Source
    party: str
    planned: Money
    pledged: Money
    committed: Money
    received: Money
    spent: Money
    givers: int = 0
    name: Words = NO_WORDS
    """What the party is called, where the reader asked for it."""


@dataclass(frozen=True)
class MoneySheet:
    """A project's money on a day: four parts that stack up to its cost, and the same by source; hours apart."""

    cost: Money
    received: Money
    committed: Money
    pledged: Money
    sought: Money
    spent: Money
    over: Money
    rows: tuple[SourceRow, ...]
    hours_promised: int
    hours_done: int


def uncounted(money: MoneySheet) -> MoneySheet:
    """The same money without numbers of givers: beside the names they would tell that somebody has none."""
    return replace(money, rows=tuple(replace(row, givers=0) for row in money.rows))


@dataclass
class _Part:
    planned: int = 0
    pledged: int = 0
    committed: int = 0
    received: int = 0
    spent: int = 0
    givers: int = 0


@dataclass
class _Sums:
    parts: dict[Place, _Part] = field(default_factory=lambda: defaultdict(_Part))
    hours_promised: int = 0
    hours_done: int = 0


def sheet(
    cost: Money,
    plan: Mapping[Source, int],
    sums: Mapping[Purse, Mapping[Op, Flow]],
    *,
    places: Mapping[int, Place],
    expired: Collection[int] = (),
) -> MoneySheet:
    """The sheet of a project: its cost, what the plan takes from each source (centimes), the books' net sums.

    ``places`` names each funding line; promises in ``expired`` no longer count as pledged (L16).
    """
    found = _Sums()
    for purse, ops in sums.items():
        if purse.unit in IN_KIND:
            _add_hours(found, purse, ops)
        else:
            _add_cash(found.parts[places[purse.line or 0]], purse, ops, is_expired=purse.pledge in expired)
    for source, amount in plan.items():
        found.parts[next((p for p in found.parts if p[0] is source), (source, ""))].planned += amount
    rows = tuple(_row(place, found.parts[place]) for place in sorted(found.parts, key=_order))
    received = Money(sum(row.received.minor for row in rows))
    committed = Money(sum(row.committed.minor for row in rows))
    pledged = Money(sum(row.pledged.minor for row in rows))
    gap = (cost - received - committed - pledged).minor
    return MoneySheet(
        cost=cost,
        received=received,
        committed=committed,
        pledged=pledged,
        sought=Money(max(0, gap)),
        spent=Money(sum(row.spent.minor for row in rows)),
        over=Money(max(0, -gap)),
        rows=rows,
        hours_promised=found.hours_promised,
        hours_done=found.hours_done,
    )


def _order(place: Place) -> tuple[int, str]:
    return list(Source).index(place[0]), place[1]


def _row(place: Place, part: _Part) -> SourceRow:
    return SourceRow(
        source=place[0],
        party=place[1],
        planned=Money(part.planned),
        pledged=Money(part.pledged),
        committed=Money(part.committed),
        received=Money(part.received),
        spent=Money(part.spent),
        givers=part.givers,
    )


def _add_hours(found: _Sums, purse: Purse, ops: Mapping[Op, Flow]) -> None:
    """Hours are kept in minutes and shown apart; goods are listed with their promises, never summed."""
    if purse.unit == HOURS:
        found.hours_promised += _native(ops, PLEDGED) + _native(ops, COMMITTED)
        found.hours_done += _native(ops, {Op.DELIVER: 1})


def _add_cash(part: _Part, purse: Purse, ops: Mapping[Op, Flow], *, is_expired: bool) -> None:
    pledged = committed = received = spent = promised = dirhams = 0
    for op, (amount, mad) in ops.items():
        to_pledged, to_committed, to_here, to_spent, to_promised = WAYS[op]
        pledged += to_pledged * amount
        committed += to_committed * amount
        received += to_here * mad
        spent += to_spent * mad
        promised += to_promised * amount
        dirhams += to_promised * mad
    pledged = 0 if is_expired else _at_rate(pledged, dirhams, promised)
    part.pledged += pledged
    part.committed += _at_rate(committed, dirhams, promised)
    part.received += received
    part.spent += spent
    part.givers += 1 if purse.pledge is not None and (pledged or received) else 0


def _native(ops: Mapping[Op, Flow], signs: Mapping[Op, int]) -> int:
    return sum(signs[op] * flow.amount_minor for op, flow in ops.items() if op in signs)


def _dirhams(ops: Mapping[Op, Flow], signs: Mapping[Op, int]) -> int:
    return sum(signs[op] * flow.mad_minor for op, flow in ops.items() if op in signs)


def open_dirhams(ops: Mapping[Op, Flow], signs: Mapping[Op, int]) -> int:
    """Dirhams of what stands on an account of promises, at the rate of the promise (half to even)."""
    return _at_rate(_native(ops, signs), _dirhams(ops, PROMISED), _native(ops, PROMISED))


def _at_rate(amount: int, dirhams: int, base: int) -> int:
    """An amount at the rate of ``dirhams`` for ``base`` (half to even); nothing of what is not open."""
    if amount <= 0 or not base:
        return 0
    if amount == base:
        return dirhams
    whole, rest = divmod(dirhams * amount, base)
    twice = 2 * rest
    return whole + (1 if twice > base or (twice == base and whole % 2) else 0)

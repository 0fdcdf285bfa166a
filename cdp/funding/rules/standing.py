"""Needed, pledged, committed, received, spent and gap: one reckoning for pages, exports and reports.

The reckoning starts from *flows*, the net sums of each purse by operation, which a database can add up in
one query (``group by project, line, pledge, unit, op``) and ``flows`` from entries. Nothing is stored: a
raised budget opens the gap again (L19). Each unit stands alone; only currencies meet, through the dirhams
frozen on their entries; hours and things never join cash (L11).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from cdp.funding.rules.ledger import Move, Op, Purse
from cdp.funding.rules.units import IN_KIND, MAD


class Flow(NamedTuple):
    """Net sum of one operation in one purse: minor units, and dirham cents frozen on the entries."""

    amount_minor: int
    mad_minor: int


Flows = Mapping[Purse, Mapping[Op, Flow]]
NOTHING = Flow(0, 0)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What a source is to bring: needed in its unit; ``needed_mad`` for a line in a foreign currency."""

    line: int
    source: str
    unit: str
    needed_minor: int
    needed_mad: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts of one source in one unit, in minor units. ``open`` is promised or signed, not yet here."""

    needed: int = 0
    pledged: int = 0
    committed: int = 0
    received: int = 0
    spent: int = 0
    open: int = 0
    covered: int = 0

    @property
    def gap(self) -> int:
        """What nobody has promised or paid yet; never below 0."""
        return max(0, self.needed - self.covered)

    @property
    def over(self) -> int:
        """What is covered beyond the need; never below 0."""
        return max(0, self.covered - self.needed)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Figures)))


@dataclass(frozen=True, slots=True)
class Standing:
    """Figures by (source, unit), and the cash of each source in dirhams."""

    by_unit: dict[tuple[str, str], Figures]
    cash_mad: dict[str, Figures]

    def total(self, unit: str) -> Figures:
        """All sources in one unit."""
        return sum((figures for (_, own), figures in self.by_unit.items() if own == unit), Figures())

    @property
    def total_mad(self) -> Figures:
        """All cash of all sources, in dirhams as frozen on the entries; no hours, no things."""
        return sum(self.cash_mad.values(), Figures())


def flows(entries: Iterable[Move]) -> dict[Purse, dict[Op, Flow]]:
    """Net sums by purse and operation: a reversal takes its original off again."""
    sums: defaultdict[Purse, dict[Op, Flow]] = defaultdict(dict)
    for entry in entries:
        ops = sums[entry.purse]
        before = ops.get(entry.op, NOTHING)
        ops[entry.op] = Flow(
            before.amount_minor + entry.sign * entry.amount_minor,
            before.mad_minor + entry.sign * (entry.mad_minor or 0),
        )
    return dict(sums)


PROMISED = {Op.PLEDGE: 1, Op.LAPSE: -1, Op.SIGN: 1, Op.DECOMMIT: -1, Op.WRITE_OFF: -1}
COMMITTED = {Op.COMMIT: 1, Op.SIGN: 1, Op.DECOMMIT: -1, Op.WRITE_OFF: -1}
RECEIVED = {
    Op.RECEIVE: 1,
    Op.RECEIVE_EARLY: 1,
    Op.GIFT: 1,
    Op.ALLOCATE: 1,
    Op.TRANSFER_IN: 1,
    Op.TRANSFER_OUT: -1,
    Op.REFUND: -1,
}
SPENT = {Op.SPEND: 1, Op.PAY_DIRECT: 1, Op.DELIVER: 1}
BROUGHT = RECEIVED | {Op.PAY_DIRECT: 1, Op.DELIVER: 1}
OPEN = PROMISED | {Op.RECEIVE: -1, Op.RECEIVE_EARLY: -1, Op.PAY_DIRECT: -1, Op.DELIVER: -1, Op.FEE: -1}


def _net(ops: Mapping[Op, Flow], signs: Mapping[Op, int]) -> Flow:
    amount = mad = 0
    for op, flow in ops.items():  # one or two of them stand beside a dozen signs
        if sign := signs.get(op):
            amount += sign * flow.amount_minor
            mad += sign * flow.mad_minor
    return Flow(amount, mad)


def native_open_and_brought(ops: Mapping[Op, Flow]) -> tuple[int, int]:
    """What is still to come of a purse and what it has brought, in its own unit."""
    still = brought = 0
    for op, flow in ops.items():
        still += OPEN.get(op, 0) * flow.amount_minor
        brought += BROUGHT.get(op, 0) * flow.amount_minor
    return still, brought


def open_promise(ops: Mapping[Op, Flow]) -> Flow:
    """What is still to come of a purse, and its dirhams at the rate of the promise (half to even)."""
    amount = _net(ops, OPEN).amount_minor
    promised = _net(ops, PROMISED)
    mad = _half_even(promised.mad_minor * amount, promised.amount_minor) if promised.amount_minor else 0
    return Flow(amount, mad)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return whole + (twice > denominator or (twice == denominator and whole % 2))


def purse_figures(ops: Mapping[Op, Flow]) -> tuple[Figures, Figures]:
    """Figures of one purse: in its own unit, and in dirhams."""
    still = open_promise(ops)
    brought = _net(ops, BROUGHT)
    parts = (_net(ops, PROMISED), _net(ops, COMMITTED), _net(ops, RECEIVED), _net(ops, SPENT))
    covered = Flow(still.amount_minor + brought.amount_minor, still.mad_minor + brought.mad_minor)
    native, mad = zip(*parts, still, covered, strict=True)
    return Figures(0, *native), Figures(0, *mad)


def standing(entries: Iterable[Move], plan: Iterable[PlanLine], *, other: str = "other") -> Standing:
    """The standing of a project from its entries; ``other`` names the source of lines outside the plan."""
    return standing_of(flows(entries), plan, other=other)


def standing_of(sums: Flows, plan: Iterable[PlanLine], *, other: str = "other") -> Standing:
    """The standing of a project from its flows, by source and unit."""
    by_unit: defaultdict[tuple[str, str], Figures] = defaultdict(Figures)
    cash: defaultdict[str, Figures] = defaultdict(Figures)
    sources: dict[int | None, str] = {}
    for line in plan:
        sources[line.line] = line.source
        by_unit[line.source, line.unit] += Figures(needed=line.needed_minor)
        if line.unit not in IN_KIND:
            own = line.needed_minor if line.unit == MAD else line.needed_mad or 0
            cash[line.source] += Figures(needed=own)
    for purse, ops in sums.items():
        source = sources.get(purse.line, other)
        native, mad = purse_figures(ops)
        by_unit[source, purse.unit] += native
        if purse.unit not in IN_KIND:
            cash[source] += mad
    return Standing(dict(by_unit), dict(cash))


def exchange_difference(ops: Mapping[Op, Flow]) -> int:
    """Dirham cents a promise gained (+) or lost (-) because it was received at another rate than promised."""
    received = _net(ops, {Op.RECEIVE: 1, Op.RECEIVE_EARLY: 1, Op.PAY_DIRECT: 1})
    promised = _net(ops, {Op.PLEDGE: 1, Op.LAPSE: -1, Op.SIGN: 1, Op.DECOMMIT: -1, Op.WRITE_OFF: -1})
    if not promised.amount_minor:
        return 0
    return received.mad_minor - _half_even(promised.mad_minor * received.amount_minor, promised.amount_minor)

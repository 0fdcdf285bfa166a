"""What became of promises as public facts: partners against their agreements, rates of the promise against receipt.

Sums only: a partner is an institution that signed; what people promised in a currency stands all together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cdp.funding.rules.ledger import Op, Purse
from cdp.funding.rules.standing import Flow, exchange_difference
from cdp.funding.rules.units import IN_KIND, MAD
from cdp.rounds.states import Source

CAME = (Op.RECEIVE, Op.RECEIVE_EARLY, Op.PAY_DIRECT)
"""How money comes of a promise."""


@dataclass(frozen=True)
class Signed:
    """One line with what its agreements say: centimes signed and paid, the instalments, since when it fails."""

    source: Source
    party: str
    signed_minor: int
    paid_minor: int
    parts: tuple[tuple[date, int], ...] = ()
    default_since: date | None = None


@dataclass(frozen=True)
class Funder:
    """A partner over all its agreements, in centimes; ``late``: due by its instalments and not here."""

    source: Source
    party: str
    signed_minor: int
    paid_minor: int
    late_minor: int = 0
    late_since: date | None = None
    default_since: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything that was signed is here."""
        return self.paid_minor >= self.signed_minor


@dataclass(frozen=True)
class Exchange:
    """What came in one currency: its minor units, its centimes at the rates of the promises and of the receipts."""

    unit: str
    received_minor: int
    promised_dirhams: int
    received_dirhams: int

    @property
    def difference(self) -> int:
        """Centimes gained (+) or lost (-) between promise and receipt."""
        return self.received_dirhams - self.promised_dirhams


def late(parts: Iterable[tuple[date, int]], paid: int, day: date) -> tuple[int, date | None]:
    """What was due before a day and is not here, and since when: the first instalment that is not covered."""
    due, since = 0, None
    for on, amount in sorted(parts):
        if on < day:
            due += amount
            since = on if since is None and due > paid else since
    return max(0, due - paid), since


def funders(signed: Sequence[Signed], day: date) -> list[Funder]:
    """The partners with all their lines together, in the order of the sources, then by name."""
    rows: defaultdict[tuple[Source, str], list[Signed]] = defaultdict(list)
    for each in signed:
        rows[each.source, each.party].append(each)
    order = list(Source)
    return [_funder(place, rows[place], day) for place in sorted(rows, key=lambda at: (order.index(at[0]), at[1]))]


def _funder(place: tuple[Source, str], rows: Sequence[Signed], day: date) -> Funder:
    owed = [late(row.parts, row.paid_minor, day) for row in rows]
    since = [on for _, on in owed if on is not None]
    failed = [row.default_since for row in rows if row.default_since is not None]
    return Funder(
        *place,
        signed_minor=sum(row.signed_minor for row in rows),
        paid_minor=sum(row.paid_minor for row in rows),
        late_minor=sum(amount for amount, _ in owed),
        late_since=min(since, default=None),
        default_since=min(failed, default=None),
    )


def exchanges(sums: Iterable[Mapping[Purse, Mapping[Op, Flow]]]) -> list[Exchange]:
    """What came of promises in each foreign currency, by its code; currencies of which nothing came are left out."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for own in sums:
        for purse, ops in own.items():
            if purse.unit == MAD or purse.unit in IN_KIND or not _was_promised(ops):
                continue
            got = _received(ops)
            parts = found[purse.unit]
            parts[0] += got.amount_minor
            parts[1] += got.mad_minor - exchange_difference(ops)
            parts[2] += got.mad_minor
    return [Exchange(unit, *parts) for unit, parts in sorted(found.items()) if parts[0]]


def _was_promised(ops: Mapping[Op, Flow]) -> bool:
    return any(ops[op].amount_minor for op in (Op.PLEDGE, Op.SIGN) if op in ops)


def _received(ops: Mapping[Op, Flow]) -> Flow:
    came = [ops[op] for op in CAME if op in ops]
    return Flow(sum(each.amount_minor for each in came), sum(each.mad_minor for each in came))

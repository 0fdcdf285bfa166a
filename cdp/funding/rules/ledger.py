"""The books: stage accounts, the operations between them, and what may be posted.

Every entry moves one amount from one account to another inside one *purse* (project, funding line, pledge,
unit); the operation alone says which. Nothing is changed afterwards: an entry is put right by a reversal,
which is the same operation run backwards. Money that changes purse (a transfer, an exchange, a receipt found
among the unknown ones) is a pair of entries that carry the same ``linked`` key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    """Where an amount stands on its way from the world to the works."""

    WORLD = "world"
    PLEDGED = "pledged"
    COMMITTED = "committed"
    HELD = "held"
    SPENT = "spent"
    LAPSED = "lapsed"
    REFUNDED = "refunded"
    FEES = "fees"
    UNALLOCATED = "unallocated"
    WRITTEN_OFF = "written_off"
    FX = "fx"


class Op(StrEnum):
    """What happened to an amount."""

    PLEDGE = "pledge"
    LAPSE = "lapse"
    COMMIT = "commit"
    SIGN = "sign"
    DECOMMIT = "decommit"
    WRITE_OFF = "write_off"
    RECEIVE = "receive"
    RECEIVE_EARLY = "receive_early"
    GIFT = "gift"
    UNKNOWN = "unknown"
    ALLOCATE = "allocate"
    IDENTIFY = "identify"
    GIVE_BACK = "give_back"
    FEE = "fee"
    CHARGE = "charge"
    SPEND = "spend"
    PAY_DIRECT = "pay_direct"
    DELIVER = "deliver"
    REFUND = "refund"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    CONVERT_OUT = "convert_out"
    CONVERT_IN = "convert_in"


class Route(NamedTuple):
    """From which account to which."""

    source: Account
    target: Account


A = Account

OPERATIONS: dict[Op, Route] = {
    Op.PLEDGE: Route(A.WORLD, A.PLEDGED),  # promised by a person or a group
    Op.LAPSE: Route(A.PLEDGED, A.LAPSED),  # withdrawn, expired, reduced, declined, condition failed
    Op.COMMIT: Route(A.PLEDGED, A.COMMITTED),  # payment called and accepted, or a treasurer's signature
    Op.SIGN: Route(A.WORLD, A.COMMITTED),  # convention signed by an institution
    Op.DECOMMIT: Route(A.COMMITTED, A.LAPSED),  # amendment, default of a funder
    Op.WRITE_OFF: Route(A.COMMITTED, A.WRITTEN_OFF),  # given up by decision
    Op.RECEIVE: Route(A.COMMITTED, A.HELD),
    Op.RECEIVE_EARLY: Route(A.PLEDGED, A.HELD),  # money that came before it was called
    Op.GIFT: Route(A.WORLD, A.HELD),  # money nobody had promised
    Op.UNKNOWN: Route(A.WORLD, A.UNALLOCATED),  # money nobody can place yet, or more than was promised
    Op.ALLOCATE: Route(A.UNALLOCATED, A.HELD),  # placed in the purse where it already waits
    Op.IDENTIFY: Route(A.UNALLOCATED, A.WORLD),  # placed in another purse: linked to a receipt there
    Op.GIVE_BACK: Route(A.UNALLOCATED, A.REFUNDED),
    Op.FEE: Route(A.COMMITTED, A.FEES),  # taken by banks on the way: the promise closes, the loss shows
    Op.CHARGE: Route(A.HELD, A.FEES),  # taken by the bank from the account
    Op.SPEND: Route(A.HELD, A.SPENT),
    Op.PAY_DIRECT: Route(A.COMMITTED, A.SPENT),  # the funder paid the supplier
    Op.DELIVER: Route(A.COMMITTED, A.SPENT),  # hours or things, verified by a second person
    Op.REFUND: Route(A.HELD, A.REFUNDED),
    Op.TRANSFER_OUT: Route(A.HELD, A.WORLD),
    Op.TRANSFER_IN: Route(A.WORLD, A.HELD),
    Op.CONVERT_OUT: Route(A.HELD, A.FX),
    Op.CONVERT_IN: Route(A.FX, A.HELD),
}

MAY_BE_NEGATIVE = frozenset({A.WORLD, A.FX})
COMES_IN = frozenset({Op.RECEIVE, Op.RECEIVE_EARLY, Op.GIFT, Op.UNKNOWN, Op.CONVERT_IN})
GOES_OUT = frozenset({Op.SPEND, Op.REFUND, Op.GIVE_BACK, Op.CHARGE, Op.IDENTIFY, Op.CONVERT_OUT})
IN_KIND_OPS = frozenset({Op.PLEDGE, Op.LAPSE, Op.COMMIT, Op.SIGN, Op.DECOMMIT, Op.WRITE_OFF, Op.DELIVER})
LINKED_OPS = frozenset({Op.IDENTIFY, Op.TRANSFER_OUT, Op.TRANSFER_IN, Op.CONVERT_OUT, Op.CONVERT_IN})
ON_BANK_EVIDENCE = frozenset({Op.RECEIVE, Op.RECEIVE_EARLY, Op.GIFT, Op.UNKNOWN, Op.REFUND, Op.GIVE_BACK})
ON_PAPER_EVIDENCE = frozenset({Op.SIGN, Op.SPEND, Op.PAY_DIRECT, Op.DELIVER})


class Purse(NamedTuple):
    """Where an amount belongs. ``pledge`` None: the line's own; all None: nobody knows yet."""

    project: int | None
    line: int | None
    pledge: int | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One wish to post: what, where, how much, who, on what evidence.

    ``amount_minor`` is always positive, in the smallest unit (cents, minutes, pieces). ``actor`` and
    ``second_actor`` are salted marks, not names, so a person can be forgotten while the seal still holds.
    ``key`` is unique for each entry: an act of several moves numbers its keys.
    """

    op: Op
    project: int | None
    line: int | None
    pledge: int | None
    unit: str
    amount_minor: int
    effective_date: date
    actor: str
    key: str
    second_actor: str | None = None
    rate: str | None = None
    rate_date: date | None = None
    rate_source: str | None = None
    mad_minor: int | None = None
    reverses: int | None = None
    linked: str | None = None
    evidence: str | None = None
    statement_line: int | None = None

    @property
    def purse(self) -> Purse:
        """Where the amount belongs."""
        return Purse(self.project, self.line, self.pledge, self.unit)

    @property
    def route(self) -> Route:
        """From which account to which; a reversal runs backwards."""
        route = OPERATIONS[self.op]
        return route if self.reverses is None else Route(route.target, route.source)

    @property
    def sign(self) -> int:
        """1 for an entry, -1 for a reversal: what sums over one operation multiply with."""
        return 1 if self.reverses is None else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Move):
    """A move as it stands in the books: numbered, dated by the clock, sealed to the entry before."""

    seq: int
    recorded_at: datetime
    prev_hash: str = ""
    hash: str = ""


class Balances:
    """What stands on every account, by purse and by line; worked out from entries, never stored."""

    def __init__(self) -> None:
        """Empty books."""
        self.by_purse: dict[tuple[Purse, Account], int] = {}
        self.by_line: dict[tuple[Purse, Account], int] = {}

    def post(self, move: Move) -> None:
        """Move the amount; whether that is allowed is asked before (``check_move``)."""
        source, target = move.route
        purse, amount = move.purse, move.amount_minor
        pool = purse._replace(pledge=None)
        for book, place in ((self.by_purse, purse), (self.by_line, pool)):
            _add(book, (place, source), -amount)
            _add(book, (place, target), amount)

    def at(self, purse: Purse, account: Account) -> int:
        """Minor units on an account of one purse."""
        return self.by_purse.get((purse, account), 0)

    def on_line(self, purse: Purse, account: Account) -> int:
        """Minor units on an account of the whole funding line (all its pledges) in the purse's unit."""
        return self.by_line.get((purse._replace(pledge=None), account), 0)

    def available(self, purse: Purse, account: Account) -> int:
        """What a move may take: of a pledge, its own part; held money of a line is one common pot.

        A line pays its works from the pot, not from the money of this or that giver; so what a pledge may
        still get back is its own part, and no more than what is left in the pot.
        """
        pot = self.on_line(purse, account)
        if purse.pledge is None and account is Account.HELD:
            return pot
        return min(self.at(purse, account), pot)

    def totals(self) -> dict[tuple[Purse, Account], int]:
        """Every account that is not empty."""
        return dict(self.by_purse)


def _add(book: dict[tuple[Purse, Account], int], place: tuple[Purse, Account], amount: int) -> None:
    """Add to one account; empty accounts are not kept, so that old purses cost no memory."""
    if now := book.get(place, 0) + amount:
        book[place] = now
    else:
        del book[place]


def balances(entries: Iterable[Move]) -> Balances:
    """What stands where, after these entries in their order."""
    books = Balances()
    for entry in entries:
        books.post(entry)
    return books


def reversal_of(entry: Entry, *, actor: str, key: str, effective_date: date) -> Move:
    """The move that takes an entry back: same operation, purse, amount, rate and dirhams; run backwards."""
    return Move(
        op=entry.op,
        project=entry.project,
        line=entry.line,
        pledge=entry.pledge,
        unit=entry.unit,
        amount_minor=entry.amount_minor,
        effective_date=effective_date,
        actor=actor,
        key=key,
        rate=entry.rate,
        rate_date=entry.rate_date,
        rate_source=entry.rate_source,
        mad_minor=entry.mad_minor,
        reverses=entry.seq,
        linked=entry.linked,
        evidence=entry.evidence,
        statement_line=entry.statement_line,
    )

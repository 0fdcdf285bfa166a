"""Whose money built what: from a spent amount back to its givers, and from a giver's money to the works.

A line pays from one pot, so what it spends comes from all who filled it, each by the share that lay there when
it was paid; a giver's refund or transfer takes the own part out first. Parts are whole minor units and sum
exactly (largest remainder). Givers are numbers of pledges here: names are added, or not, by who may see them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from cdp.funding.rules.ledger import Account, Entry, Op, Purse
from cdp.funding.rules.shares import split


class Part(NamedTuple):
    """So much of one spending came from one pledge (None: the line's own money, from nobody in particular)."""

    spent_at: int
    pledge: int | None
    amount_minor: int


class _Pot:
    """What lies in the pot of one line and unit, by giver."""

    def __init__(self) -> None:
        self.of: defaultdict[int | None, int] = defaultdict(int)

    def take(self, amount: int, pledge: int | None) -> dict[int | None, int]:
        """Take an amount: the named giver's own part first, the rest of all by their shares."""
        own = min(amount, self.of[pledge]) if pledge is not None else 0
        taken = {pledge: own} if own else {}
        if own:
            self.of[pledge] -= own
        givers = sorted(
            (giver for giver, lies in self.of.items() if lies > 0), key=lambda each: (each is None, each or 0)
        )
        rest = min(amount - own, sum(self.of[giver] for giver in givers))
        for giver, part in zip(givers, split(rest, [self.of[giver] for giver in givers]), strict=True):
            self.of[giver] -= part
            taken[giver] = taken.get(giver, 0) + part
        return {giver: part for giver, part in taken.items() if part}


class Trace:
    """The pots and what was paid out of them, entry by entry."""

    def __init__(self) -> None:
        self.pots: defaultdict[Purse, _Pot] = defaultdict(_Pot)
        self.paid: dict[int, dict[int | None, int]] = {}
        self.exchanged: dict[str, dict[int | None, int]] = {}
        self.brought: dict[int, dict[int | None, int]] = {}
        self.passed_on: dict[int, dict[int | None, int]] = {}

    def read(self, entry: Entry) -> None:
        """Put in, take out, or put back what a reversed spending took."""
        pot, route = self.pots[entry.purse._replace(pledge=None)], entry.route
        if entry.reverses is not None and self._undo(pot, entry, entry.reverses):
            return
        if route.source is Account.HELD:
            self._take(pot, entry)
        elif route.target is Account.SPENT:
            self.paid[entry.seq] = {entry.pledge: entry.amount_minor}
        elif route.target is Account.HELD:
            self._bring(pot, entry)

    def _undo(self, pot: _Pot, entry: Entry, seq: int) -> bool:
        """Put back what an entry took, or take what it brought, giver by giver; False for an entry of neither kind."""
        if seq in self.paid:
            self._put_back(pot, entry)
        elif seq in self.brought:
            for giver, amount in self.brought.pop(seq).items():
                pot.take(amount, giver)
        elif seq in self.passed_on:
            for giver, amount in self.passed_on.pop(seq).items():
                pot.of[giver] += amount
        else:
            return False
        return True

    def _take(self, pot: _Pot, entry: Entry) -> None:
        taken = pot.take(entry.amount_minor, entry.pledge)
        if entry.route.target is Account.SPENT:
            self.paid[entry.seq] = taken
        elif entry.op in {Op.CONVERT_OUT, Op.TRANSFER_OUT} and entry.linked:
            self.exchanged[entry.linked] = self.passed_on[entry.seq] = taken

    def _bring(self, pot: _Pot, entry: Entry) -> None:
        """What came belongs to its giver; what an exchange or another project gives, to all who gave it there (L23)."""
        is_passed_on = entry.op in {Op.CONVERT_IN, Op.TRANSFER_IN}
        gave = (is_passed_on and self.exchanged.get(entry.linked or "")) or {entry.pledge: 1}
        parts = dict(zip(gave, split(entry.amount_minor, list(gave.values())), strict=True))
        for giver, amount in parts.items():
            pot.of[giver] += amount
        if is_passed_on and entry.reverses is None:
            self.brought[entry.seq] = parts

    def _put_back(self, pot: _Pot, entry: Entry) -> None:
        taken = self.paid.pop(entry.reverses or 0)
        if entry.route.target is Account.HELD:
            for giver, amount in taken.items():
                pot.of[giver] += amount


def parts(entries: Iterable[Entry]) -> list[Part]:
    """Every spending by its sources, in the order of the books; taken-back spendings return to who paid them.

    Direct payments and deliveries never lay in the pot: they come from their own pledge.
    """
    trace = Trace()
    for entry in entries:
        trace.read(entry)
    return [Part(seq, giver, amount) for seq, taken in trace.paid.items() for giver, amount in taken.items()]

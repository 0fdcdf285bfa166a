"""What must always hold in the books, each under its name; one pass over any number of entries.

L1 conservation and linked pairs · L2 nothing below zero · L3 numbers, seals and stored balances · L4 keys ·
L5 reversals · L9 cumulative order · L10 dirhams · L11 units apart · L12 statement lines · L14 evidence ·
L18 instalments sum to the promise · L22 two persons. What a look at entries cannot show is proved elsewhere.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cdp.funding.rules.chain import GENESIS, link_problem
from cdp.funding.rules.ledger import MAY_BE_NEGATIVE, Account, Balances, Entry, Op, Purse
from cdp.funding.rules.posting import bank_effect, move_problem, reversal_fields

MOST_NAMED = 100
WHICH = {
    "funding.amount_not_positive": "L2",
    "funding.unit_unknown": "L11",
    "funding.in_kind_is_not_money": "L11",
    "funding.money_is_not_delivered": "L11",
    "funding.in_kind_has_no_rate": "L11",
    "funding.dirhams_have_no_rate": "L10",
    "funding.rate_missing": "L10",
    "funding.rate_and_dirhams_differ": "L10",
    "funding.evidence_missing": "L14",
    "funding.second_person_is_the_first": "L22",
    "funding.second_person_missing": "L22",
}


SIDES = {
    Op.TRANSFER_OUT: "transfer out",
    Op.TRANSFER_IN: "transfer in",
    Op.IDENTIFY: "identified",
    Op.RECEIVE: "placed",
    Op.RECEIVE_EARLY: "placed",
    Op.GIFT: "placed",
    Op.CONVERT_OUT: "convert out",
    Op.CONVERT_IN: "convert in",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """One invariant that does not hold: its name, the entry where it shows (0: the whole), and why."""

    name: str
    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the entries: each may be absent, and is then not asked.

    ``stored``: balances kept elsewhere. ``statement_lines``: signed minor units by id. ``instalments``: by
    pledge, the amounts of its schedule; ``promises``: by pledge, the amount it stands for.
    """

    stored: Mapping[tuple[Purse, Account], int] | None = None
    statement_lines: Mapping[int, int] | None = None
    instalments: Mapping[int, Iterable[int]] = field(default_factory=dict)
    promises: Mapping[int, int] = field(default_factory=dict)


class Audit:
    """Reads the books once, entry by entry, and remembers only sums: a million entries fit in memory."""

    def __init__(self, *, after: str = GENESIS) -> None:
        """``after``: the seal before the first entry."""
        self.broken: list[Broken] = []
        self.found = 0
        self.books = Balances()
        self._previous = after
        self._expected = 1
        self._prints = array("q")
        self._state = bytearray()
        self._keys: set[int] = set()
        self._linked: defaultdict[str, defaultdict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        self._by_op: defaultdict[tuple[Purse, Op], int] = defaultdict(int)
        self._on_statement: defaultdict[int, int] = defaultdict(int)

    def name(self, name: str, seq: int, why: str) -> None:
        """Note a broken invariant; beyond a hundred they are only counted (``found``)."""
        self.found += 1
        if len(self.broken) < MOST_NAMED:
            self.broken.append(Broken(name, seq, why))

    def read(self, entry: Entry) -> None:
        """Check one entry against all before it, then add it to the sums."""
        self._chain(entry)
        self._keys_once(entry)
        self._reversal(entry)
        if problem := move_problem(entry):
            self.name(WHICH.get(problem, "L2"), entry.seq, problem)
        self._cover(entry)
        self._sum(entry)

    def _chain(self, entry: Entry) -> None:
        if problem := link_problem(entry, self._expected, self._previous):
            self.name("L3", entry.seq, f"chain: {problem}")
        self._expected, self._previous = entry.seq + 1, entry.hash

    def _keys_once(self, entry: Entry) -> None:
        mark = hash(entry.key)
        if mark in self._keys:
            self.name("L4", entry.seq, f"key used twice: {entry.key}")
        self._keys.add(mark)

    def _reversal(self, entry: Entry) -> None:
        self._prints.append(hash(reversal_fields(entry)))
        self._state.append(0 if entry.reverses is None else 2)
        if entry.reverses is None:
            return
        place = entry.reverses - 1
        if not 0 <= place < len(self._state) - 1:
            self.name("L5", entry.seq, f"reverses {entry.reverses}, which is not before it")
        elif self._state[place]:
            why = "a reversal" if self._state[place] == 2 else "an entry already reversed"
            self.name("L5", entry.seq, f"reverses {entry.reverses}, {why}")
        else:
            self._state[place] = 1
            if self._prints[place] != self._prints[-1]:
                self.name("L5", entry.seq, f"differs from {entry.reverses}, which it reverses")

    def _cover(self, entry: Entry) -> None:
        source = entry.route.source
        if source not in MAY_BE_NEGATIVE and self.books.available(entry.purse, source) < entry.amount_minor:
            self.name("L2", entry.seq, f"{source} falls below zero")

    def _sum(self, entry: Entry) -> None:
        self.books.post(entry)
        amount = entry.sign * entry.amount_minor
        self._by_op[entry.purse._replace(pledge=None), entry.op] += amount
        self._link(entry, amount)
        if entry.statement_line is not None:
            self._on_statement[entry.statement_line] += bank_effect(entry)

    def _link(self, entry: Entry, amount: int) -> None:
        side = SIDES.get(entry.op)
        if side and entry.linked:
            self._linked[entry.linked][side, entry.unit] += amount

    def finish(self, facts: Facts) -> list[Broken]:
        """What only the whole shows; then everything that was found, in order."""
        self._conserved()
        self._pairs()
        self._in_order()
        self._as_stored(facts)
        self._statements(facts)
        self._schedules(facts)
        return self.broken

    def _conserved(self) -> None:
        sums: defaultdict[Purse, int] = defaultdict(int)
        for (purse, _), amount in self.books.by_purse.items():
            sums[purse] += amount
        for purse, rest in sums.items():
            if rest:
                self.name("L1", 0, f"{purse} sums to {rest}, not 0")

    def _pairs(self) -> None:
        for key, sums in self._linked.items():
            for why in pair_problems(sums):
                self.name("L1", 0, f"linked {key}: {why}")

    def _in_order(self) -> None:
        for purse in {purse for purse, _ in self._by_op}:
            for why in order_problems({op: self._by_op.get((purse, op), 0) for op in Op}):
                self.name("L9", 0, f"{purse}: {why}")

    def _as_stored(self, facts: Facts) -> None:
        if facts.stored is None:
            return
        own, stored = self.books.totals(), {k: v for k, v in facts.stored.items() if v}
        for place in own.keys() | stored.keys():
            if own.get(place, 0) != stored.get(place, 0):
                self.name("L3", 0, f"{place}: books {own.get(place, 0)}, stored {stored.get(place, 0)}")

    def _statements(self, facts: Facts) -> None:
        if facts.statement_lines is None:
            return
        for line, used in self._on_statement.items():
            amount = facts.statement_lines.get(line)
            if amount is None:
                self.name("L12", 0, f"statement line {line} does not exist")
            elif abs(used) > abs(amount) or used * amount < 0:
                self.name("L12", 0, f"statement line {line}: {used} of {amount} used")

    def _schedules(self, facts: Facts) -> None:
        for pledge, parts in facts.instalments.items():
            whole = facts.promises.get(pledge, 0)
            if sum(parts) != whole:
                self.name("L18", 0, f"instalments of pledge {pledge} do not sum to {whole}")


def pair_problems(sums: Mapping[tuple[str, str], int]) -> list[str]:
    """What does not fit together among entries that carry one linked key (L1); net of reversals."""
    problems = []
    for unit in {unit for _, unit in sums}:
        if sums.get(("transfer out", unit), 0) != sums.get(("transfer in", unit), 0):
            problems.append(f"a transfer of {unit} with unequal sides")
        identified = sums.get(("identified", unit), 0)
        if identified and identified != sums.get(("placed", unit), 0):
            problems.append(f"{unit} identified and placed differ")
    sides = {side for (side, _), amount in sums.items() if amount and side.startswith("convert")}
    return [*problems, "an exchange with one side"] if len(sides) == 1 else problems


def order_problems(net: Mapping[Op, int]) -> list[str]:
    """L9 on the net sums of one line and unit: nothing comes before what it rests on."""

    def sums(*ops: Op) -> int:
        return sum(net.get(op, 0) for op in ops)

    committed = sums(Op.COMMIT, Op.SIGN)
    received = sums(Op.RECEIVE, Op.RECEIVE_EARLY, Op.GIFT, Op.ALLOCATE, Op.TRANSFER_IN, Op.CONVERT_IN)
    left = received - sums(Op.REFUND, Op.TRANSFER_OUT, Op.CONVERT_OUT, Op.CHARGE)
    rules = {
        "more committed than pledged and signed": committed <= sums(Op.PLEDGE, Op.SIGN),
        "more received than committed, direct or given": sums(Op.RECEIVE) <= committed,
        "more spent than was there": sums(Op.SPEND) <= left,
        "more allocated than was unknown": sums(Op.ALLOCATE, Op.IDENTIFY, Op.GIVE_BACK) <= sums(Op.UNKNOWN),
    }
    return [why for why, holds in rules.items() if not holds]


def invariants(entries: Iterable[Entry], facts: Facts | None = None) -> list[Broken]:
    """Every broken invariant of the books, by name; empty when all hold. Entries come in their order."""
    audit = Audit()
    for entry in entries:
        audit.read(entry)
    return audit.finish(facts or Facts())

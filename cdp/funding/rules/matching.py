"""Which payment is for which promise: a reference decides, everything else suggests, a person confirms.

Nothing here sends or posts anything. The parts of a line and its rest always sum to the line; the rest waits
as unallocated. Lines are taken in their order, so several lines may fill one promise.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cdp.funding.rules.names import likeness, skeleton
from cdp.funding.rules.references import squeezed
from cdp.funding.rules.statements.values import Line

MOST_CANDIDATES = 40
MOST_SUGGESTIONS = 5
ENOUGH = 50
LIKE_ENOUGH = 0.6
RUNS = re.compile(r"[0-9]{9,}")
"""Digits in a row that are long enough for a reference with one slip of the hand."""
POINTS = {
    "near_reference": 60,
    "digits_of_reference": 60,
    "known_account": 50,
    "same_name": 40,
    "same_amount": 35,
    "amount_less_fee": 25,
    "in_time": 10,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """An open promise: what is still to come of it, and who may send it.

    ``late``: it has expired and would be revived. ``since`` and ``until``: the days in which it is expected.
    """

    pledge: int
    reference: str
    unit: str
    open_minor: int
    names: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much banks may have taken on the way: at most so many minor units and so much of the promise."""

    fee_minor: int = 2500
    fee_percent: int = 20

    def fee(self, promised: int, came: int) -> int:
        """The missing part when it can be a fee, else 0."""
        missing = promised - came
        return missing if 0 < missing <= min(self.fee_minor, promised * self.fee_percent // 100) else 0


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a line for one promise; ``fee_minor`` is missing and may be a fee of banks."""

    pledge: int
    amount_minor: int
    reasons: tuple[str, ...]
    points: int = 100
    fee_minor: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """What a line is for. ``decided``: by reference, beyond doubt; otherwise each part is a suggestion.

    ``rest_minor`` waits as unallocated. ``reasons`` say what a person should know about the line.
    """

    line: int
    decided: bool
    parts: tuple[Part, ...]
    rest_minor: int
    reasons: tuple[str, ...] = ()


class _Open:
    """Open promises by everything a payment may show, and what is left of each while lines are matched."""

    def __init__(self, promises: Iterable[Promise]) -> None:
        self.promises = list(promises)
        self.left = {each.pledge: each.open_minor for each in self.promises}
        self.by_reference = {each.reference: each for each in self.promises}
        self.by_digits = {each.reference[2:]: each for each in self.promises}
        self.by_account: defaultdict[str, list[Promise]] = defaultdict(list)
        self.by_word: defaultdict[str, list[Promise]] = defaultdict(list)
        self.by_amount: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, each in enumerate(self.promises):
            for account in each.accounts:
                self.by_account[squeezed(account)].append(each)
            for word in {word for name in each.names for word in skeleton(name)}:
                self.by_word[word].append(each)
            self.by_amount[each.unit].append((each.open_minor, place))
        for amounts in self.by_amount.values():
            amounts.sort()

    def of_amount(self, unit: str, low: int, high: int) -> list[Promise]:
        """Promises of an amount, when they are few enough for the amount to mean something."""
        amounts = self.by_amount.get(unit, [])
        start, end = bisect_left(amounts, (low, -1)), bisect_right(amounts, (high, len(self.promises)))
        return [self.promises[place] for _, place in amounts[start : min(end, start + MOST_CANDIDATES)]]

    def take(self, promise: Promise, amount: int) -> int:
        """Take up to an amount from what is left of a promise; how much it was."""
        taken = min(amount, self.left[promise.pledge])
        self.left[promise.pledge] -= taken
        return taken


def match(lines: Sequence[Line], promises: Iterable[Promise], tolerance: Tolerance | None = None) -> list[Match]:
    """One match for each line, in their order."""
    known, allowed = _Open(promises), tolerance or Tolerance()
    return [_match_one(place, line, known, allowed) for place, line in enumerate(lines)]


def _match_one(place: int, line: Line, known: _Open, allowed: Tolerance) -> Match:
    if line.amount_minor <= 0:
        reason = "returned_payment" if line.reversal else "money_out"
        return Match(place, False, (), line.amount_minor, (reason,))
    named = [known.by_reference[each] for each in line.references if each in known.by_reference]
    if named:
        return _by_reference(place, line, named, known, allowed)
    strange = ("reference_not_open",) if any(each.startswith("RF") for each in line.references) else ()
    parts = _suggestions(line, known, allowed)
    return Match(place, False, parts, line.amount_minor, strange or (() if parts else ("nothing_known",)))


def _by_reference(place: int, line: Line, named: list[Promise], known: _Open, allowed: Tolerance) -> Match:
    """One reference decides; several do when they take the whole line, else a person shares it out."""
    if any(each.unit != line.currency for each in named):
        parts = tuple(Part(each.pledge, 0, ("reference", "other_currency")) for each in named)
        return Match(place, False, parts, line.amount_minor, ("other_currency",))
    wanted = sum(known.left[each.pledge] for each in named)
    if len(named) > 1 and wanted > line.amount_minor:
        parts = tuple(Part(each.pledge, 0, ("reference",)) for each in named)
        return Match(place, False, parts, line.amount_minor, ("several_references",))
    rest, parts_found = line.amount_minor, []
    for each in named:
        before = known.left[each.pledge]
        amount = known.take(each, rest)
        rest -= amount
        if amount:
            reasons = _amount_reasons(before, amount, each)
            parts_found.append(Part(each.pledge, amount, reasons, fee_minor=allowed.fee(before, amount)))
    extra = ("more_than_promised",) if rest else ()
    return Match(place, True, tuple(parts_found), rest, extra)


def _amount_reasons(promised: int, came: int, promise: Promise) -> tuple[str, ...]:
    size = "whole_amount" if came == promised else "part_of_amount"
    return ("reference", size, "late") if promise.late else ("reference", size)


def _suggestions(line: Line, known: _Open, allowed: Tolerance) -> tuple[Part, ...]:
    """The likeliest promises for a line without a reference, best first; all of one payer's when they fit."""
    if together := _together(line, known):
        return together
    found: dict[int, tuple[Promise, set[str]]] = {}
    for promise, reason in _candidates(line, known, allowed):
        found.setdefault(promise.pledge, (promise, set()))[1].add(reason)
    scored = [_scored(line, promise, reasons, known, allowed) for promise, reasons in found.values()]
    good = sorted((part for part in scored if part.points >= ENOUGH), key=lambda part: (-part.points, part.pledge))
    return tuple(good[:MOST_SUGGESTIONS])


def _candidates(line: Line, known: _Open, allowed: Tolerance) -> Iterator[tuple[Promise, str]]:
    yield from _by_digits(line, known)
    for promise in known.by_account.get(squeezed(line.party_account or ""), ()):
        yield promise, "known_account"
    for promise in _namesakes(line, known):
        yield promise, "same_name"
    amount = line.amount_minor
    if line.party:
        in_sight = known.of_amount(line.currency, amount, amount + allowed.fee_minor)
        yield from ((promise, "same_name") for promise in in_sight if _same_name(line.party, promise))


def _namesakes(line: Line, known: _Open) -> Iterator[Promise]:
    """Promises of people with a word of the payer's name; a word that half the village bears says nothing."""
    said = line.party or line.text
    for word in skeleton(said):
        bearers = known.by_word.get(word, ())
        if len(bearers) <= MOST_CANDIDATES:
            yield from (each for each in bearers if _same_name(said, each))


def _same_name(said: str, promise: Promise) -> bool:
    return any(likeness(said, name) >= LIKE_ENOUGH for name in promise.names)


def _by_digits(line: Line, known: _Open) -> Iterator[tuple[Promise, str]]:
    """Promises whose ten digits stand in the texts without RF, or with one slip of the hand."""
    text = squeezed(" ".join((line.text, line.end_to_end or "", line.bank_reference or "")))
    for run in RUNS.findall(text):
        for start in range(len(run) - 9):
            if promise := known.by_digits.get(run[start : start + 10]):
                yield promise, "digits_of_reference"
        if 9 <= len(run) <= 11:
            near = known.by_digits.keys() & set(_neighbours(run))
            yield from ((known.by_digits[each], "near_reference") for each in sorted(near))


def _neighbours(run: str) -> Iterator[str]:
    """Ten digits at one slip: a wrong digit, two swapped, one too many, one too few."""
    if len(run) == 10:
        for i in range(10):
            yield from (run[:i] + digit + run[i + 1 :] for digit in "0123456789" if digit != run[i])
        yield from (run[:i] + run[i + 1] + run[i] + run[i + 2 :] for i in range(9) if run[i] != run[i + 1])
    elif len(run) == 11:
        yield from (run[:i] + run[i + 1 :] for i in range(11))
    else:
        yield from (run[:i] + digit + run[i:] for i in range(10) for digit in "0123456789")


def _scored(line: Line, promise: Promise, reasons: set[str], known: _Open, allowed: Tolerance) -> Part:
    left = known.left[promise.pledge]
    fee = allowed.fee(left, line.amount_minor)
    if promise.unit != line.currency or not left:
        return Part(promise.pledge, 0, tuple(sorted(reasons)), 0)
    if left == line.amount_minor:
        reasons.add("same_amount")
    elif fee:
        reasons.add("amount_less_fee")
    if "same_name" not in reasons and line.party and _same_name(line.party, promise):
        reasons.add("same_name")
    if _in_time(line, promise):
        reasons.add("in_time")
    said = tuple(sorted(reasons & POINTS.keys(), key=lambda reason: -POINTS[reason]))
    points = min(99, sum(POINTS[reason] for reason in said))
    return Part(promise.pledge, min(left, line.amount_minor), said, points, fee)


def _in_time(line: Line, promise: Promise) -> bool:
    if line.booked is None or promise.since is None:
        return False
    last = promise.until or promise.since + timedelta(days=365)
    return promise.since <= line.booked <= last


def _together(line: Line, known: _Open) -> tuple[Part, ...]:
    """All open promises of one payer when they sum to the line exactly: one transfer for several promises."""
    own = [each for each in known.by_account.get(squeezed(line.party_account or ""), ()) if known.left[each.pledge]]
    if len(own) < 2 or sum(known.left[each.pledge] for each in own) != line.amount_minor:
        return ()
    if any(each.unit != line.currency for each in own):
        return ()
    return tuple(Part(each.pledge, known.left[each.pledge], ("known_account", "sum_of_promises"), 90) for each in own)


def pairs_of_returns(lines: Sequence[Line]) -> dict[int, int]:
    """Which returned payment takes back which earlier line: same words or same name of the payment, opposite sign.

    Keys and values are places in ``lines``; each line is taken back at most once.
    """
    waiting: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    found: dict[int, int] = {}
    for place, line in enumerate(lines):
        name = line.end_to_end or " ".join(line.references)
        if name and line.reversal and (earlier := waiting[name, line.currency, -line.amount_minor]):
            found[place] = earlier.pop()
        elif name:
            waiting[name, line.currency, line.amount_minor].append(place)
    return found

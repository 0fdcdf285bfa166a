"""On what a promise waits, as data: what may be asked for, and how it reads to the solver of conditions.

People are counted once however often they promise; a village is who has a tie to it. Amounts are dirham centimes at the
rates of the promises. A promise "1 for each 2 the club gives" counts at most its own amount.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cdp.funding.rules.conditions import ALL, MOST_RATIO, Firm, Need, Outcome, Ratio, Waiting, solve
from cdp.funding.states import ConditionKind, TermKind

EVERYBODY = "everybody"
OWN = "own"
MOST_PEOPLE = 100_000
Kind = ConditionKind | TermKind


@dataclass(frozen=True, slots=True)
class Term:
    """A condition with its numbers: people or centimes (``at_least``), or ``give`` for each ``each`` of a group."""

    kind: Kind = ConditionKind.NONE
    at_least: int | None = None
    give: int | None = None
    each: int | None = None
    group_id: int | None = None
    locality_id: int | None = None


def term_problem(term: Term, *, is_cash: bool) -> str | None:
    """Message key of what is wrong with a condition, or None; ``is_cash``: the promise is one of money."""
    ratio = term.kind is TermKind.CLUB_GIVES
    people = term.kind in {ConditionKind.OTHERS_JOIN, TermKind.VILLAGE_JOINS}
    doubts = {
        "funding.count_missing": people and not 0 < (term.at_least or 0) <= MOST_PEOPLE,
        "funding.place_of_condition_missing": term.kind is TermKind.VILLAGE_JOINS and term.locality_id is None,
        "funding.total_of_condition_missing": term.kind is TermKind.TOTAL_REACHED and (term.at_least or 0) <= 0,
        "funding.club_of_condition_missing": ratio and term.group_id is None,
        "funding.ratio_unclear": ratio and not (0 < (term.give or 0) <= MOST_RATIO >= (term.each or 0) > 0),
        "funding.ratio_is_of_money": ratio and not is_cash,
    }
    return next((key for key, holds in doubts.items() if holds), None)


@dataclass(frozen=True, slots=True)
class Given:
    """A promise as conditions see it: centimes that are open and that are firm (called, received), and whose it is."""

    pledge: int
    giver: str
    source: str
    open_minor: int
    firm_minor: int
    is_open: bool = True
    group_id: int | None = None
    places: frozenset[int] = frozenset()
    term: Term = Term()
    is_person: bool = True
    """Whether it is counted where people are: an institution is not."""
    heads: int = 1
    """How many people promise together in it: those who signed the paper of a village or club."""

    @property
    def is_under_a_condition(self) -> bool:
        """Whether it waits for something at all."""
        return self.term.kind is not ConditionKind.NONE

    @property
    def is_firm(self) -> bool:
        """Whether something of it was called or came."""
        return self.firm_minor > 0


def club(group_id: int | None) -> str:
    """The name of a group in measures of money."""
    return f"club:{group_id}"


def village(locality_id: int | None) -> str:
    """The name of a place in measures of people."""
    return f"place:{locality_id}"


def needs_of(term: Term, own: int = 1) -> tuple[Need, ...]:
    """What a condition needs; others who join are counted beside oneself (``own``: as how many people)."""
    found: dict[Kind, Need] = {
        ConditionKind.COMMUNE_SIGNS: Need("source", OWN, 1),
        ConditionKind.OTHERS_JOIN: Need("people", EVERYBODY, (term.at_least or 0) + own),
        TermKind.VILLAGE_JOINS: Need("people", village(term.locality_id), term.at_least or 0),
        TermKind.TOTAL_REACHED: Need(*ALL, term.at_least or 0),
    }
    return (found[term.kind],) if term.kind in found else ()


def ratio_of(term: Term) -> Ratio | None:
    """The ratio of a condition, when it is one."""
    if term.kind is not TermKind.CLUB_GIVES:
        return None
    return Ratio(term.give or 0, term.each or 0, club(term.group_id))


def question(promises: Iterable[Given], signed: Mapping[str, int]) -> tuple[list[Waiting], Firm]:
    """What the solver is asked: the open promises of a project, and what is firm; ``signed``: money by source.

    Who gave something is counted as one person for good; a ratio is worked out over the whole promise.
    """
    promises = list(promises)
    counted = _one_for_each(promises)
    heads = {each.giver: each.heads for each in promises if each.pledge in counted}
    measures: defaultdict[tuple[str, str], int] = defaultdict(int)
    for source, amount in signed.items():
        measures[ALL] += amount
        measures["source", source] += amount
    waiting = []
    for each in promises:
        clubs = frozenset({club(each.group_id)} if each.group_id is not None else ())
        people = (
            frozenset({EVERYBODY, *map(village, each.places)})
            if each.pledge in counted and each.is_person
            else frozenset()
        )
        is_ratio = each.term.kind is TermKind.CLUB_GIVES
        if each.is_firm:
            for name in people:
                measures["people", name] += each.heads
            people = frozenset()
        for key in () if is_ratio else (ALL, ("source", each.source), *(("group", name) for name in clubs)):
            measures[key] += each.firm_minor
        if each.is_open:
            amount = each.open_minor + (each.firm_minor if is_ratio else 0)
            needs = needs_of(each.term, heads[each.giver] if each.is_person else 0)
            waiting.append(
                Waiting(each.pledge, amount, each.source, clubs | people, needs, ratio_of(each.term), each.heads)
            )
    return waiting, Firm(dict(measures))


def outcome(promises: Iterable[Given], signed: Mapping[str, int]) -> Outcome:
    """Which promises of a project hold together: the largest consistent set, each with its centimes."""
    return solve(*question(promises, signed))


def _one_for_each(promises: Iterable[Given]) -> set[int]:
    """One promise for each giver to be counted by: a firm one, else one without condition, else of most people."""
    chosen: dict[str, Given] = {}
    for each in sorted(promises, key=lambda one: (not one.is_firm, one.is_under_a_condition, -one.heads, one.pledge)):
        if each.is_open or each.is_firm:
            chosen.setdefault(each.giver, each)
    return {each.pledge for each in chosen.values()}


def slowly(waiting: Iterable[Waiting], firm: Firm) -> dict[int, int]:
    """The same set reckoned round by round, for those who check the solver (L7): what fires, with its centimes."""
    left = {each.pledge: each for each in waiting if each.amount > 0 or each.ratio is None}
    amounts = {number: each.amount for number, each in left.items()}
    while True:
        sums = _sums([left[number] for number in amounts], amounts, firm)
        after: dict[int, int] = {}
        for number, amount in amounts.items():
            each = left[number]
            if all(sums.get((need.kind, need.name), 0) >= need.at_least for need in each.needs):
                lowered = _by_ratio(each, amount, sums)
                after |= {number: lowered} if lowered or each.ratio is None else {}
        if after == amounts:
            return amounts
        amounts = after


def _sums(left: Iterable[Waiting], amounts: Mapping[int, int], firm: Firm) -> dict[tuple[str, str], int]:
    sums = defaultdict(int, firm.measures)
    for each in left:
        for key in (ALL, ("source", each.source), *(("group", name) for name in each.groups)):
            sums[key] += amounts[each.pledge]
        for name in each.groups:
            sums["people", name] += each.heads
    return sums


def _by_ratio(each: Waiting, amount: int, sums: Mapping[tuple[str, str], int]) -> int:
    if each.ratio is None:
        return amount
    own = amount if each.ratio.group in each.groups else 0
    return min(amount, (sums.get(("group", each.ratio.group), 0) - own) * each.ratio.give // each.ratio.each)

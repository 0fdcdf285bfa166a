"""Promises that wait for each other: the largest set that holds, and no other."""

import itertools
import random
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.conditions import ALL, Firm, Need, Ratio, Waiting, missing, solve

TOTAL = "total"


def make(pledge: int, amount: int = 100, **over: Any) -> Waiting:
    return Waiting(pledge, amount, **over)


def test_two_promises_that_wait_for_each_other_fire_together() -> None:
    village = make(1, 200, source="diaspora", needs=(Need("source", "commune", 500),))
    commune = make(2, 500, source="commune", needs=(Need("source", "diaspora", 200),))
    assert solve([village, commune]).fires == {1: 200, 2: 500}
    assert solve([village]).fires == {}
    assert solve([village], Firm({("source", "commune"): 500})).fires == {1: 200}


def test_ten_of_our_village_are_ten_and_not_nine() -> None:
    people = [make(i, groups=frozenset({"v"}), needs=(Need("people", "v", 10),)) for i in range(10)]
    assert len(solve(people).fires) == 10
    assert solve(people[:9]).fires == {}
    assert len(solve(people[:9], Firm({("people", "v"): 1})).fires) == 9


def test_one_for_each_two_of_the_club_up_to_a_limit() -> None:
    giver = make(1, 300, ratio=Ratio(1, 2, "club"))
    members = [make(i, 100, groups=frozenset({"club"})) for i in range(2, 7)]
    assert solve([giver, *members]).fires[1] == 250
    assert solve([giver, *members], Firm({("group", "club"): 500})).fires[1] == 300
    assert 1 not in solve([giver]).fires


def test_a_fact_that_does_not_hold_takes_with_it_who_counted_on_it() -> None:
    first = make(1, 60, needs=(Need("fact", "permit", 1),))
    second = make(2, 40, needs=(Need(TOTAL, "", 100),))
    assert solve([first, second]).fires == {}
    assert solve([first, second], Firm({("fact", "permit"): 1})).fires == {1: 60, 2: 40}


def test_what_is_missing_is_said() -> None:
    waiting = make(1, 60, needs=(Need(TOTAL, "", 100), Need("people", "v", 3)))
    outcome = solve([waiting], Firm({ALL: 88, ("people", "v"): 1}))
    assert missing(waiting, outcome) == [Need(TOTAL, "", 12), Need("people", "v", 2)]


@pytest.mark.parametrize("ratio", [Ratio(0, 1, "v"), Ratio(1, 0, "v"), Ratio(1, 101, "v"), Ratio(-1, 2, "v")])
def test_a_ratio_that_is_no_plain_sentence_is_refused(ratio: Ratio) -> None:
    with pytest.raises(ValueError, match="ratio"):
        make(1, ratio=ratio)


needs = st.one_of(
    st.builds(lambda n: Need(TOTAL, "", n), st.integers(0, 400)),
    st.builds(lambda s, n: Need("source", s, n), st.sampled_from("ab"), st.integers(1, 200)),
    st.builds(lambda g, n: Need("people", g, n), st.sampled_from("vw"), st.integers(1, 4)),
    st.builds(lambda g, n: Need("group", g, n), st.sampled_from("vw"), st.integers(1, 200)),
)
promises = st.lists(
    st.builds(
        lambda amount, source, groups, wants, heads: Waiting(
            0, amount, source, frozenset(groups), tuple(wants), heads=heads
        ),
        st.integers(1, 100),
        st.sampled_from("ab"),
        st.sets(st.sampled_from("vw")),
        st.lists(needs, max_size=2),
        st.integers(1, 3),
    ),
    max_size=7,
).map(lambda each: [replace(w, pledge=i) for i, w in enumerate(each)])


def measures(chosen: list[Waiting], firm: int) -> dict[tuple[str, str], int]:
    found = {ALL: firm}
    for each in chosen:
        for key, value in [(ALL, each.amount), (("source", each.source), each.amount)]:
            found[key] = found.get(key, 0) + value
        for group in each.groups:
            found["group", group] = found.get(("group", group), 0) + each.amount
            found["people", group] = found.get(("people", group), 0) + each.heads
    return found


def consistent(chosen: list[Waiting], firm: int) -> bool:
    have = measures(chosen, firm)
    return all(have.get((need.kind, need.name), 0) >= need.at_least for each in chosen for need in each.needs)


@given(promises, st.integers(0, 200))
@settings(max_examples=300, deadline=None)
def test_the_solution_is_the_largest_consistent_set_of_all_subsets(waiting: list[Waiting], firm: int) -> None:
    fires = set(solve(waiting, Firm({ALL: firm})).fires)
    subsets = itertools.chain.from_iterable(itertools.combinations(waiting, n) for n in range(len(waiting) + 1))
    holding = [{each.pledge for each in subset} for subset in subsets if consistent(list(subset), firm)]
    assert fires in holding
    assert set().union(*holding) == fires


@given(promises, st.integers(0, 200), st.integers(0, 200), st.randoms())
@settings(max_examples=200, deadline=None)
def test_order_does_not_matter_and_more_firm_money_drops_nobody(
    waiting: list[Waiting], firm: int, more: int, source: random.Random
) -> None:
    fires = solve(waiting, Firm({ALL: firm})).fires
    mixed = waiting[:]
    source.shuffle(mixed)
    assert solve(mixed, Firm({ALL: firm})).fires == fires
    assert fires.keys() <= solve(waiting, Firm({ALL: firm + more})).fires.keys()


ratios = st.lists(
    st.tuples(st.integers(1, 300), st.integers(1, 5), st.integers(1, 5), st.sampled_from("vw"), st.sampled_from("vw")),
    max_size=6,
)


@given(ratios, st.integers(0, 300))
@settings(max_examples=200, deadline=None)
def test_amounts_by_ratio_are_those_of_a_slow_and_simple_reckoning(
    drawn: list[tuple[int, int, int, str, str]], firm: int
) -> None:
    waiting = [make(i, cap, groups=frozenset(own), ratio=Ratio(p, q, g)) for i, (cap, p, q, g, own) in enumerate(drawn)]
    amounts = {each.pledge: each.amount for each in waiting}
    while True:
        after = {}
        for each, (_, p, q, group, _) in zip(waiting, drawn, strict=True):
            others = sum(amounts[o.pledge] for o in waiting if group in o.groups and o.pledge != each.pledge)
            base = (firm if group == "v" else 0) + others
            after[each.pledge] = min(amounts[each.pledge], base * p // q)
        if after == amounts:
            break
        amounts = after
    solved = solve(waiting, Firm({("group", "v"): firm})).fires
    assert solved == {pledge: amount for pledge, amount in amounts.items() if amount}


def test_five_thousand_promises_that_fall_one_after_another_take_less_than_a_second() -> None:
    count, clubs = 5000, 200
    firm = 50 * clubs + count
    chain = [make(i, 1, needs=(Need(TOTAL, "", firm - i + 1),)) for i in range(count)]
    rings = [
        make(count + i, 50, groups=frozenset({f"g{i % 40}"}), ratio=Ratio(1, 2, f"g{(i + 1) % 40}"))
        for i in range(clubs)
    ]
    begin = time.process_time()
    fires = solve([*chain, *rings]).fires
    assert time.process_time() - begin < 1
    assert len(fires) == clubs

"""Shares of sources and match funding: dated data, exact to the centime, never worked out backwards."""

from datetime import date
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.match_funding import Gift, Matched, MatchRule, brings, matches
from cdp.funding.rules.shares import split
from cdp.programme.reference import share_rules
from cdp.programme.rules.share_rules import RuleSet, as_data, in_force, rule_problem, rule_set, share_problems

SETS = {rule.key: rule for rule in share_rules()}
DAY = date(2027, 3, 1)


def test_the_largest_remainder_takes_what_rounding_leaves() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [6, 3, 1]) == [6, 3, 1]
    assert split(5, [0, 1]) == [0, 5]
    assert split(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="weights"):
        split(1, [0])
    with pytest.raises(ValueError, match="weights"):
        split(-1, [1])


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_parts_sum_to_the_whole_each_within_one_unit_and_no_weight_gets_nothing(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert weight or not part


def test_a_plan_keeps_the_shares_of_the_one_and_three() -> None:
    rules = SETS["dar_1_3"]
    plan = {"ministry": 200_000_00, "own": 100_000_00, "diaspora": 100_000_00}
    assert share_problems(rules, plan, 400_000_00) == []
    heavy = {"ministry": 260_000_00, "own": 130_000_00, "diaspora": 30_000_00}
    found = {(each.sources[0], each.why, each.by) for each in share_problems(rules, heavy, 420_000_00)}
    assert found == {
        ("ministry", "funding.share_too_large", 50_000_00),
        ("diaspora", "funding.share_too_small", 12_000_00),
    }
    assert share_problems(rules, {"ministry": 1}, 2)[0].why == "funding.plan_does_not_sum"


def test_totals_of_a_rule_hold_in_its_own_currency_alone() -> None:
    data = {"share": [{"sources": ["own"], "least_percent": 10}], "least_total": 3000, "most_total": 9000}
    rules = rule_set("x", data)
    assert [each.why for each in share_problems(rules, {"own": 2_000_00}, 2_000_00)] == ["funding.project_too_small"]
    assert [each.why for each in share_problems(rules, {"own": 9_001_00}, 9_001_00)] == ["funding.project_too_large"]
    assert share_problems(rule_set("x", data | {"currency": "MXN"}), {"own": 1_00}, 1_00) == []


def test_a_rule_holds_between_its_days_and_the_later_of_two_counts() -> None:
    assert in_force(SETS.values(), "indh_70_30", DAY) is not None
    assert in_force(SETS.values(), "indh_70_30", date(2017, 12, 31)) is None
    old, new = RuleSet("x", (), since=date(2020, 1, 1)), RuleSet("x", (), since=date(2026, 1, 1))
    assert in_force([new, old], "x", DAY) is new
    assert in_force([new, old], "x", date(2025, 1, 1)) is old
    for wrong in (101, "ten", "5.123", "-3"):
        with pytest.raises(ValueError, match="percentage"):
            rule_set("x", {"share": [{"sources": ["a"], "least_percent": wrong}]})


@pytest.mark.parametrize("rule", share_rules(), ids=lambda rule: rule.key)
def test_every_known_rule_makes_sense_is_named_in_three_languages_and_reads_back_from_a_row(rule: RuleSet) -> None:
    assert rule_problem(rule) is None
    assert set(rule.names) == set(rule.written_in) == {"ar", "fr", "en"}
    again = rule_set(rule.key, as_data(rule))
    assert (again.shares, again.least_total, again.most_total) == (rule.shares, rule.least_total, rule.most_total)


def test_rules_of_migrants_clubs_and_of_rural_water_are_known() -> None:
    assert [rule.key for rule in share_rules()] == ["indh_70_30", "dar_1_3", "3x1", "pager"]


def make_gift(seq: int, amount: int = 100, **over: Any) -> Gift:
    return Gift(**({"seq": seq, "project": 1, "giver": f"g{seq}", "amount": amount, "day": DAY} | over))


def test_one_for_one_until_the_pool_is_empty_in_the_middle_of_a_gift() -> None:
    rule = MatchRule(1, 1, pool=250)
    assert matches(rule, [make_gift(1), make_gift(2), make_gift(3), make_gift(4)]) == [
        Matched(1, 100, 1),
        Matched(2, 100, 2),
        Matched(3, 50, 3),
    ]
    assert brings(rule, [make_gift(1), make_gift(2)], make_gift(3, 80)) == 50


def test_caps_on_gift_and_giver_are_before_the_factor_and_on_a_project_after() -> None:
    rule = MatchRule(2, 1, pool=10**6, per_gift=50, per_giver=80, per_project=250)
    gifts = [make_gift(1, giver="a"), make_gift(2, giver="a"), make_gift(3, giver="a"), make_gift(4), make_gift(5)]
    assert [line.amount for line in matches(rule, gifts)] == [100, 60, 90]


def test_a_gift_taken_back_gives_the_pool_its_money_back_by_a_line_of_its_own() -> None:
    rule = MatchRule(1, 1, pool=100)
    gifts = [make_gift(1), make_gift(2), make_gift(3, reverses=1), make_gift(4, 70)]
    assert matches(rule, gifts) == [Matched(1, 100, 1), Matched(1, -100, 3), Matched(4, 70, 4)]
    assert matches(rule, [make_gift(3, reverses=9)]) == []


def test_who_does_not_count_is_not_matched() -> None:
    rule = MatchRule(1, 1, 1000, sources=frozenset({"diaspora"}), countries=frozenset({"FR"}), since=DAY, until=DAY)
    assert (
        matches(rule, [make_gift(1, source="ngo", country="FR"), make_gift(2, source="diaspora", country="ES")]) == []
    )
    assert matches(rule, [make_gift(1, source="diaspora", country="FR", day=date(2027, 3, 2))]) == []
    assert matches(rule, [make_gift(1, source="diaspora", country="FR")]) == [Matched(1, 100, 1)]


def test_a_gate_opens_once_and_then_the_gifts_that_waited_are_matched_in_their_order() -> None:
    rule = MatchRule(1, 1, pool=250, least_givers=2, least_diaspora=2500)
    gifts = [make_gift(1), make_gift(2), make_gift(3, diaspora=True), make_gift(4)]
    assert matches(rule, gifts) == [Matched(1, 100, 3), Matched(2, 100, 3), Matched(3, 50, 3)]


gifts_drawn = st.lists(
    st.tuples(st.integers(1, 200), st.integers(0, 2), st.integers(0, 1), st.booleans(), st.integers(0, 20)), max_size=20
)
rules_drawn = st.builds(
    MatchRule,
    give=st.integers(1, 3),
    each=st.integers(1, 3),
    pool=st.integers(0, 1000),
    per_gift=st.none() | st.integers(0, 150),
    per_giver=st.none() | st.integers(0, 250),
    per_project=st.none() | st.integers(0, 400),
    least_givers=st.integers(0, 3),
)


def book(drawn: list[tuple[int, int, int, bool, int]]) -> list[Gift]:
    gifts: list[Gift] = []
    open_ones: list[int] = []
    for seq, (amount, giver, project, back, which) in enumerate(drawn, 1):
        if back and open_ones:
            number = open_ones.pop(which % len(open_ones))
            gifts.append(make_gift(seq, project=gifts[number - 1].project, reverses=number))
        else:
            open_ones.append(seq)
            gifts.append(make_gift(seq, amount, giver=f"p{giver}", project=project))
    return gifts


@given(rules_drawn, gifts_drawn)
@settings(max_examples=300, deadline=None)
def test_matching_keeps_every_cap_and_never_changes_what_was_matched(
    rule: MatchRule, drawn: list[tuple[int, int, int, bool, int]]
) -> None:
    gifts = book(drawn)
    lines = matches(rule, gifts)
    for until in range(len(gifts)):
        before = matches(rule, gifts[:until])
        assert lines[: len(before)] == before
    running = list(accumulate((line.amount for line in lines), initial=0))
    assert all(0 <= amount <= rule.pool for amount in running)
    by_gift: dict[int, int] = {}
    for line in lines:
        by_gift[line.gift] = by_gift.get(line.gift, 0) + line.amount
    assert all(amount >= 0 for amount in by_gift.values())
    for project in (0, 1):
        own = [each for each in gifts if each.project == project and each.reverses is None]
        matched = sum(by_gift.get(each.seq, 0) for each in own)
        assert rule.per_project is None or matched <= rule.per_project
        assert matched * rule.each <= rule.give * sum(each.amount for each in own)
        for giver in ("p0", "p1", "p2"):
            part = sum(by_gift.get(each.seq, 0) for each in own if each.giver == giver)
            assert rule.per_giver is None or part * rule.each <= rule.per_giver * rule.give


@given(
    st.sampled_from(share_rules()),
    st.dictionaries(
        st.sampled_from(["own", "ministry", "diaspora", "indh", "region"]), st.integers(0, 10**6), min_size=1
    ),
)
def test_a_plan_is_kept_exactly_when_each_share_lies_between_its_least_and_its_most(
    rule: RuleSet, plan: dict[str, int]
) -> None:
    """L20."""
    cost = sum(plan.values())
    brought = [(each, sum(plan.get(name, 0) for name in each.sources)) for each in rule.in_dirhams.shares]
    keeps = all(each.least * cost <= 10_000 * has <= each.most * cost for each, has in brought)
    keeps = keeps and all(each.most_amount is None or has <= each.most_amount for each, has in brought)
    assert (share_problems(rule, plan, cost) == []) is keeps
    assert share_problems(rule, plan, cost + 1)[0].why == "funding.plan_does_not_sum"

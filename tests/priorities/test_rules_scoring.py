from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.scoring import Mark, mixed, outliers, scores

WEIGHTS = {"need": 3, "reach": 1}


def sheet(member: str, proposal: str, need: int, reach: int) -> list[Mark]:
    return [Mark(member, proposal, "need", need), Mark(member, proposal, "reach", reach)]


def test_a_mean_weighs_criteria_within_a_member_and_members_equally() -> None:
    marks = sheet("a", "well", 4, 0) + sheet("b", "well", 5, 5)
    (score,) = scores(["well"], marks, WEIGHTS)
    assert score.mean == Fraction(4)
    assert score.normalised == Fraction(4, 5)
    assert (score.lowest, score.highest, score.members) == (3, 5, 2)
    assert score.deviation == 1.0


def test_a_member_with_a_declared_interest_is_not_counted_there_but_elsewhere() -> None:
    marks = sheet("a", "well", 5, 5) + sheet("b", "well", 1, 1) + sheet("a", "road", 2, 2)
    found = {one.proposal: one for one in scores(["well", "road"], marks, WEIGHTS, interests=[("a", "well")])}
    assert (found["well"].mean, found["well"].members) == (1, 1)
    assert found["road"].mean == 2


def test_equal_means_share_a_rank_and_the_next_rank_counts_both() -> None:
    marks = sheet("a", "2", 3, 3) + sheet("a", "10", 3, 3) + sheet("a", "3", 1, 1)
    found = scores(["2", "3", "10"], marks, WEIGHTS)
    assert [(one.proposal, one.rank, one.tied) for one in found] == [
        ("10", 1, True),
        ("2", 1, True),
        ("3", 3, False),
    ]


def test_a_lot_orders_within_a_rank_but_does_not_part_it() -> None:
    marks = [mark for name in "abcdef" for mark in sheet("m", name, 3, 3)]
    by_lot = scores("abcdef", marks, WEIGHTS, ties="lot:2027")
    assert {one.rank for one in by_lot} == {1}
    assert [one.proposal for one in by_lot] != list("abcdef")


def test_a_proposal_without_marks_stands_last_without_a_rank() -> None:
    found = scores(["a", "b"], sheet("m", "b", 0, 0), WEIGHTS)
    assert [(one.proposal, one.rank, one.mean) for one in found] == [("b", 1, 0), ("a", None, None)]
    assert found[1].normalised is None


def test_a_member_far_from_the_others_is_shown() -> None:
    own = {"a": Fraction(4), "b": Fraction(4), "c": Fraction(9, 2), "d": Fraction(1)}
    assert outliers(own) == ("d",)
    assert outliers({name: own[name] for name in "abd"}) == ()


@pytest.mark.parametrize(
    ("marks", "weights", "key"),
    [
        ([Mark("m", "p", "need", 6)], {"need": 1}, "scoring.mark_out_of_range"),
        ([Mark("m", "p", "need", -1)], {"need": 1}, "scoring.mark_out_of_range"),
        ([Mark("m", "p", "need", 3)] * 2, {"need": 1}, "scoring.marked_twice"),
        ([Mark("m", "p", "need", 3)], WEIGHTS, "scoring.marks_missing"),
        ([Mark("m", "p", "beauty", 3)], WEIGHTS, "scoring.unknown_criterion"),
        ([], {"need": 0}, "scoring.no_weight"),
        ([], {"need": 2, "reach": -1}, "scoring.no_weight"),
    ],
)
def test_marks_and_weights_that_make_no_sense_are_refused(marks, weights, key) -> None:
    with pytest.raises(RuleBroken) as refused:
        scores(["p"], marks, weights)
    assert refused.value.message.key == key


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8),
    st.integers(0, 9),
    st.integers(1, 9),
)
def test_means_lie_in_the_range_and_scaling_all_weights_changes_nothing(rows, one, other) -> None:
    marks = [mark for i, (need, reach) in enumerate(rows) for mark in sheet(str(i), "p", need, reach)]
    (score,) = scores(["p"], marks, {"need": one, "reach": other})
    (scaled,) = scores(["p"], reversed(marks), {"need": 7 * one, "reach": 7 * other})
    assert score == scaled
    assert 0 <= score.lowest <= score.mean <= score.highest <= 5


def test_a_mix_takes_its_declared_part_of_each_side() -> None:
    panel = {"a": Fraction(1), "b": Fraction(1, 2)}
    assert mixed(panel, {"b": 40, "c": 20}, Fraction(1, 2)) == (
        ("b", Fraction(3, 4)),
        ("a", Fraction(1, 2)),
        ("c", Fraction(1, 4)),
    )
    with pytest.raises(RuleBroken):
        mixed(panel, {}, Fraction(3, 2))

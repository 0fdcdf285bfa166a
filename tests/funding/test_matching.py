"""Which payment is for which promise: what a reference decides, and what is only suggested."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.funding.rules.matching import Promise, Tolerance, match, pairs_of_returns
from cdp.funding.rules.names import likeness
from cdp.funding.rules.statements.values import Line

ONE, TWO, THREE = "RF8820260042", "RF3018034063", "RF6112345678"


def make_line(amount: int = 10000, **over: Any) -> Line:
    values = {"booked": date(2027, 3, 1), "value_date": None, "amount_minor": amount, "currency": "MAD"}
    return Line(**(values | over))


def make_promise(pledge: int = 1, reference: str = ONE, amount: int = 10000, **over: Any) -> Promise:
    return Promise(pledge, reference, **({"unit": "MAD", "open_minor": amount} | over))


def test_a_reference_decides_and_the_amount_says_how_far() -> None:
    for came, part, rest, reason in (
        (10000, 10000, 0, "whole_amount"),
        (4000, 4000, 0, "part_of_amount"),
        (12500, 10000, 2500, "whole_amount"),
    ):
        (found,) = match([make_line(came, references=(ONE,))], [make_promise()])
        assert found.decided
        assert (found.parts[0].amount_minor, found.rest_minor) == (part, rest)
        assert reason in found.parts[0].reasons


def test_a_little_short_may_be_a_fee_and_much_short_is_a_part() -> None:
    (short,) = match([make_line(9700, references=(ONE,))], [make_promise()])
    assert short.parts[0].fee_minor == 300
    (part,) = match([make_line(5000, references=(ONE,))], [make_promise()], Tolerance(fee_minor=9000, fee_percent=20))
    assert part.parts[0].fee_minor == 0


def test_several_payments_fill_one_promise_and_the_last_leaves_an_excess() -> None:
    found = match([make_line(6000, references=(ONE,)), make_line(6000, references=(ONE,))], [make_promise()])
    assert [each.parts[0].amount_minor for each in found] == [6000, 4000]
    assert found[1].rest_minor == 2000


def test_one_payment_for_two_promises_is_decided_only_when_it_covers_both() -> None:
    promises = [make_promise(1, ONE, 6000), make_promise(2, TWO, 4000)]
    (whole,) = match([make_line(references=(ONE, TWO))], promises)
    assert whole.decided
    assert [part.amount_minor for part in whole.parts] == [6000, 4000]
    (short,) = match([make_line(9000, references=(ONE, TWO))], promises)
    assert not short.decided
    assert short.rest_minor == 9000


def test_another_currency_and_a_closed_reference_wait_for_a_person() -> None:
    (other,) = match([make_line(references=(ONE,), currency="EUR")], [make_promise()])
    assert (other.decided, other.reasons, other.rest_minor) == (False, ("other_currency",), 10000)
    (closed,) = match([make_line(references=(THREE,))], [make_promise()])
    assert closed.reasons == ("reference_not_open",)


def test_money_for_an_expired_promise_is_decided_and_said_to_be_late() -> None:
    (found,) = match([make_line(references=(ONE,))], [make_promise(late=True)])
    assert found.decided
    assert "late" in found.parts[0].reasons


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("don 8820260042", "digits_of_reference"),
        ("don RF8820260043", "near_reference"),
        ("don RF8820620042", "near_reference"),
        ("don RF882026042", "near_reference"),
        ("don RF88202600422", "near_reference"),
    ],
)
def test_digits_without_rf_or_with_a_slip_only_suggest(text: str, reason: str) -> None:
    (found,) = match([make_line(text=text)], [make_promise(), make_promise(2, TWO)])
    assert not found.decided
    assert found.rest_minor == 10000
    assert found.parts[0].pledge == 1
    assert reason in found.parts[0].reasons


@pytest.mark.parametrize("party", ["AHMED EL ALAOUI", "Alaoui Ahmed", "أحمد العلوي", "M. Ahmad Alaoui"])
def test_name_and_amount_together_suggest_in_both_scripts(party: str) -> None:
    promises = [make_promise(1, names=("Ahmed Alaoui",)), make_promise(2, TWO, names=("Fatima Zahra Idrissi",))]
    (found,) = match([make_line(party=party)], promises)
    assert not found.decided
    assert [part.pledge for part in found.parts] == [1]
    assert {"same_name", "same_amount"} <= set(found.parts[0].reasons)


def test_an_amount_alone_suggests_nothing() -> None:
    (found,) = match([make_line(text="virement")], [make_promise(), make_promise(2, TWO)])
    assert found.parts == ()
    assert found.reasons == ("nothing_known",)


def test_a_known_account_suggests_and_all_its_promises_together_when_they_sum() -> None:
    promises = [make_promise(1, ONE, 6000, accounts=("MA64 1",)), make_promise(2, TWO, 4000, accounts=("MA641",))]
    (both,) = match([make_line(party_account="MA641")], promises)
    assert [(part.pledge, part.amount_minor) for part in both.parts] == [(1, 6000), (2, 4000)]
    (one,) = match([make_line(4000, party_account="MA641")], promises)
    assert one.parts[0].pledge == 2


def test_money_out_is_no_gift_and_a_return_finds_what_it_takes_back() -> None:
    lines = [make_line(end_to_end="E1"), make_line(end_to_end="E1"), make_line(-10000, end_to_end="E1", reversal=True)]
    assert match(lines, [])[2].reasons == ("returned_payment",)
    assert match([make_line(-1)], [])[0].reasons == ("money_out",)
    assert pairs_of_returns(lines) == {2: 1}
    assert pairs_of_returns([make_line(-10000, end_to_end="E1", reversal=True)]) == {}


def test_likeness_tells_people_apart() -> None:
    assert likeness("Youssef Benjelloun", "BEN JELLOUN YOUSSEF") > 0.4
    assert likeness("محمد بنعلي", "Mohamed Benali") > 0.6
    assert likeness("Khadija Oufkir", "Mohamed Benali") < 0.2
    assert likeness("", "Mohamed") == 0


lines_drawn = st.lists(
    st.tuples(
        st.integers(-500, 1500),
        st.sets(st.sampled_from([ONE, TWO, THREE]), max_size=2),
        st.sampled_from(["MAD", "EUR"]),
    ),
    max_size=8,
)


@given(lines_drawn, st.lists(st.integers(1, 1000), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_parts_and_rest_make_the_line_and_no_promise_gets_more_than_it_lacks(
    drawn: list[tuple[int, set[str], str]], amounts: list[int]
) -> None:
    promises = [
        make_promise(i, ref, amount) for i, (ref, amount) in enumerate(zip((ONE, TWO, THREE), amounts, strict=False))
    ]
    lines = [make_line(amount, references=tuple(sorted(refs)), currency=unit) for amount, refs, unit in drawn]
    found = match(lines, promises)
    given_to = dict.fromkeys(range(3), 0)
    for line, each in zip(lines, found, strict=True):
        decided = sum(part.amount_minor for part in each.parts) if each.decided else 0
        assert decided + each.rest_minor == line.amount_minor
        assert not each.decided or line.amount_minor > 0
        for part in each.parts if each.decided else ():
            given_to[part.pledge] += part.amount_minor
    assert all(given_to[promise.pledge] <= promise.open_minor for promise in promises)

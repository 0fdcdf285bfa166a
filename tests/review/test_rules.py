from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.review import rules
from cdp.review.rules import Decision, EstimateDraft, Line, Point, Standing
from cdp.review.states import Answer, CostKind, Verdict

TODAY = date(2027, 4, 12)
LINE = Line(CostKind.WORKS, Words(fr="Conduite"), 1_000, "ml", 18_000)
POINTS = (Point("competence", False, Answer.YES), Point("upkeep", True, Answer.YES))


def line(quantity: int, price: int, kind: CostKind = CostKind.WORKS) -> Line:
    return Line(kind, Words(fr="Ligne"), quantity, "u", price)


def standing(*points: Point, **over: Any) -> Standing:
    base: dict[str, Any] = {
        "points": points or POINTS,
        "has_estimate": True,
        "today": TODAY,
        "last_day": TODAY + timedelta(days=30),
    }
    return Standing(**base | over)


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [(1_500, 3, 4), (500, 1, 0), (1_500, 1, 2), (2_500, 1, 2), (501, 1, 1), (1_234, 5_678, 7_007)],
)
def test_a_line_is_quantity_by_price_half_to_even(quantity: int, price: int, amount: int) -> None:
    assert line(quantity, price).amount == Money(amount)


@given(st.integers(0, 10**14), st.integers(1, 10**6))
def test_half_even_is_what_exact_fractions_round_to(number: int, divisor: int) -> None:
    assert rules.half_even(number, divisor) == round(Fraction(number, divisor))


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**8), st.sampled_from(CostKind)), max_size=20))
def test_the_cost_and_the_running_costs_together_are_all_lines_and_never_mixed(
    given_lines: list[tuple[int, int, CostKind]],
) -> None:
    lines = [line(quantity, price, kind) for quantity, price, kind in given_lines]
    whole = sum(each.amount.minor for each in lines)
    assert rules.cost(lines).minor + rules.running_cost(lines).minor == whole
    assert rules.cost([each for each in lines if each.kind is CostKind.RUNNING]) == Money(0)


@pytest.mark.parametrize(
    ("text", "milli"), [("12", 12_000), ("12,5", 12_500), ("1 200", 1_200_000), ("0.125", 125), ("١٢٫٥", 12_500)]
)
def test_a_quantity_is_read_as_people_type_it(text: str, milli: int) -> None:
    assert rules.read_quantity(text) == milli


@pytest.mark.parametrize("text", ["", "-3", "1,2345", "douze", "1,2,3", "99999999999", "1e6"])
def test_a_doubtful_quantity_is_never_guessed(text: str) -> None:
    with pytest.raises(RuleBroken, match=r"review\.not_a_quantity"):
        rules.read_quantity(text)


@pytest.mark.parametrize(
    ("draft", "key"),
    [
        (EstimateDraft((), 2027), "review.no_lines"),
        (EstimateDraft((LINE,) * 61, 2027), "review.too_many_lines"),
        (EstimateDraft((LINE,), 1999), "review.price_year_absurd"),
        (EstimateDraft((LINE,), 2027, "x" * 300), "review.text_too_long"),
        (EstimateDraft((Line(CostKind.WORKS, Words(), 1, "u", 1),), 2027), "review.line_without_words"),
        (EstimateDraft((Line(CostKind.WORKS, Words(fr="x" * 300), 1, "u", 1),), 2027), "review.line_words_too_long"),
        (EstimateDraft((line(0, 10),), 2027), "review.line_quantity"),
        (EstimateDraft((line(1_000, -10),), 2027), "review.line_negative"),
        (EstimateDraft((line(1_000_000, 10**11),), 2027), "review.line_absurd"),
        (EstimateDraft((line(1_000, 500, CostKind.RUNNING),), 2027), "review.no_cost"),
    ],
)
def test_an_estimate_that_cannot_be_right_is_told_why(draft: EstimateDraft, key: str) -> None:
    assert rules.estimate_problems(draft, 2027)[0].key == key


def test_an_estimate_with_works_and_upkeep_is_whole() -> None:
    draft = EstimateDraft((LINE, line(1_000, 500, CostKind.RUNNING)), 2027, "Bordereau de la province")
    assert rules.estimate_problems(draft, 2027) == []


@pytest.mark.parametrize(
    ("answers", "has_estimate", "keys"),
    [
        ((Answer.YES, Answer.YES), True, []),
        ((None, Answer.YES), True, ["review.unanswered"]),
        ((Answer.UNKNOWN, Answer.YES), True, ["review.unanswered"]),
        ((Answer.NO, Answer.YES), True, ["review.refusing_points"]),
        ((Answer.YES, Answer.NO), True, ["review.points_to_correct"]),
        ((Answer.YES, Answer.YES), False, ["review.without_cost"]),
        ((None, None), False, ["review.unanswered", "review.without_cost"]),
    ],
)
def test_what_stands_against_admitting_is_named(
    answers: tuple[Answer | None, Answer | None], has_estimate: bool, keys: list[str]
) -> None:
    points = (Point("competence", False, answers[0]), Point("upkeep", True, answers[1]))
    found = rules.against_admitting(standing(*points, has_estimate=has_estimate))
    assert [message.key for message in found] == keys


@pytest.mark.parametrize(
    ("answers", "has_estimate", "verdict"),
    [
        ((Answer.YES, Answer.YES), True, Verdict.ADMIT),
        ((Answer.YES, Answer.YES), False, None),
        ((Answer.NO, None), False, Verdict.REFUSE),
        ((Answer.YES, Answer.NO), False, Verdict.RETURN),
        ((None, Answer.NO), True, None),
    ],
)
def test_the_answers_point_to_a_verdict(
    answers: tuple[Answer | None, Answer | None], has_estimate: bool, verdict: Verdict | None
) -> None:
    points = (Point("competence", False, answers[0]), Point("upkeep", True, answers[1]))
    assert rules.suggested(standing(*points, has_estimate=has_estimate)) is verdict


UPKEEP_LACKS = (POINTS[0], Point("upkeep", True, Answer.NO))


@pytest.mark.parametrize(
    ("over", "key"),
    [
        ({"reason": "  "}, "review.reason_missing"),
        ({"reason": "x" * 5000}, "review.text_too_long"),
        ({"points": ()}, "review.no_points_to_correct"),
        ({"points": ("competence",)}, "review.point_cannot_be_corrected"),
        ({"correct_until": None}, "review.day_must_come"),
        ({"correct_until": TODAY}, "review.day_must_come"),
        ({"correct_until": TODAY + timedelta(days=31)}, "review.day_after_review"),
        ({}, None),
    ],
)
def test_a_file_is_returned_with_points_and_a_day_in_time(over: dict[str, Any], key: str | None) -> None:
    base: dict[str, Any] = {
        "verdict": Verdict.RETURN,
        "reason": "Dites qui entretiendra.",
        "language": "fr",
        "points": ("upkeep",),
        "correct_until": TODAY + timedelta(days=15),
    }
    found = rules.decision_problem(Decision(**base | over), standing(*UPKEEP_LACKS))
    assert (found.key if found else None) == key


def test_nobody_is_refused_while_they_still_correct() -> None:
    refuse = Decision(Verdict.REFUSE, "Hors compétence.", "fr")
    found = rules.decision_problem(refuse, standing(correct_until=TODAY))
    assert found
    assert found.key == "review.still_being_corrected"
    assert rules.decision_problem(refuse, standing(correct_until=TODAY - timedelta(days=1))) is None

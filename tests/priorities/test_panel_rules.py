import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.priorities.rules.order import final_order, left_out
from cdp.priorities.rules.sheets import Progress, SheetDraft, are_open, draft_problem, sheet_problem

CRITERIA = ("need", "reach")
WHOLE = {"need": 5, "reach": 0}


@pytest.mark.parametrize(
    ("draft", "key"),
    [
        (SheetDraft(WHOLE, "Le besoin est quotidien."), None),
        (SheetDraft(WHOLE, "الحاجة يومية وملحة"), None),
        (SheetDraft({"need": 5}, "Le besoin est quotidien."), "priorities.marks_missing"),
        (SheetDraft(WHOLE, "Très bien"), "priorities.reason_missing"),
        (SheetDraft(WHOLE | {"beauty": 1}, "Le besoin est quotidien."), "priorities.unknown_criterion"),
        (SheetDraft({"need": 6, "reach": 0}, "Le besoin est quotidien."), "priorities.mark_out_of_range"),
        (SheetDraft({"need": -1, "reach": 0}, "Le besoin est quotidien."), "priorities.mark_out_of_range"),
        (SheetDraft(WHOLE, "mot " * 1000), "priorities.reason_too_long"),
    ],
)
def test_a_sheet_is_handed_in_whole_and_with_a_few_words(draft: SheetDraft, key: str | None) -> None:
    found = sheet_problem(draft, CRITERIA)
    assert (found.key if found else None) == key


def test_a_draft_may_lack_marks_and_words() -> None:
    assert draft_problem(SheetDraft({}), CRITERIA) is None


def test_marks_open_when_everybody_without_interest_has_handed_in() -> None:
    assert not are_open(Progress(frozenset({1, 2}), frozenset({1})))
    assert are_open(Progress(frozenset({1, 2}), frozenset({1, 2})))
    assert are_open(Progress(frozenset({1}), frozenset({1, 9})))
    assert not are_open(Progress(frozenset(), frozenset()))


@pytest.mark.parametrize(
    ("decided", "order"),
    [
        ({}, (1, 2, 3, 4)),
        ({4: 1}, (4, 1, 2, 3)),
        ({1: 3}, (2, 3, 1, 4)),
        ({1: 4, 4: 1}, (4, 2, 3, 1)),
        ({2: None}, (1, 3, 4)),
        ({1: 99}, (2, 3, 4, 1)),
        ({9: 1}, (1, 2, 3, 4)),
    ],
)
def test_a_decided_place_is_kept_and_the_rest_fill_up_as_counted(
    decided: dict[int, int | None], order: tuple[int, ...]
) -> None:
    assert final_order((1, 2, 3, 4), decided) == order


@given(st.permutations(range(8)), st.dictionaries(st.integers(0, 9), st.none() | st.integers(1, 10)))
def test_nobody_is_lost_or_doubled_by_decisions(counted: list[int], decided: dict[int, int | None]) -> None:
    order, out = final_order(counted, decided), left_out(counted, decided)
    assert sorted((*order, *out)) == sorted(counted)
    free = [each for each in order if each not in decided]
    assert free == [each for each in counted if each in free]

"""Pairwise ballots: duels, a winner of all duels, ties by the written rule, the file that carries them; the mix."""

from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules import duels
from cdp.priorities.rules.voting.conditions import Conditions
from cdp.priorities.rules.voting.election import Candidate, election
from cdp.priorities.rules.voting.mixing import mixed, panel_meta, panel_of
from cdp.priorities.rules.voting.pabulib import BadFile
from cdp.priorities.rules.voting.pabulib_pairs import read_file, write_pairs
from cdp.priorities.rules.voting.pairwise import Pair, copeland, of_pairs, standings
from cdp.priorities.rules.voting.terms import Panel, Terms
from cdp.priorities.rules.voting.trace import CountMeasure

NUMBERS = "abcd"
CANDIDATES = tuple(Candidate(number, 10) for number in NUMBERS)
VOTES = st.lists(
    st.lists(st.sampled_from(tuple(permutations(NUMBERS, 2))), unique_by=frozenset, max_size=6), max_size=9
)


def ranked(order: str) -> list[Pair]:
    """The comparisons of a voter who wants them in this order."""
    return list(combinations(order, 2))


def test_who_wins_every_duel_comes_first_though_fewer_name_it_first() -> None:
    votes = [ranked("abc")] * 4 + [ranked("cba")] * 3 + [ranked("bca")] * 2
    found = copeland(of_pairs(10, CANDIDATES[:3], votes))
    assert found.winners == ("b",)
    assert (found.steps[0].measure, found.steps[0].value) == (CountMeasure.DUELS, Fraction(2))


def test_a_circle_is_settled_by_comparisons_won_and_then_by_the_written_rule() -> None:
    circle = [[("a", "b")], [("b", "c")], [("c", "a")]]
    even = of_pairs(10, CANDIDATES[:3], circle)
    assert copeland(even, Terms(ties="name")).winners == ("a",)
    assert copeland(even, Terms(ties="name")).ties[0].projects == ("a", "b", "c")
    assert copeland(of_pairs(10, CANDIDATES[:3], [*circle, [("c", "a")]])).winners == ("c",)


def test_pinned_and_excluded_projects_fight_no_duel() -> None:
    found = standings(of_pairs(20, CANDIDATES[:3], [[("a", "b")]]), Conditions(pinned=(("c", "signed"),)))
    assert "c" not in found
    assert (found["a"].won, found["b"].lost) == (1, 1)


def test_ballots_that_do_not_compare_are_refused() -> None:
    with pytest.raises(RuleBroken, match="not_applicable"):
        copeland(election(10, CANDIDATES, [["a"]]))


@given(VOTES)
def test_the_winner_of_all_duels_is_first_and_the_order_of_ballots_means_nothing(votes: list[list[Pair]]) -> None:
    found = copeland(of_pairs(40, CANDIDATES, votes))
    assert found.winners == copeland(of_pairs(40, CANDIDATES, votes[::-1])).winners
    assert sorted(found.winners) == list(NUMBERS)
    flat = [pair for vote in votes for pair in vote]
    for one in NUMBERS:
        if all(flat.count((one, other)) > flat.count((other, one)) for other in NUMBERS if other != one):
            assert found.winners[0] == one


@given(VOTES)
def test_the_file_carries_every_comparison_and_is_read_back_the_same(votes: list[list[Pair]]) -> None:
    made = of_pairs(20, CANDIDATES, votes)
    file = write_pairs(made, votes, {"description": "VOTES"}, {})
    again = read_file(file).election
    assert again.duels == made.duels
    assert (again.scores, again.voters) == (made.scores, len(votes))
    assert copeland(again) == copeland(made)
    assert write_pairs(made, votes[::-1], {"description": "VOTES"}, {}) == file


@pytest.mark.parametrize("wrong", ["a>b,b>a", "a>x", "a>a", "b>a", "a"])
def test_comparisons_that_do_not_give_the_points_are_refused_with_their_line(wrong: str) -> None:
    file = write_pairs(of_pairs(20, CANDIDATES, [ranked("ab")]), [ranked("ab")], {}, {})
    with pytest.raises(BadFile) as told:
        read_file(file.replace(b"a>b", wrong.encode()))
    assert told.value.line == file.count(b"\n")


@pytest.mark.parametrize("projects", range(2, 8))
def test_each_two_projects_are_asked_about_once(projects: int) -> None:
    numbers = [str(place) for place in range(projects)]
    asked = duels.questions(numbers)
    assert sorted(asked) == sorted(combinations(numbers, 2))


def test_a_mix_adds_the_declared_parts_exactly() -> None:
    voted = election(20, CANDIDATES[:3], [["a"], ["a"], ["b"]])
    panel = Panel(Fraction(40, 100), (("a", Fraction(1, 5)), ("b", Fraction(1)), ("c", Fraction(0))))
    found = mixed(voted, Terms(panel=panel))
    assert found.winners == ("b", "a")
    assert [step.value for step in found.steps] == [Fraction(7, 10), Fraction(17, 25)]
    assert panel_of(panel_meta(panel)) == panel
    with pytest.raises(RuleBroken, match="panel_missing"):
        mixed(voted)


@pytest.mark.parametrize("text", ["", "[]", '{"part": "2", "means": {}}', '{"part": "1/2", "means": {"a": "x"}}'])
def test_a_panel_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken, match="pb_panel"):
        panel_of({"cdp_panel": text})

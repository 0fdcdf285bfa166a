from random import Random

import pytest

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting.conditions import Ceiling, Conditions
from cdp.priorities.rules.voting.election import Candidate, election
from cdp.priorities.rules.voting.register import RULES, applicable
from cdp.priorities.rules.voting.terms import Completion, Terms
from cdp.priorities.rules.voting.trace import CountMeasure, WhyNot
from tests.priorities.drawing import drawn

PLACES = [
    Candidate("a", 40, "north", "water"),
    Candidate("b", 40, "north", "roads"),
    Candidate("c", 30, "south", "water"),
]
VOTE = election(100, PLACES, ["ab", "ab", "ab", "c"])
APPROVAL_RULES = ("greedy", "greedy-per-cost", "phragmen", "equal-shares")


def outcome(rule: str, **limits):
    return RULES[rule](VOTE, Terms(conditions=Conditions(**limits)))


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_a_territory_never_gets_more_than_its_ceiling(rule: str) -> None:
    found = outcome(rule, ceilings=(Ceiling("north", frozenset("ab"), 50),))
    assert "b" not in found.winners
    assert "a" in found.winners
    (passed,) = (one for one in found.passed if one.project == "b")
    assert (passed.reason, passed.detail, passed.missing) == (WhyNot.CEILING, "north", 30)


def test_a_sector_has_its_ceiling_too() -> None:
    assert outcome("greedy", ceilings=(Ceiling("water", frozenset("ac"), 40),)).winners == ("a", "b")


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_projects_that_shut_one_another_out_are_not_both_chosen(rule: str) -> None:
    found = outcome(rule, incompatible=(("b", "a"),))
    assert "b" not in found.winners
    (passed,) = (one for one in found.passed if one.project == "b")
    assert (passed.reason, passed.detail) == (WhyNot.INCOMPATIBLE, "a")


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_a_project_waits_for_the_one_it_needs(rule: str) -> None:
    vote = election(120, PLACES, ["ab", "ab", "ab", "c"])
    found = RULES[rule](vote, Terms(conditions=Conditions(prerequisites=(("a", "b"),))))
    assert found.winners.index("b") < found.winners.index("a")


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_a_project_is_not_chosen_when_the_one_it_needs_is_excluded(rule: str) -> None:
    found = outcome(rule, prerequisites=(("a", "b"),), excluded=(("b", "on a flood plain"),))
    reasons = {one.project: (one.reason, one.detail) for one in found.passed}
    assert reasons["a"] == (WhyNot.PREREQUISITE, "b")
    assert reasons["b"] == (WhyNot.EXCLUDED, "on a flood plain")


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_a_pinned_project_comes_first_and_is_paid_from_the_whole(rule: str) -> None:
    found = outcome(rule, pinned=(("c", "promised in the last plan"),))
    assert (found.winners[0], found.steps[0].measure) == ("c", CountMeasure.PIN)
    assert found.spent <= 100


@pytest.mark.parametrize("rule", APPROVAL_RULES)
def test_too_few_votes_keep_a_project_out(rule: str) -> None:
    found = outcome(rule, minimum_votes=2)
    reasons = {one.project: (one.reason, one.detail) for one in found.passed}
    assert reasons["c"] == (WhyNot.TOO_FEW_VOTES, "1")


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        ({"pinned": (("a", ""),), "excluded": (("a", ""),)}, "voting.pinned_and_excluded"),
        ({"excluded": (("z", ""),)}, "voting.condition_unknown_project"),
        ({"incompatible": (("a", "z"),)}, "voting.condition_unknown_project"),
        ({"pinned": (("a", ""), ("b", ""), ("c", ""))}, "voting.pinned_does_not_fit"),
        ({"pinned": (("a", ""),), "prerequisites": (("a", "b"),)}, "voting.pinned_does_not_fit"),
        ({"pinned": (("a", ""),), "ceilings": (Ceiling("x", frozenset("a"), 1),)}, "voting.pinned_does_not_fit"),
    ],
)
def test_conditions_that_contradict_one_another_are_refused(limits, key: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        outcome("greedy", **limits)
    assert refused.value.message.key == key


def test_no_rule_breaks_a_condition_in_random_elections() -> None:
    draw = Random("conditions")
    for _ in range(150):
        case = drawn(draw, sums=draw.choice(["ties", "tiny", "any"]))
        names = list(case.costs)
        pairs = [(draw.choice(names), draw.choice(names)) for _ in range(2)]
        apart = tuple((one, other) for one, other in pairs[:1] if one != other)
        needs = tuple((one, other) for one, other in pairs[1:] if one < other)
        half = frozenset(draw.sample(names, len(names) // 2))
        limits = Conditions((Ceiling("half", half, draw.randint(0, 60)),), 1, apart, needs, (), ((names[0], "no"),))
        for name in applicable(case.kind):
            for completion in Completion if name == "equal-shares" else [Completion.NONE]:
                found = RULES[name](case.election, Terms(conditions=limits, completion=completion))
                won = set(found.winners)
                assert sum(case.costs[one] for one in won & half) <= limits.ceilings[0].amount
                assert not any(one in won and other in won for one, other in apart)
                assert all(other in won for one, other in needs if one in won)
                assert names[0] not in won
                assert found.spent <= case.budget
                assert sorted([*won, *(one.project for one in found.passed)]) == sorted(names)

"""Why this one and not that one; what other rules would have chosen; who gets what."""

from fractions import Fraction
from functools import partial

import numpy as np
from hypothesis import given

from cdp.kernel.errors import Message
from cdp.priorities.rules.comparison import differing, left_with_nothing, served, shares, side_by_side
from cdp.priorities.rules.explaining import Telling, payments, spent_elsewhere, votes_lacking, why
from cdp.priorities.rules.voting.conditions import Conditions
from cdp.priorities.rules.voting.election import Candidate, Election, election
from cdp.priorities.rules.voting.register import RULES, applicable
from cdp.priorities.rules.voting.terms import PLAIN, Terms, Utility
from cdp.priorities.rules.voting.trace import CountMeasure, Outcome
from tests.priorities.drawing import Drawn, elections

TELLING = Telling({"well": "The well of Tirsal", "road": "The road"})


def village() -> Election:
    """Six want road and school, four the well; 100 to spend, ten for each."""
    candidates = [Candidate("road", 60, "Imlil"), Candidate("school", 40, "Imlil"), Candidate("well", 40, "Tirsal")]
    return election(100, candidates, [("road", "school")] * 6 + [("well",)] * 4)


def keys(messages: tuple[Message, ...]) -> list[str]:
    return [message.key for message in messages]


def test_greedy_says_what_was_left_and_what_the_loser_lacked() -> None:
    outcome = RULES["greedy"](village(), PLAIN)
    won, tied = why(village(), outcome, "road", TELLING)
    assert (tied.key, tied.values) == ("why.tie_won", {"others": "school"})
    assert (won.key, won.values["supporters"], won.values["left"].minor) == ("why.score", 6, 40)
    assert won.values["title"] == "The road"
    (lost,) = why(village(), outcome, "well", TELLING)
    assert (lost.key, lost.values["missing"].minor) == ("why_not.over_budget", 40)


def test_equal_shares_says_who_paid_and_what_supporters_had_left() -> None:
    outcome = RULES["equal-shares"](village(), Terms(utility=Utility.COUNT))
    assert set(outcome.winners) == {"school", "well"}
    (lost,) = why(village(), outcome, "road", TELLING)
    assert (lost.key, lost.values["had"].minor, lost.values["missing"].minor) == (
        "why_not.supporters_cannot_pay",
        20,
        40,
    )
    (paid,) = spent_elsewhere(village(), outcome, "road", utility=Utility.COUNT)
    assert (paid.project, paid.voters, paid.amount) == ("school", 6, 40)


def test_a_tie_is_told_to_the_one_taken_and_to_the_one_left() -> None:
    case = election(10, [Candidate("a", 10), Candidate("b", 10)], [("a",), ("b",)])
    outcome = RULES["greedy"](case, PLAIN)
    assert keys(why(case, outcome, "a", TELLING)) == ["why.score", "why.tie_won"]
    assert keys(why(case, outcome, "b", TELLING)) == ["why_not.over_budget", "why_not.tie_lost"]


def test_a_decision_is_told_with_its_reason() -> None:
    terms = Terms(Conditions(pinned=(("well", "drought"),), excluded=(("road", "land in dispute"),)))
    outcome = RULES["greedy"](village(), terms)
    assert keys(why(village(), outcome, "well", TELLING)) == ["why.pin"]
    (out,) = why(village(), outcome, "road", TELLING)
    assert (out.key, out.values["detail"]) == ("why_not.excluded", "land in dispute")


def test_as_many_more_votes_as_are_said_to_lack_are_enough_and_one_less_is_not() -> None:
    recount = partial(RULES["greedy"], terms=PLAIN)
    assert votes_lacking(village(), ["well"], recount, times=9) == {"well": 3}
    assert votes_lacking(village(), ["well"], recount, times=2) == {}


@given(elections())
def test_every_project_on_the_ballot_gets_its_sentence(case: Drawn) -> None:
    for rule in applicable(case.kind):
        outcome = RULES[rule](case.election, PLAIN)
        for project in case.costs:
            first = why(case.election, outcome, project, TELLING)[0]
            assert first.key.startswith("why." if project in outcome.winners else "why_not.")


@given(elections())
def test_voters_pay_the_cost_together_and_nobody_more_than_the_share(case: Drawn) -> None:
    for utility in Utility:
        outcome = RULES["equal-shares"](case.election, Terms(utility=utility))
        paid = payments(case.election, outcome, utility)
        counts = case.election.ballots.counts.astype(np.float64)
        for step, row in zip(outcome.steps, paid, strict=True):
            if step.measure is CountMeasure.PAYMENT:
                assert abs(float(row @ counts) - step.cost) <= 1e-6 * max(1, step.cost)
        assert (paid.sum(axis=0) <= float(outcome.share or 0) * (1 + 1e-9) + 1e-9).all()


def test_the_same_votes_stand_under_every_rule_side_by_side() -> None:
    counts = side_by_side(village(), PLAIN)
    assert [(count.rule, count.utility) for count in counts] == [
        ("greedy", None),
        ("greedy-per-cost", None),
        ("phragmen", None),
        ("equal-shares", Utility.COST),
        ("equal-shares", Utility.COUNT),
    ]
    assert [sorted(count.winners) for count in counts[::2]] == [
        ["road", "school"],
        ["school", "well"],
        ["school", "well"],
    ]
    assert sorted(counts[3].winners) == ["road", "well"]
    assert differing(count.winners for count in counts) == ("road", "school", "well")
    assert differing([counts[0].winners]) == ()
    assert differing(()) == ()


def test_a_place_with_two_fifths_of_the_voters_and_nothing_is_named() -> None:
    case = village()
    places = {candidate.id: candidate.territory for candidate in case.candidates}
    greedy = RULES["greedy"](case, PLAIN)
    found = shares(case, greedy.winners, places, asked={"Imlil": 6, "Tirsal": 4})
    assert [(one.group, one.asked_part, one.money_part) for one in found] == [
        ("Imlil", Fraction(3, 5), 1),
        ("Tirsal", Fraction(2, 5), 0),
    ]
    assert [one.group for one in left_with_nothing(found)] == ["Tirsal"]
    fair = RULES["equal-shares"](case, Terms(utility=Utility.COUNT))
    assert left_with_nothing(shares(case, fair.winners, places, asked={"Imlil": 6, "Tirsal": 4})) == ()


def test_without_voters_by_group_points_say_what_was_asked() -> None:
    case = village()
    found = shares(case, ("road",), {"road": "roads", "school": "education"})
    assert [(one.group, one.asked, one.projects) for one in found] == [
        ("education", 6, 0),
        ("roads", 6, 1),
        ("", 4, 0),
    ]
    assert [one.asked_part for one in found] == [Fraction(3, 8), Fraction(3, 8), Fraction(1, 4)]
    assert [one.group for one in left_with_nothing(found)] == ["education"]


def test_nobody_voting_has_no_parts() -> None:
    case = election(10, [Candidate("a", 10)], [])
    assert shares(case, (), {"a": "x"}) == ()
    assert served(case, ()).voters == 0


@given(elections())
def test_voters_served_are_those_who_see_a_project_of_theirs(case: Drawn) -> None:
    outcome: Outcome = RULES["greedy"](case.election, PLAIN)
    found = served(case.election, outcome.winners)
    liked = [sum(1 for project in outcome.winners if ballot.get(project, 0) > 0) for ballot in case.ballots]
    assert (found.with_one, found.with_two) == (sum(1 for n in liked if n), sum(1 for n in liked if n > 1))

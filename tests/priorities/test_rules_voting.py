from fractions import Fraction
from hashlib import sha256
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.kernel.errors import RuleBroken
from cdp.priorities.rules.voting import equal_shares as driver
from cdp.priorities.rules.voting.election import Candidate, VoteKind, comparisons, election, show_of_hands
from cdp.priorities.rules.voting.equal_shares import equal_shares
from cdp.priorities.rules.voting.greedy import greedy
from cdp.priorities.rules.voting.phragmen import phragmen
from cdp.priorities.rules.voting.register import RULES, applicable, count
from cdp.priorities.rules.voting.terms import PLAIN, Completion, Terms, Utility
from cdp.priorities.rules.voting.ties import drawn as lot_of
from cdp.priorities.rules.voting.ties import precedence
from cdp.priorities.rules.voting.trace import CountMeasure, Tie, WhyNot
from tests.priorities import oracle
from tests.priorities.drawing import Drawn, drawn, elections, vote

SHARES = [Terms(utility=utility, completion=completion) for utility in Utility for completion in Completion]


def approvals(budget: int, costs: dict[str, int], *votes: str):
    candidates = [Candidate(project, cost) for project, cost in costs.items()]
    return election(budget, candidates, [tuple(one) for one in votes])


def every_count(case: Drawn, ties: str = "name"):
    """Every applicable rule, with every utility and completion where it has them."""
    for name in applicable(case.kind):
        for terms in SHARES if name == "equal-shares" else [PLAIN]:
            yield RULES[name](case.election, Terms(ties=ties, utility=terms.utility, completion=terms.completion))


def test_a_minority_keeps_its_share_under_equal_shares_but_not_under_greedy() -> None:
    case = approvals(90, {"1": 45, "2": 45, "3": 30}, "12", "12", "3")
    assert greedy(case).winners == ("1", "2")
    assert equal_shares(case).winners == ("1", "3")


def test_what_equal_shares_cannot_buy_is_told_with_the_money_that_lacks() -> None:
    outcome = equal_shares(approvals(90, {"1": 45, "2": 45, "3": 30}, "12", "12", "3"))
    (passed,) = outcome.passed
    assert (passed.project, passed.reason, passed.missing) == ("2", WhyNot.CANNOT_PAY, 30)
    assert outcome.share == 30
    assert [(step.measure, step.in_full, step.all_they_had) for step in outcome.steps] == [
        (CountMeasure.PAYMENT, 2, 0),
        (CountMeasure.PAYMENT, 1, 0),
    ]


def test_a_poor_supporter_gives_all_and_the_others_pay_the_rest() -> None:
    case = approvals(30, {"a": 10, "b": 17}, "a", "ab", "b")
    outcome = equal_shares(case)
    assert outcome.winners == ("a",)
    richer = equal_shares(case, Terms(completion=Completion.ADD1))
    assert richer.winners == ("a", "b")
    assert richer.share == 11
    assert (richer.steps[1].in_full, richer.steps[1].all_they_had) == (1, 1)


def test_phragmen_stops_when_the_next_project_does_not_fit_where_greedy_goes_on() -> None:
    case = approvals(10, {"a": 6, "b": 6, "c": 4}, "ab", "ab", "ab", "ab", "c")
    assert phragmen(case).winners == ("a",)
    assert greedy(case).winners == ("a", "c")
    reasons = {one.project: one.reason for one in phragmen(case).passed}
    assert reasons == {"b": WhyNot.OVER_BUDGET, "c": WhyNot.NOT_REACHED}


def test_phragmen_stops_when_one_of_several_tied_does_not_fit() -> None:
    case = approvals(10, {"z": 5, "a": 4, "b": 8}, *"zzzzzabb")
    assert phragmen(case).winners == ("z",)


def test_greedy_per_cost_prefers_many_votes_for_little_money() -> None:
    case = approvals(10, {"a": 10, "b": 4, "c": 5}, "ab", "ac", "a")
    assert RULES["greedy-per-cost"](case, PLAIN).winners == ("a",)
    assert count("greedy-per-cost", approvals(10, {"a": 10, "b": 4, "c": 5}, "ab", "ac")).winners == ("b", "c")


def test_borda_gives_a_ranking_of_three_the_points_three_two_one() -> None:
    candidates = [Candidate("a", 1), Candidate("b", 1), Candidate("c", 1)]
    case = election(2, candidates, ["abc", "bc", "cab", "a"], kind=VoteKind.ORDINAL)
    assert case.scores == (6, 5, 5)
    outcome = count("borda", case)
    assert (outcome.rule, outcome.winners) == ("borda", ("a", "b"))
    assert outcome.ties == (Tie(2, ("b", "c"), "b"),)


def test_borda_refuses_ballots_that_do_not_rank() -> None:
    with pytest.raises(RuleBroken) as refused:
        count("borda", approvals(1, {"a": 1}, "a"))
    assert refused.value.message.key == "voting.not_applicable"
    assert "borda" not in applicable(VoteKind.SCORING)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        count("dictator", approvals(1, {"a": 1}, "a"))
    assert refused.value.message.key == "voting.unknown_rule"


def test_ties_by_name_compare_numbers_as_text() -> None:
    case = approvals(1, {"9": 1, "10": 1}, ["9", "10"])
    assert greedy(case).winners == ("10",)
    assert greedy(case).ties == (Tie(1, ("10", "9"), "10"),)


def test_a_lot_is_the_sha_256_of_seed_and_number_and_can_be_repeated() -> None:
    assert lot_of("rain", "7") == sha256(b"rain:7").hexdigest()
    places = precedence("lot:rain", ["1", "2", "3", "4"])
    assert sorted(places, key=places.__getitem__) == sorted(
        "1234", key=lambda one: sha256(f"rain:{one}".encode()).hexdigest()
    )


@pytest.mark.parametrize("text", ["", "lot:", "age", "lot"])
def test_other_ways_to_settle_ties_are_refused(text: str) -> None:
    with pytest.raises(RuleBroken):
        precedence(text, ["1"])


def test_a_village_count_is_an_election_of_hands() -> None:
    case = show_of_hands(10, [Candidate("well", 6), Candidate("road", 6)], {"well": 31, "road": 40})
    assert case.voters == 71
    assert greedy(case).winners == ("road",)


def test_pairwise_choices_become_points() -> None:
    assert comparisons([("a", "b"), ("a", "c"), ("c", "b")]) == {"a": 2, "c": 1}


def test_what_costs_nothing_and_is_wanted_comes_first_in_equal_shares() -> None:
    case = approvals(10, {"a": 5, "free": 0, "unwanted": 0}, ["a", "free"])
    outcome = equal_shares(case)
    assert outcome.winners == ("free", "a")
    assert [one.reason for one in outcome.passed] == [WhyNot.NO_SUPPORT]


def test_nobody_voting_buys_nothing_in_equal_shares() -> None:
    assert equal_shares(approvals(10, {"a": 5})).winners == ()


def test_prices_that_differ_by_less_than_a_float_can_tell_are_told_apart() -> None:
    big = 10**17
    case = approvals(2 * big + 2, {"a": big + 1, "b": big}, "ab", "ab")
    outcome = equal_shares(case, Terms(utility=Utility.COUNT))
    assert (outcome.winners, outcome.ties) == (("b", "a"), ())
    assert phragmen(case).winners == ("b", "a")


@pytest.mark.parametrize("sums", ["ties", "tiny", "any", "huge"])
def test_every_rule_equals_the_slow_count_in_fractions(sums: str) -> None:
    draw = Random(f"oracle {sums}")
    for _ in range(500):
        case = drawn(draw, sums=sums)
        ties = draw.choice(["name", "lot:2027"])
        given_ = case.budget, case.costs, case.ballots, precedence(ties, case.costs)
        fast = {name: RULES[name](case.election, Terms(ties=ties)).winners for name in RULES if name != "borda"}
        assert list(fast["greedy"]) == oracle.greedy(*given_), case
        assert list(fast["greedy-per-cost"]) == oracle.greedy_per_cost(*given_), case
        assert list(fast["phragmen"]) == oracle.phragmen(*given_), case
        for utility in Utility:
            slow = oracle.equal_shares(*given_, utility=utility)
            assert list(equal_shares(case.election, Terms(ties=ties, utility=utility)).winners) == slow, case


@pytest.mark.parametrize("sums", ["ties", "tiny", "any"])
def test_every_completion_equals_the_slow_count_in_fractions(sums: str) -> None:
    draw = Random(f"completions {sums}")
    for _ in range(200):
        case = drawn(draw, sums=sums)
        given_ = case.budget, case.costs, case.ballots, precedence("name", case.costs)
        for terms in SHARES:
            slow = oracle.equal_shares(*given_, utility=terms.utility, completion=terms.completion)
            assert list(equal_shares(case.election, terms).winners) == slow, (case, terms)


def test_raises_that_are_jumped_over_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random("jumps")
    cases = []
    for sums in ("any", "round") * 8:
        price = {"any": lambda: draw.randint(20, 900), "round": lambda: draw.choice([150, 200, 300])}[sums]
        costs = {str(i): price() for i in range(1, 9)}
        votes = tuple(vote(draw, [one for one in costs if draw.random() < 0.4], VoteKind.APPROVAL) for _ in range(4))
        cases.append(Drawn(draw.randint(300, 1500), costs, votes, VoteKind.APPROVAL))
    for terms in (Terms(completion=Completion.ADD1), Terms(completion=Completion.ADD1, utility=Utility.COUNT)):
        jumping = [equal_shares(case.election, terms) for case in cases]
        with monkeypatch.context() as patch:
            patch.setattr(driver, "PATIENCE", 10**9)
            patch.setattr(driver.Count, "quiet", lambda *_: 0)
            stepping = [equal_shares(case.election, terms) for case in cases]
        assert jumping == stepping
        assert any(one.share > Fraction(case.budget, 4) + 30 for one, case in zip(jumping, cases, strict=True))


@given(elections())
def test_no_rule_spends_more_than_there_is_nor_takes_anything_twice(case: Drawn) -> None:
    for outcome in every_count(case):
        spent = sum(case.costs[one] for one in outcome.winners)
        assert outcome.spent == spent <= outcome.budget == case.budget
        assert len(set(outcome.winners)) == len(outcome.winners)


@given(elections())
def test_every_project_is_either_chosen_or_passed_with_a_reason(case: Drawn) -> None:
    for outcome in every_count(case):
        named = [*outcome.winners, *(one.project for one in outcome.passed)]
        assert sorted(named) == sorted(case.costs)
        assert [step.project for step in outcome.steps] == list(outcome.winners)
        assert not outcome.steps or outcome.steps[-1].left == case.budget - outcome.spent


@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_does_not_matter(case: Drawn, shuffler: Random) -> None:
    votes = list(case.votes)
    shuffler.shuffle(votes)
    other = Drawn(case.budget, case.costs, tuple(votes), case.kind)
    assert list(every_count(case, "lot:x")) == list(every_count(other, "lot:x"))


@given(elections(), st.integers(2, 4))
def test_everybody_twice_gives_the_same_winners_for_rules_that_cut_shares_once(case: Drawn, times: int) -> None:
    other = Drawn(case.budget, case.costs, case.votes * times, case.kind)
    for name in applicable(case.kind):
        assert RULES[name](case.election, PLAIN).winners == RULES[name](other.election, PLAIN).winners


@given(st.data(), elections())
def test_a_set_that_everybody_wants_and_that_fits_is_chosen(data: st.DataObject, case: Drawn) -> None:
    wanted = data.draw(st.sets(st.sampled_from(sorted(case.costs)), min_size=1))
    budget = sum(case.costs[one] for one in wanted) + data.draw(st.integers(0, 20))
    same = Drawn(budget, case.costs, (tuple(sorted(wanted)),) * 3, VoteKind.APPROVAL)
    for outcome in every_count(same):
        assert wanted <= set(outcome.winners)


@given(st.data(), elections())
def test_a_winner_of_greedy_does_not_lose_by_one_more_approval(data: st.DataObject, case: Drawn) -> None:
    votes = tuple(tuple(one) for one in case.votes)
    before = Drawn(case.budget, case.costs, votes, VoteKind.APPROVAL)
    for name in ("greedy", "greedy-per-cost"):
        for winner in RULES[name](before.election, PLAIN).winners:
            more = tuple(one if winner in one else (*one, winner) for one in votes[:1]) + votes[1:]
            after = Drawn(case.budget, case.costs, more, VoteKind.APPROVAL)
            assert winner in RULES[name](after.election, PLAIN).winners


@settings(deadline=None)
@given(elections(projects=5, voters=5), st.sampled_from(Utility), st.sampled_from(Completion))
def test_equal_shares_gives_every_cohesive_group_its_due_up_to_one_project(
    case: Drawn, utility: Utility, completion: Completion
) -> None:
    chosen = set(equal_shares(case.election, Terms(utility=utility, completion=completion)).winners)
    ballots = case.ballots

    def worth(voter: int, projects) -> int:
        factor = {one: case.costs[one] if utility is Utility.COST else 1 for one in projects}
        return sum(max(ballots[voter].get(one, 0), 0) * factor[one] for one in projects)

    for group in (group for size in range(1, len(ballots) + 1) for group in combinations(range(len(ballots)), size)):
        for size in range(1, len(case.costs) + 1):
            for wish in combinations(case.costs, size):
                if sum(case.costs[one] for one in wish) * len(ballots) > len(group) * case.budget:
                    continue
                due = sum(min(worth(voter, [one]) for voter in group) for one in wish)
                assert any(
                    worth(voter, chosen) >= due or any(worth(voter, chosen | {one}) > due for one in wish)
                    for voter in group
                ), (group, wish)

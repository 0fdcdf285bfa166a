"""The programme by rank: what stands where, why not the others, and what would let them in."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.programme.rules import keeping
from cdp.programme.rules.fit import greedy
from cdp.programme.rules.fit.asking import by_year
from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.presets import PRESETS
from cdp.programme.rules.fit.terms import (
    Base,
    Capacity,
    Certainty,
    Envelope,
    Exclusion,
    FitStatus,
    LeftOut,
    Phases,
    Pin,
    Programme,
    Quota,
    Running,
    Scope,
    Share,
)
from tests.programme.instances import drawn, envelopes, instance, project


def mad(centimes: int) -> Money:
    return Money(centimes, "MAD")


def why(programme: Programme, id_: str) -> Message:
    """The message of a project left out."""
    return next(reason.message for reason in programme.left_out if reason.project == id_)


def test_the_first_rank_comes_first_and_the_next_takes_the_year_with_room() -> None:
    made = instance(project("well", 5, 70, rank=2), project("school", 9, 80, rank=1))
    assert greedy.fit(made).starts == {"school": 2028, "well": 2029}


def test_who_starts_late_is_told_which_envelope_was_taken() -> None:
    made = instance(project("well", 5, 70), project("school", 9, 80))
    (late,) = greedy.fit(made).late
    assert (late.project, late.start) == ("well", 2028)
    assert late.message == Message("programme.late.envelope", {"year": 2028, "source": "own", "missing": mad(50)})


def test_who_is_left_out_is_told_the_least_that_is_missing_and_where() -> None:
    made = instance(project("a", 9, 80), project("b", 8, 90), project("c", 7, 30))
    (reason,) = greedy.fit(made).left_out
    assert reason.message == Message("programme.left_out.envelope", {"year": 2028, "source": "own", "missing": mad(10)})
    assert reason.remedies[0] == (
        Message("programme.remedy.envelope", {"year": 2028, "source": "own", "missing": mad(10)}),
    )


def test_a_signature_that_would_do_is_named() -> None:
    money = (Envelope(2028, "own", 50), Envelope(2028, "province", 60, Certainty.EXPECTED))
    made = instance(
        project("road", 9, 100, partners={"province": 60}),
        years=(2028,),
        envelopes=money,
        counted=Certainty.PROMISED,
    )
    (reason,) = greedy.fit(made).left_out
    assert (Message("programme.remedy.signature", {"year": 2028, "source": "province"}),) in reason.remedies


def test_running_costs_are_paid_in_the_years_after() -> None:
    made = instance(
        project("pump", 9, 60, running=(Running("own", 30),)), project("well", 5, 80), own=100, years=(2028, 2029)
    )
    assert greedy.fit(made).starts == {"pump": 2028}


def test_a_price_rise_makes_later_years_dearer() -> None:
    made = instance(project("a", 9, 100), project("b", 8, 100), price_rise=1)
    assert why(greedy.fit(made), "b").values == {"year": 2029, "source": "own", "missing": mad(1)}


def test_what_a_partner_does_not_pay_beyond_its_ceiling_the_commune_pays() -> None:
    shares = (Share("own", 30), Share("indh", 70, ceiling=70))
    money = (*envelopes(100, years=(2028, 2029)), *envelopes(100, source="indh", years=(2028, 2029)))
    made = instance(project("a", 9, 100, shares=shares, earliest=2029), envelopes=money, price_rise=1_000)
    (placed,) = greedy.fit(made).placements
    assert placed.amounts == {(2029, "own"): 40, (2029, "indh"): 70}


def test_a_prerequisite_is_finished_before() -> None:
    made = instance(project("pipes", 9, 50, after=("well",)), project("well", 1, 50), own=100)
    assert greedy.fit(made).starts == {"well": 2028, "pipes": 2029}


def test_without_its_prerequisite_a_project_waits() -> None:
    made = instance(project("pipes", 9, 50, after=("well",)), project("well", 1, 150), own=100)
    assert why(greedy.fit(made), "pipes") == Message("programme.left_out.prerequisite", {"first": "well"})


def test_the_way_in_of_a_project_that_waits_pays_for_both() -> None:
    made = instance(project("pipes", 9, 50, after=("well",)), project("well", 1, 150), own=100)
    waiting = next(one for one in greedy.fit(made).left_out if one.project == "pipes")
    assert waiting.remedies == (
        (
            Message("programme.remedy.prerequisite", {"first": "well"}),
            Message("programme.remedy.envelope", {"year": 2028, "source": "own", "missing": mad(50)}),
        ),
    )


def test_a_project_that_comes_too_late_for_another_is_moved_and_what_that_takes_is_said() -> None:
    made = instance(
        project("well", 9, 100, earliest=2028),
        project("pipes", 5, 50, after=("well",)),
        envelopes=(Envelope(2028, "own", 90), Envelope(2029, "own", 100)),
    )
    done = greedy.fit(made)
    assert done.starts == {"well": 2029}
    assert done.left_out[0].message.key == "programme.left_out.prerequisite_late"
    assert done.left_out[0].remedies == (
        (
            Message("programme.remedy.earlier", {"first": "well"}),
            Message("programme.remedy.envelope", {"year": 2028, "source": "own", "missing": mad(10)}),
        ),
    )


def test_one_phase_alone_is_never_offered_a_place() -> None:
    made = instance(
        project("p1", 9, 60),
        project("p2", 9, 60),
        project("p3", 9, 60),
        phases=(Phases("road", ("p1", "p2", "p3"), complete=True),),
        years=(2028, 2029, 2030),
        capacity=(Capacity(2029, 0),),
    )
    first, second, _third = greedy.fit(made).left_out
    assert first.message == Message("programme.left_out.complete", {"other": "p2"})
    assert first.remedies == (
        (
            Message("programme.remedy.prerequisite", {"first": "p2"}),
            Message("programme.remedy.prerequisite", {"first": "p3"}),
            Message("programme.remedy.capacity", {"year": 2029, "missing": 1}),
        ),
    )
    assert second.message == Message("programme.left_out.prerequisite", {"first": "p1"})
    assert [len(way) for way in second.remedies] == [3]


def test_of_several_that_exclude_a_project_only_as_many_leave_as_must() -> None:
    both = Exclusion("site", ("a", "b", "c"), at_most=2)
    made = instance(project("a", 9, 50), project("b", 7, 40), project("c", 5, 60), exclusions=(both,), years=(2028,))
    ((money, place),) = greedy.fit(made).left_out[0].remedies
    assert place == Message("programme.remedy.exclusion", {"exclusion": "site", "others": "b"})
    assert money.values["missing"] == mad(10), "the place that becomes free brings its money"


def test_nobody_leaves_on_whom_another_project_leans() -> None:
    made = instance(
        project("a", 9, 50),
        project("next", 9, 50, after=("a",)),
        project("b", 5, 50),
        exclusions=(Exclusion("site", ("a", "b")),),
    )
    reason = greedy.fit(made).left_out[0]
    assert (reason.message.key, reason.remedies) == ("programme.left_out.exclusion", ())


def test_a_ceiling_of_nothing_offers_no_way_in() -> None:
    made = instance(
        project("a", 9, 50, territory="d1"), quotas=(Quota("d1", Scope.TERRITORY, ("d1",), at_most_portion=0),)
    )
    reason = greedy.fit(made).left_out[0]
    assert reason.message == Message("programme.left_out.quota_most", {"quota": "d1", "missing": mad(50)})
    assert reason.remedies == ()


def test_of_two_ways_the_one_that_asks_for_more_of_the_same_is_not_named() -> None:
    made = instance(
        project("a", 9, 50, running=(Running("own", 30),)),
        years=(2028, 2029, 2030),
        envelopes=(Envelope(2028, "own", 50), *envelopes(20, years=(2029, 2030))),
    )
    assert [
        [(one.values["year"], one.values["missing"]) for one in way] for way in greedy.fit(made).left_out[0].remedies
    ] == [[(2030, mad(30))], [(2029, mad(10)), (2030, mad(10))]]


def test_of_two_that_exclude_each_other_one_stands() -> None:
    made = instance(project("a", 9, 50), project("b", 8, 50), exclusions=(Exclusion("site", ("a", "b")),), own=100)
    done = greedy.fit(made)
    assert done.starts == {"a": 2028}
    assert why(done, "b").key == "programme.left_out.exclusion"
    assert why(done, "b").values["others"] == "a"


def test_phases_that_belong_together_stand_all_or_none() -> None:
    made = instance(
        project("p1", 9, 50), project("p2", 9, 150), phases=(Phases("road", ("p1", "p2"), complete=True),), own=100
    )
    done = greedy.fit(made)
    assert done.starts == {}
    assert why(done, "p1") == Message("programme.left_out.complete", {"other": "p2"})


def test_staff_can_only_have_so_many_works_in_hand() -> None:
    made = instance(
        project("a", 9, 10),
        project("b", 8, 10),
        project("c", 7, 10),
        capacity=(Capacity(2028, 1), Capacity(2029, 1)),
    )
    assert greedy.fit(made).starts == {"a": 2028, "b": 2029}


def test_a_floor_is_served_before_higher_ranks() -> None:
    made = instance(
        project("road", 9, 100),
        project("well", 5, 100, sector="water"),
        years=(2028,),
        quotas=(Quota("water", Scope.SECTOR, ("water",), at_least=50),),
    )
    assert greedy.fit(made).starts == {"well": 2028}


def test_a_portion_of_the_money_programmed_takes_out_the_lowest_rank() -> None:
    made = instance(
        project("a", 9, 60),
        project("b", 8, 40),
        project("c", 3, 40, groups=("women",)),
        own=70,
        quotas=(Quota("women", Scope.GROUP, ("women",), at_least_portion=5_000),),
    )
    assert greedy.fit(made).starts.keys() == {"b", "c"}


def test_pins_come_first_and_in_their_year() -> None:
    made = instance(project("a", 9, 80), project("b", 1, 80), pins=(Pin("b", 2028, "agreed"),))
    done = greedy.fit(made)
    assert done.starts == {"b": 2028, "a": 2029}
    assert done.status is FitStatus.EXPLAINED


def test_pins_that_cannot_stand_together_are_said() -> None:
    made = instance(project("a", 9, 80), project("b", 1, 80), years=(2028,), pins=(Pin("a"), Pin("b")))
    done = greedy.fit(made)
    assert done.status is FitStatus.UNMET
    assert done.unmet == (Message("programme.condition.pin", {"project": "b"}),)


def test_what_people_left_out_stays_out_with_their_reason() -> None:
    made = instance(project("a", 9, 10), left_out=(LeftOut("a", "no land"),))
    assert why(greedy.fit(made), "a") == Message("programme.left_out.decided", {"reason": "no land"})


def test_a_share_that_waits_for_a_signature_stops_the_project() -> None:
    shares = (Share("own", 50), Share("region", 20), Share("indh", 30, only_if=("region",)))
    done = greedy.fit(instance(project("a", 9, 100, shares=shares)))
    assert why(done, "a") == Message("programme.left_out.signature", {"source": "region", "waiting": "indh"})


def test_or_passes_to_who_pays_otherwise() -> None:
    shares = (Share("own", 50), Share("region", 20), Share("indh", 30, only_if=("region",), otherwise="own"))
    money = (*envelopes(100, years=(2028,)), *envelopes(100, source="region", years=(2028,)))
    (placed,) = greedy.fit(instance(project("a", 9, 100, shares=shares), years=(2028,), envelopes=money)).placements
    assert placed.amounts == {(2028, "own"): 80, (2028, "region"): 20}


def test_the_commune_must_pay_its_least_share() -> None:
    made = instance(project("a", 9, 100, partners={"ngo": 95}, own_floor=1_000))
    assert why(greedy.fit(made), "a") == Message("programme.left_out.own_share", {"percent": "10", "missing": mad(5)})


def test_a_named_share_rule_is_kept() -> None:
    made = instance(project("a", 9, 100, partners={"indh": 80}, preset="indh_70_30"))
    assert why(greedy.fit(made), "a").values == {
        "preset": PRESETS["indh_70_30"].title,
        "kind": ("indh",),
        "over": mad(10),
    }


def test_a_share_rule_names_who_pays_too_much_and_all_who_may_pay_more() -> None:
    too_much = instance(project("a", 9, 100, partners={"ministry": 60, "diaspora": 30}, preset="dar_1_3"))
    assert why(greedy.fit(too_much), "a").values["kind"] == ("ministry",)
    too_little = instance(project("a", 9, 100, partners={"association": 1, "ministry": 79}, preset="pager"))
    assert why(greedy.fit(too_little), "a").values["kind"] == ("association", "beneficiaries")
    (reason,) = greedy.fit(too_little).left_out
    document = json.loads(json.dumps(keeping.kept(reason)))
    assert keeping.message(reason.message.key, document) == reason.message
    assert keeping.remedies(document) == reason.remedies


def test_a_project_too_long_for_its_window_has_no_year() -> None:
    made = instance(project("a", 9, 100, duration=2, earliest=2029))
    done = greedy.fit(made)
    assert why(done, "a").key == "programme.left_out.no_year"
    ((remedy,),) = done.left_out[0].remedies
    assert (remedy.key, remedy.values["start"]) == ("programme.remedy.start_by", 2028)


def test_works_longer_than_the_programme_would_have_to_be_shorter() -> None:
    made = instance(project("a", 9, 100, duration=9))
    ((remedy,),) = greedy.fit(made).left_out[0].remedies
    assert (remedy.key, remedy.values["most"]) == ("programme.remedy.shorter", len(made.years))
    late = instance(project("a", 9, 100, duration=9, earliest=made.years[0] + 1))
    ((remedy,),) = greedy.fit(late).left_out[0].remedies
    assert (remedy.key, remedy.values["most"]) == ("programme.remedy.shorter", len(made.years) - 1)


@pytest.mark.parametrize(("women", "ways"), [(60, 0), (70, 1)])
def test_more_money_that_would_raise_a_floor_beyond_what_serves_it_lets_nobody_in(women: int, ways: int) -> None:
    made = instance(
        project("w", 9, women, groups=("women",)),
        project("a", 8, 70),
        quotas=(Quota("women", Scope.GROUP, ("women",), at_least_portion=5_000, of=Base.RESOURCES),),
        envelopes=(*envelopes(100, years=(2028,)),),
        years=(2028,),
    )
    (reason,) = greedy.fit(made).left_out
    assert reason.project == "a"
    assert len(reason.remedies) == ways


@pytest.mark.parametrize("of", Base)
def test_a_ceiling_by_territory_holds(of: Base) -> None:
    made = instance(
        *(project(f"p{n}", 9 - n, 20, territory="d0" if n < 4 else "d1") for n in range(8)),
        quotas=(Quota("d0", Scope.TERRITORY, ("d0",), at_most_portion=2_500, of=of),),
        own=60,
    )
    done = greedy.fit(made)
    assert not done.unmet
    assert {"p4", "p5", "p6", "p7"} & done.starts.keys()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 40))
def test_no_condition_is_broken_but_the_ones_that_are_said(seed: int, size: int) -> None:
    made = drawn(size, seed)
    done = greedy.fit(made)
    assert violations(made, done.starts) == done.unmet
    assert all(use.used <= use.amount for use in done.uses)
    assert len(done.placements) + len(done.left_out) == size
    assert not any(message.key == "programme.condition.envelope" for message in done.unmet)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(5, 40), data=st.data())
def test_a_quick_refit_keeps_what_still_holds_and_breaks_no_ceiling(seed: int, size: int, data: st.DataObject) -> None:
    made = replace(drawn(size, seed), phases=(), quotas=())
    before = greedy.fit(made).starts
    gone = data.draw(st.sampled_from(sorted(before) or ["p0"]))
    waiting = {one.id for one in made.projects if gone in one.after}
    moved = replace(made, left_out=(LeftOut(gone, "x"),))
    done = greedy.refit(moved, before)
    assert done.status is FitStatus.EXPLAINED
    assert gone not in done.starts
    if not waiting & before.keys():
        assert {id_: start for id_, start in before.items() if id_ != gone}.items() <= done.starts.items()


def test_each_year_says_what_stands_against_a_project() -> None:
    made = instance(project("a", 9, 80), project("b", 5, 50), years=(2028, 2029))
    years = by_year(made, {"a": 2028}, "b")
    assert [(one.start, bool(one.against), one.is_now) for one in years] == [(2028, True, False), (2029, False, False)]
    assert years[0].against[0].key == "programme.remedy.envelope"
    assert by_year(made, {}, "nobody") == ()

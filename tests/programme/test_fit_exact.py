"""The exact programme: against counting all programmes, the programme by rank, and people's decisions."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.programme.rules.fit import exact, greedy
from cdp.programme.rules.fit.check import violations
from cdp.programme.rules.fit.field import Field
from cdp.programme.rules.fit.grid import grid
from cdp.programme.rules.fit.layers import Layers
from cdp.programme.rules.fit.model import clauses, model, too_large
from cdp.programme.rules.fit.near import Search
from cdp.programme.rules.fit.options import choices
from cdp.programme.rules.fit.parts import Parts
from cdp.programme.rules.fit.patterns import Patterns
from cdp.programme.rules.fit.payers import Payers
from cdp.programme.rules.fit.solver import relax
from cdp.programme.rules.fit.terms import Capacity, Exclusion, FitStatus, Instance, LeftOut, Phases, Pin, Quota, Scope
from tests.programme.instances import drawn, instance, project

SHORT = (2028, 2029, 2030)
small = st.builds(lambda size, seed: drawn(size, seed, years=SHORT), st.integers(1, 6), st.integers(0, 5_000))


def every_programme(made: Instance) -> Iterator[dict[str, int]]:
    """All programmes that meet all conditions, one by one; what already overdraws an envelope is not gone on with."""
    by_project, most = choices(made), made.envelope_amounts()

    def grown(ids: list[str], starts: dict[str, int], used: Counter[tuple[int, str]]) -> Iterator[dict[str, int]]:
        if not ids:
            if not violations(made, starts, by_project):
                yield starts
            return
        yield from grown(ids[1:], starts, used)
        for option in by_project[ids[0]].options:
            now = used + Counter(option.amounts)
            if all(now[key] <= most.get(key, 0) for key in option.amounts):
                yield from grown(ids[1:], {**starts, ids[0]: option.start}, now)

    return grown(list(by_project), {}, Counter())


def value(made: Instance, starts: dict[str, int]) -> int:
    return sum(one.value for one in made.projects if one.id in starts)


@settings(max_examples=30, deadline=None)
@given(made=small)
def test_it_is_the_best_of_all_programmes(made: Instance) -> None:
    done = exact.fit(made)
    best = max(value(made, starts) for starts in every_programme(made))
    assert (done.status, done.value, done.bound) == (FitStatus.OPTIMAL, best, best)
    assert violations(made, done.starts) == ()


@settings(max_examples=30, deadline=None)
@given(made=small, data=st.data())
def test_pins_are_kept_or_the_contradiction_is_true(made: Instance, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from([one.id for one in made.projects]), max_size=3, unique=True))
    pinned = replace(made, pins=tuple(Pin(id_, data.draw(st.sampled_from([None, *SHORT]))) for id_ in ids))
    done, possible = exact.fit(pinned), any(True for _ in every_programme(pinned))
    assert (done.status is FitStatus.CONTRADICTORY) is not possible
    if possible:
        assert all(done.starts[pin.project] == (pin.start or done.starts[pin.project]) for pin in pinned.pins)
    else:
        assert done.clash


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(5, 30))
def test_rank_never_beats_it_and_no_condition_is_broken(seed: int, size: int) -> None:
    made = drawn(size, seed)
    by_rank, done = greedy.fit(made), exact.fit(made, time_limit=0.25)
    if by_rank.status is FitStatus.EXPLAINED:
        assert done.value >= by_rank.value
    if done.status in (FitStatus.OPTIMAL, FitStatus.WITHIN_GAP):
        assert violations(made, done.starts) == ()
        assert done.bound is None or done.bound >= done.value


@settings(max_examples=30, deadline=None)
@given(made=small, data=st.data())
def test_a_refit_changes_as_little_as_any_programme_could(made: Instance, data: st.DataObject) -> None:
    before = exact.fit(made).starts
    id_ = data.draw(st.sampled_from([one.id for one in made.projects]))
    moved = replace(made, pins=(Pin(id_, data.draw(st.sampled_from(SHORT))),))
    least = min((len(exact.changed(before, starts)) for starts in every_programme(moved)), default=None)
    done = exact.refit(moved, before)
    if least is None:
        assert done.status is FitStatus.CONTRADICTORY
    else:
        assert len(done.changed) == least
        best = max(value(moved, s) for s in every_programme(moved) if len(exact.changed(before, s)) == least)
        assert (done.status, done.value) == (FitStatus.OPTIMAL, best)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(2, 30))
@example(seed=23, size=23)
def test_a_refit_of_what_still_holds_changes_nothing(seed: int, size: int) -> None:
    made = drawn(size, seed)
    before = greedy.fit(made)
    if before.status is FitStatus.EXPLAINED:
        done = exact.refit(made, before.starts, time_limit=2)
        assert (done.starts, done.changed) == (before.starts, ())


def test_it_finds_what_rank_cannot() -> None:
    made = instance(project("a", 10, 90), project("b", 9, 50), project("c", 9, 50), years=(2028,))
    assert greedy.fit(made).value == 10
    assert exact.fit(made).starts == {"b": 2028, "c": 2028}


def test_whoever_can_start_earlier_does() -> None:
    made = instance(project("a", 1, 10), project("b", 1, 10), years=tuple(range(2028, 2034)))
    assert exact.fit(made).starts == {"a": 2028, "b": 2028}


def test_a_clash_by_one_centime_of_large_sums_is_found() -> None:
    """Less than the solver's tolerance: its answer is held against whole numbers."""
    large = 4_000_000_000
    made = instance(project("a", 1, large), project("b", 1, large), years=(2028,), own=2 * large - 1)
    done = exact.fit(replace(made, pins=(Pin("a", 2028), Pin("b", 2028))))
    assert done.status is FitStatus.CONTRADICTORY
    assert {message.key for message in done.clash} == {"programme.condition.pin_year", "programme.clash.envelope"}


def test_two_pins_and_the_envelope_they_share_are_the_smallest_clash() -> None:
    made = instance(
        *(project(f"p{n}", 9, 10) for n in range(5)),
        project("a", 9, 60),
        project("b", 9, 60),
        years=(2028,),
        pins=(Pin("p0"), Pin("a"), Pin("b")),
    )
    done = exact.fit(made)
    assert done.status is FitStatus.CONTRADICTORY
    assert done.placements == ()
    assert {message.key for message in done.clash} == {"programme.condition.pin", "programme.clash.envelope"}
    assert {m.values["project"] for m in done.clash if "project" in m.values} == {"a", "b"}


def test_a_pin_that_an_exclusion_forbids_is_named_with_it() -> None:
    made = instance(
        project("a", 9, 1),
        project("b", 9, 1),
        exclusions=(Exclusion("site", ("a", "b")),),
        pins=(Pin("a"), Pin("b")),
    )
    assert sorted(message.key for message in exact.fit(made).clash) == [
        "programme.clash.exclusion",
        "programme.condition.pin",
        "programme.condition.pin",
    ]


def test_a_floor_that_nothing_can_reach_is_named_alone() -> None:
    made = instance(project("a", 9, 50), quotas=(Quota("water", Scope.SECTOR, ("water",), at_least=10),), own=1_000)
    assert exact.fit(made).clash == (
        Message("programme.clash.quota_least", {"quota": "water", "amount": Money(10, "MAD")}),
    )


def test_a_pin_on_what_people_left_out_is_a_clash_of_two() -> None:
    made = instance(project("a", 9, 50), pins=(Pin("a"),), left_out=(LeftOut("a"),))
    assert {message.key for message in exact.fit(made).clash} == {
        "programme.condition.pin",
        "programme.condition.left_out",
    }


def test_a_pinned_project_that_breaks_its_share_rule_is_told_so() -> None:
    made = instance(project("a", 9, 100, partners={"ngo": 95}, own_floor=1_000), pins=(Pin("a"),))
    assert [message.key for message in exact.fit(made).clash] == [
        "programme.condition.pin",
        "programme.left_out.own_share",
    ]


def test_the_smallest_clash_is_found_where_a_larger_one_comes_first() -> None:
    made = instance(
        *(project(f"p{n}", 9, 40) for n in range(3)),
        project("late", 9, 1, earliest=2029),
        years=(2028, 2029),
        envelopes=None,
        own=100,
        capacity=(Capacity(2028, 9), Capacity(2029, 0)),
        pins=(*(Pin(f"p{n}", 2028) for n in range(3)), Pin("late")),
    )
    clash = exact.fit(made).clash
    assert {message.key for message in clash} == {"programme.condition.pin", "programme.clash.capacity"}
    assert len(clash) == 2


def test_cancelling_leaves_the_programme_by_rank_or_better() -> None:
    made = drawn(200, 1)
    done = exact.fit(made, cancelled=lambda: True)
    assert done.status is FitStatus.WITHIN_GAP
    assert done.value >= greedy.fit(made).value
    assert done.seconds < 5


@pytest.mark.parametrize("answers", [0, 2, 40])
def test_cancelling_is_heard_while_the_smallest_clash_is_looked_for(answers: int) -> None:
    names = [f"p{n}" for n in range(12)]
    made = instance(
        *(project(n, 9, 40) for n in names), own=100, envelopes=None, pins=tuple(Pin(n, 2028) for n in names)
    )
    asked: list[int] = []

    def is_over() -> bool:
        asked.append(1)
        return len(asked) > answers

    done = exact.fit(made, cancelled=is_over)
    whole = exact.fit(made).clash
    assert done.status is FitStatus.CONTRADICTORY
    assert len(asked) < answers + 8, "nothing goes on once people said so"
    assert done.clash in ((), whole) or len(done.clash) >= len(whole)
    assert (done.clash == ()) is (answers < 5), "a clash in hand is not thrown away"


def test_progress_is_told() -> None:
    told: list[exact.Progress] = []
    exact.fit(drawn(100, 1), time_limit=1, progress=told.append)
    assert told
    assert told[-1].value
    assert told[-1].bound


def test_no_time_at_all_still_gives_the_programme_by_rank() -> None:
    made = drawn(100, 1)
    done = exact.fit(made, time_limit=0)
    assert done.value >= greedy.fit(made).value
    assert done.status is not FitStatus.OPTIMAL


@pytest.mark.parametrize("complete", [True, False])
def test_phases_stand_in_order(complete: bool) -> None:
    made = instance(
        project("p1", 1, 60),
        project("p2", 9, 60),
        project("other", 5, 100),
        phases=(Phases("road", ("p1", "p2"), complete=complete),),
    )
    assert exact.fit(made).starts == {"p1": 2028, "p2": 2029}


def test_an_empty_list_is_an_empty_programme() -> None:
    done = exact.fit(instance())
    assert (done.status, done.value, done.placements) == (FitStatus.OPTIMAL, 0, ())


def test_a_centime_too_much_is_too_much_however_large_the_amounts() -> None:
    half = 10**14
    made = instance(
        project("a", 9, half), project("b", 8, half + 1), project("c", 7, half), years=(2028,), own=2 * half
    )
    done = exact.fit(made)
    assert (done.status, done.value) == (FitStatus.OPTIMAL, 16)
    assert done.starts.keys() == {"a", "c"}


def test_the_search_beside_the_proof_breaks_no_condition() -> None:
    made = drawn(60, 3)
    done = exact.fit(made, time_limit=1)
    assert violations(made, done.starts) == ()
    assert done.bound is not None
    assert done.bound >= done.value > greedy.fit(made).value


def test_the_search_alone_finds_more_than_rank_does_and_breaks_nothing() -> None:
    ready = grid(drawn(80, 5))
    problem = model(ready)
    relaxed = relax(problem.values, problem.lines, seconds=5)
    assert relaxed is not None
    found: list[list[int]] = []
    by_rank = [n for n, one in enumerate(problem.chosen(greedy.by_rank(ready))) if one]
    Search(Field(ready, problem, relaxed), 1).look(by_rank, found.append, 0.5)
    starts = {problem.options[column].project: problem.options[column].start for column in found[-1]}
    assert violations(ready.instance, starts) == ()
    assert value(ready.instance, starts) > greedy.fit(ready.instance).value


def test_the_search_by_parts_goes_on_from_a_programme_and_breaks_nothing() -> None:
    ready = grid(drawn(80, 5))
    problem = model(ready)
    relaxed = relax(problem.values, problem.lines, seconds=5)
    assert relaxed is not None
    found: list[list[int]] = []
    by_rank = [n for n, one in enumerate(problem.chosen(greedy.by_rank(ready))) if one]
    turns = iter([0.5] * 60)
    Parts(problem, relaxed, too_large(problem.lines), 1).run(
        by_rank, lambda: None, found.append, lambda: 0.0 if found else next(turns, 0.0)
    )
    starts = {problem.options[column].project: problem.options[column].start for column in found[-1]}
    assert violations(ready.instance, starts) == ()
    assert value(ready.instance, starts) > greedy.fit(ready.instance).value


def test_the_search_by_layers_finds_more_than_rank_does_and_breaks_nothing() -> None:
    ready = grid(drawn(40, 5))
    problem = model(ready)
    layers = Layers(ready, problem, too_large(problem.lines), 1)
    first = layers.round(30)
    for columns in (first, layers.round(30)):
        assert columns is not None
        starts = {problem.options[column].project: problem.options[column].start for column in columns}
        assert violations(ready.instance, starts) == ()
        assert value(ready.instance, starts) > greedy.fit(ready.instance).value


@pytest.mark.parametrize("sources", [("indh", "province", "region"), ()])
def test_the_search_by_payers_finds_more_than_rank_does_and_breaks_nothing(sources: tuple[str, ...]) -> None:
    drawn_ = drawn(80, 5)
    paid = tuple(one for one in drawn_.projects if {share.source for share in one.shares} <= {"own", *sources})
    ids = {one.id for one in paid}
    made = replace(
        drawn_,
        projects=tuple(replace(one, after=tuple(id_ for id_ in one.after if id_ in ids)) for one in paid),
        exclusions=(),
        phases=(),
    )
    ready = grid(made)
    problem = model(ready)
    found: list[Mapping[str, int]] = []
    rank, until = greedy.fit(made).value, time.process_time() + 20

    def take(columns: list[int]) -> None:
        found.append({problem.options[column].project: problem.options[column].start for column in columns})

    def left() -> float:
        return 0.0 if found and value(made, found[-1]) > rank else until - time.process_time()

    Payers(problem, too_large(problem.lines)).run(take, left)
    assert [violations(made, starts) for starts in found] == [()] * len(found)
    assert value(made, found[-1]) > rank


@settings(max_examples=30, deadline=None)
@given(made=small)
def test_what_payers_prove_holds_of_every_programme(made: Instance) -> None:
    problem = model(grid(made))
    shut = too_large(problem.lines)
    relaxed = relax(problem.values, problem.lines, seconds=5, shut=shut)
    assert relaxed is not None
    patterns = Patterns(problem, problem.lines, relaxed, shut)
    patterns.run([], lambda: 1.0, lambda _: True)
    cuts = patterns.cuts(problem.values, lambda: 1.0)
    assert patterns.bound <= relaxed.value + 1e-6
    for starts in every_programme(made):
        assert value(made, starts) <= patterns.bound + 1e-6
        placed = {id_: next(o for o in problem.ready.options(id_) if o.start == at) for id_, at in starts.items()}
        assert clauses(cuts, problem.chosen(placed)) == []


def test_the_bound_by_payers_is_lower_and_a_programme_of_their_patterns_breaks_nothing() -> None:
    ready = grid(drawn(60, 3))
    problem = model(ready)
    shut = too_large(problem.lines)
    relaxed = relax(problem.values, problem.lines, seconds=5, shut=shut)
    assert relaxed is not None
    patterns, found = Patterns(problem, problem.lines, relaxed, shut), list[list[int]]()
    turns = iter([5.0] * 30)
    by_rank = [n for n, one in enumerate(problem.chosen(greedy.by_rank(ready))) if one]
    patterns.run(by_rank, lambda: next(turns, 0.0), lambda _: True)
    patterns.programme(found.append, 5)
    starts = {problem.options[column].project: problem.options[column].start for column in found[-1]}
    assert violations(ready.instance, starts) == ()
    assert greedy.fit(ready.instance).value < value(ready.instance, starts) <= patterns.bound < relaxed.value


def test_a_run_cut_short_says_a_bound_all_the_same() -> None:
    made = drawn(100, 1)
    done = exact.fit(made, cancelled=lambda: True)
    assert done.bound is not None
    assert done.bound >= done.value


def test_no_process_is_left_behind() -> None:
    exact.fit(drawn(60, 3), time_limit=1)
    assert multiprocessing.active_children() == []

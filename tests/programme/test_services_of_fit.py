"""Conditions, searches for the best programme and scenarios: who may, what is refused, what comes of them."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cdp.funding.queries import planned
from cdp.funding.queries.proof_of_promises import plans_sum
from cdp.jobs import fits
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.people.states import Role
from cdp.priorities.models import Mark
from cdp.programme import queries, services
from cdp.programme.models import FitRun, PlanLine, Project, Scenario, YearAmount
from cdp.programme.rules import whatif
from cdp.programme.rules.fit import greedy
from cdp.programme.rules.fit.reading import read
from cdp.programme.rules.votes import Vote
from cdp.programme.rules.whatif import Changes
from cdp.programme.states import LineVerdict, RunState
from cdp.rounds.models import Round
from cdp.rounds.states import Phase, Source
from cdp.store.engine import Store
from tests.factories import actor_of, make_commune, make_official, make_resident
from tests.programme.rounds import in_phase_of, make_programming


def others(db: Session, round_: Round) -> list[Any]:
    """People who may not: of another commune, of another office, nobody's officer."""
    commune = db.get_one(type(make_commune(db)), round_.commune_id)
    elsewhere = make_official(db, make_commune(db))
    return [
        actor_of(db, elsewhere),
        actor_of(db, make_official(db, commune, Role.TREASURER)),
        actor_of(db, make_resident(db, commune)),
    ]


def starts(db: Session, version_id: int) -> dict[str, int]:
    return queries.starts_of(db, version_id)


def searched(db: Session, store: Store, run: FitRun) -> FitRun:
    """The search after the worker was there."""
    number = run.id
    db.commit()
    fits.find_best(store)
    db.expire_all()
    return db.get_one(FitRun, number)


def test_a_version_says_all_it_was_fitted_from(db: Session) -> None:
    round_, _, officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    instance = read(version.instance).instance
    assert instance is not None
    assert {project.id for project in instance.projects} >= set(starts(db, version.id))


def test_a_version_is_fitted_again_to_the_same_programme(db: Session) -> None:
    round_, _, officer = make_programming(db, 500_000, 400_000, 300_000, 90_000_000)
    version = services.draft_plan(db, officer, round_)
    instance = read(version.instance).instance
    assert instance is not None
    again = greedy.fit(instance)
    assert (again.starts, again.value) == (starts(db, version.id), version.value)


def test_the_conditions_of_a_project_are_kept_by_the_draft(db: Session) -> None:
    round_, (first, last), officer = make_programming(db, 100_000, 90_000)
    services.set_project_terms(db, officer, first, {"earliest": 2030, "duration": 2})
    services.set_project_terms(db, officer, last, {"after": [first.number]})
    found = starts(db, services.draft_plan(db, officer, round_).id)
    assert found[first.number or ""] >= 2030
    assert found[last.number or ""] >= found[first.number or ""] + 2


def test_staff_allows_one_work_at_once(db: Session) -> None:
    round_, (first, last), officer = make_programming(db, 1_000, 900)
    services.set_terms(db, officer, round_, {"capacity": [{"year": year, "units": 1} for year in range(2028, 2034)]})
    found = starts(db, services.draft_plan(db, officer, round_).id)
    assert found[first.number or ""] != found[last.number or ""]


@pytest.mark.parametrize(
    ("terms", "key"),
    [
        ({"earliest": "soon"}, "programme.input.type"),
        ({"beauty": 3}, "programme.input.unknown_field"),
        ({"after": ["TZ-2028-9999"]}, "programme.input.unknown_project"),
        ({"duration": 2, "spread": [1]}, "programme.input.spread"),
        ({"waits": {"own": {"for": ["indh"]}}}, "programme.input.unknown_signer"),
        ({"preset": "none_such"}, "programme.input.unknown_preset"),
        ({"earliest": 2031, "latest": 2029}, "programme.latest_before_earliest"),
        ({"waits": {"region": {"for": ["own"]}}}, "programme.waits_without_share"),
    ],
)
def test_conditions_that_make_no_sense_are_refused(db: Session, terms: dict[str, Any], key: str) -> None:
    _, (first, _last), officer = make_programming(db)
    with pytest.raises(RuleBroken) as refused:
        services.set_project_terms(db, officer, first, terms)
    assert refused.value.message.key == key


@pytest.mark.parametrize("name", ["exclusions", "phases"])
def test_conditions_that_name_a_project_nobody_asked_for_are_refused(db: Session, name: str) -> None:
    round_, (first, _last), officer = make_programming(db)
    terms = {name: [{"id": "1", "projects": [first.number, "TZ-2028-9999"]}]}
    with pytest.raises(RuleBroken) as refused:
        services.set_terms(db, officer, round_, terms)
    assert refused.value.message.key == "programme.unknown_numbers"
    assert refused.value.message.values == {"numbers": "TZ-2028-9999"}


@pytest.mark.parametrize("changes", [Changes({}, out=("TZ-2028-9999",)), Changes({}, into=("TZ-2028-9999",))])
def test_a_scenario_that_names_a_project_nobody_asked_for_is_not_kept(db: Session, changes: Changes) -> None:
    round_, _, officer = make_programming(db)
    services.draft_plan(db, officer, round_)
    with pytest.raises(RuleBroken, match="unknown_numbers"):
        services.imagine(db, officer, round_, changes, name="Sans lui", note="", key="k1")
    assert not queries.scenarios(db, round_.id)


def test_only_the_officer_of_the_commune_sets_conditions_searches_and_imagines(db: Session) -> None:
    round_, (first, _), officer = make_programming(db)
    services.draft_plan(db, officer, round_)
    for actor in others(db, round_):
        for act in (
            lambda actor=actor: services.set_terms(db, actor, round_, {}),
            lambda actor=actor: services.set_project_terms(db, actor, first, {}),
            lambda actor=actor: services.ask_best(db, actor, round_, seconds=5, key="k"),
            lambda actor=actor: services.ask_least_change(db, actor, round_, seconds=5, key="k"),
            lambda actor=actor: services.imagine(db, actor, round_, Changes({}), name="a", note="", key="k"),
        ):
            with pytest.raises(Refused):
                act()


def test_the_worker_finds_the_best_and_the_office_takes_it(db: Session, store: Store) -> None:
    round_, _, officer = make_programming(db, 500_000, 400_000, 300_000)
    run = searched(db, store, services.ask_best(db, officer, round_, seconds=5, key="one"))
    assert (run.state, run.result["status"]) == (RunState.DONE, "optimal")
    version = services.draft_best(db, officer, run)
    assert (version.value, version.bound) == (run.result["value"], run.result["bound"])
    assert starts(db, version.id) == run.result["starts"]
    assert run.state is RunState.TAKEN
    assert services.draft_best(db, officer, run).id == version.id


def test_a_search_sent_twice_is_asked_once_and_two_do_not_run_at_once(db: Session) -> None:
    round_, _, officer = make_programming(db)
    first = services.ask_best(db, officer, round_, seconds=5, key="one")
    assert services.ask_best(db, officer, round_, seconds=5, key="one").id == first.id
    with pytest.raises(RuleBroken, match="run_under_way"):
        services.ask_best(db, officer, round_, seconds=5, key="two")
    with pytest.raises(RuleBroken, match="run_seconds"):
        services.ask_best(db, officer, round_, seconds=0, key="three")


def test_a_search_without_a_single_mark_is_refused(db: Session) -> None:
    round_, _, officer = make_programming(db)
    db.execute(delete(Mark))
    with pytest.raises(RuleBroken, match="nothing_marked"):
        services.ask_best(db, officer, round_, seconds=5, key="one")


def test_what_was_found_before_a_decision_is_not_taken_after_it(db: Session, store: Store) -> None:
    round_, (first, _), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    run = searched(db, store, services.ask_best(db, officer, round_, seconds=5, key="one"))
    services.exclude(db, officer, version, first.number or "", reason="Le forage est sec.")
    with pytest.raises(RuleBroken, match="run_is_old"):
        services.draft_best(db, officer, run)


def test_a_search_that_waits_is_stopped_at_once(db: Session, store: Store) -> None:
    round_, _, officer = make_programming(db)
    run = services.ask_best(db, officer, round_, seconds=5, key="one")
    services.cancel(db, officer, run)
    services.cancel(db, officer, run)
    assert searched(db, store, run).state is RunState.CANCELLED
    with pytest.raises(RuleBroken, match="run_not_ready"):
        services.draft_best(db, officer, run)


def test_contradictory_conditions_are_named_and_nothing_is_taken(db: Session, store: Store) -> None:
    round_, _, officer = make_programming(db)
    quota = {"id": "Eau", "scope": "sector", "keys": ["nowhere"], "at_least": 100}
    services.set_terms(db, officer, round_, {"quotas": [quota]})
    with pytest.raises(RuleBroken, match="quota_least"):
        services.draft_plan(db, officer, round_)
    run = searched(db, store, services.ask_best(db, officer, round_, seconds=5, key="one"))
    assert run.result["status"] == "contradictory"
    assert [one.key for one in whatif_clash(run)] == ["programme.clash.quota_least"]
    with pytest.raises(RuleBroken, match="run_not_ready"):
        services.draft_best(db, officer, run)
    assert db.scalar(select(func.count(PlanLine.id))) == 0


def whatif_clash(run: FitRun) -> Any:
    from cdp.programme.rules.proposing import clash

    return clash(run.result)


def test_the_least_change_keeps_what_can_stay(db: Session, store: Store) -> None:
    round_, (first, last), officer = make_programming(db)
    version = services.draft_plan(db, officer, round_)
    before = starts(db, version.id)
    run = searched(db, store, services.ask_least_change(db, officer, round_, seconds=5, key="one"))
    assert run.result["changed"] == []
    assert run.result["starts"] == before
    assert {first.number, last.number} == set(before)


def test_a_decision_changes_nothing_it_need_not(db: Session) -> None:
    round_, proposals, officer = make_programming(db, 100_000, 90_000, 80_000, 70_000)
    version = services.draft_plan(db, officer, round_)
    before = starts(db, version.id)
    services.move(db, officer, version, proposals[3].number or "", 2032, reason="Après l’étude.")
    after = starts(db, version.id)
    assert {number for number in before if before[number] != after.get(number)} == {proposals[3].number}


def test_a_scenario_with_less_money_loses_projects_and_is_kept_once(db: Session) -> None:
    round_, proposals, officer = make_programming(db, 400_000, 300_000)
    services.draft_plan(db, officer, round_)
    less = Changes({"own": -100, "indh": -100, "province": -100})
    scenario = services.imagine(db, officer, round_, less, name="Sans argent", note="", key="one")
    assert services.imagine(db, officer, round_, less, name="Sans argent", note="", key="one").id == scenario.id
    with pytest.raises(Conflict):
        services.imagine(db, officer, round_, less, name="Autre", note="", key="one")
    assert scenario.result["starts"] == {}
    out = services.imagine(
        db, officer, round_, Changes({}, out=(proposals[0].number or "",)), name="Sans lui", note="", key="two"
    )
    assert proposals[0].number not in out.result["starts"]
    assert whatif.summary(out.instance, out.result).projects == len(out.result["starts"])
    with pytest.raises(RuleBroken, match="scenario_name"):
        services.imagine(db, officer, round_, less, name=" ", note="", key="three")


def test_a_scenario_is_published_and_taken_back(db: Session) -> None:
    round_, _, officer = make_programming(db)
    services.draft_plan(db, officer, round_)
    scenario = services.imagine(db, officer, round_, Changes({"own": -20}), name="Moins", note="", key="one")
    services.publish_scenario(db, officer, scenario)
    published = scenario.published_at
    services.publish_scenario(db, officer, scenario)
    assert scenario.published_at == published is not None
    services.withdraw_scenario(db, officer, scenario)
    assert scenario.published_at is None
    for actor in others(db, round_):
        with pytest.raises(Refused):
            services.publish_scenario(db, actor, scenario)


def test_the_best_of_a_scenario_is_searched_for_beside_that_of_the_plan(db: Session, store: Store) -> None:
    round_, proposals, officer = make_programming(db, 400_000, 300_000)
    version = services.draft_plan(db, officer, round_)
    out = Changes({}, out=(proposals[0].number or "",))
    scenario = services.imagine(db, officer, round_, out, name="Sans lui", note="", key="one")
    run = services.ask_best_of_scenario(db, officer, scenario)
    assert services.ask_best_of_scenario(db, officer, scenario).id == run.id, "sent twice it is asked once"
    plan = services.ask_best(db, officer, round_, seconds=5, key="two")
    run = searched(db, store, run)
    assert (run.state, plan.state) == (RunState.DONE, RunState.DONE)
    assert (scenario.result["status"], scenario.result["bound"]) == ("optimal", scenario.result["value"])
    assert proposals[0].number not in scenario.result["starts"]
    newest = queries.last_run(db, round_.id)
    assert newest is not None
    assert newest.id == plan.id, "the plan's own page shows the plan's own search"
    with pytest.raises(RuleBroken, match="run_not_ready"):
        services.draft_best(db, officer, run)
    assert queries.starts_of(db, version.id).keys() >= {proposals[0].number}


def test_a_scenario_without_a_programme_stays_as_it_was_and_its_clash_is_named(db: Session, store: Store) -> None:
    round_, proposals, officer = make_programming(db, 400_000, 300_000)
    services.draft_plan(db, officer, round_)
    changes = Changes({"own": -100, "indh": -100, "province": -100}, into=(proposals[0].number or "",))
    scenario = services.imagine(db, officer, round_, changes, name="Rien", note="", key="one")
    before = dict(scenario.result)
    run = searched(db, store, services.ask_best_of_scenario(db, officer, scenario))
    assert run.result["status"] == "contradictory"
    assert whatif_clash(run)
    assert scenario.result == before


def test_only_the_officer_asks_for_the_best_of_a_scenario_and_stops_it(db: Session) -> None:
    round_, _, officer = make_programming(db)
    services.draft_plan(db, officer, round_)
    scenario = services.imagine(db, officer, round_, Changes({"own": -20}), name="Moins", note="", key="one")
    run = services.ask_best_of_scenario(db, officer, scenario)
    for actor in others(db, round_):
        with pytest.raises(Refused):
            services.ask_best_of_scenario(db, actor, scenario)
        with pytest.raises(Refused):
            services.cancel(db, actor, run)
        with pytest.raises(Refused):
            services.stop_best_of_scenario(db, actor, scenario)
    assert run.state is RunState.WAITING
    services.stop_best_of_scenario(db, officer, scenario)
    assert run.state is RunState.CANCELLED
    services.stop_best_of_scenario(db, officer, scenario)
    for actor in others(db, round_):
        with pytest.raises(Refused):
            services.stop_best_of_scenario(db, actor, scenario)


def test_a_scenario_needs_a_draft_and_is_found_in_its_round_alone(db: Session) -> None:
    round_, _, officer = make_programming(db)
    with pytest.raises(RuleBroken, match="no_draft"):
        services.imagine(db, officer, round_, Changes({}), name="a", note="", key="one")
    services.draft_plan(db, officer, round_)
    scenario = services.imagine(db, officer, round_, Changes({}), name="a", note="", key="one")
    with pytest.raises(NotFound):
        queries.find_scenario(db, round_.id + 1, scenario.id)
    assert db.scalar(select(func.count(Scenario.id))) == 1


def test_lines_follow_the_verdict_of_the_best(db: Session, store: Store) -> None:
    round_, _, officer = make_programming(db, 400_000, None)
    version = services.draft_best(
        db, officer, searched(db, store, services.ask_best(db, officer, round_, seconds=5, key="one"))
    )
    verdicts = db.scalars(select(PlanLine.verdict).where(PlanLine.version_id == version.id)).all()
    assert sorted(verdicts) == [LineVerdict.IN, LineVerdict.OUT]


def test_what_a_project_costs_to_run_is_no_part_of_what_its_works_cost(db: Session) -> None:
    """The plan takes both from the envelopes; the books seek money for the works alone (L20)."""
    round_, (first, _), officer = make_programming(db, 100_000, 90_000)
    services.set_project_terms(db, officer, first, {"running": [{"source": "own", "amount": 300_000}]})
    version = services.draft_plan(db, officer, round_)
    line = db.scalars(select(PlanLine).where(PlanLine.version_id == version.id, PlanLine.proposal_id == first.id)).one()
    taken = db.scalars(select(YearAmount).where(YearAmount.line_id == line.id)).all()
    works = [each for each in taken if not each.is_running]
    later = [each for each in taken if each.is_running]
    assert sum(each.amount_minor for each in works) == line.cost_minor
    assert [(each.year, each.amount_minor) for each in later] == [
        (year, 300_000) for year in range((line.start_year or 0) + 1, 2034)
    ]
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, Vote(today(), 14, 2, 1))
    assert list(plans_sum(db, round_.commune_id, today(), None)) == []
    project = db.scalars(select(Project).where(Project.proposal_id == first.id)).one()
    assert planned(db, [project.id])[project.id] == {Source.OWN: line.cost_minor}

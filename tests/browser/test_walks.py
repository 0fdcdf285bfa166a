"""The walks of a round as stories: in Arabic on a phone, in French at a desk, as a person clicks."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import (
    stories_of_a_plan,
    stories_of_a_project,
    stories_of_a_round,
    stories_of_a_vote,
    stories_of_money,
    stories_of_the_demo,
    stories_of_the_treasury,
)
from tests.browser.house import House
from tests.browser.scene import Demo
from tests.browser.visitor import Visitor
from tests.browser.window import DESK, PHONE

STORIES = (
    *stories_of_a_round.STORIES,
    *stories_of_a_project.STORIES,
    *stories_of_a_vote.STORIES,
    *stories_of_a_plan.STORIES,
    *stories_of_money.STORIES,
    *stories_of_the_treasury.STORIES,
)


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
    stories_of_the_demo.walk_1(demo, visits(demo.house, language, size), language)

"""With JavaScript off every form of the walks still works; in English, on a phone."""

from collections.abc import Callable

import pytest

from tests.browser import stories_of_the_demo
from tests.browser.house import House
from tests.browser.scene import Demo
from tests.browser.test_walks import STORIES
from tests.browser.visitor import Visitor
from tests.browser.window import PHONE


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_it_can_be_walked_without_script(
    new_house: Callable[..., House], visits: Callable[..., Visitor], story: Callable[..., None]
) -> None:
    story(new_house, lambda house: visits(house, "en", PHONE, java_script_enabled=False))


def test_1_the_demonstration_can_be_read_and_tried_without_script(demo: Demo, visits: Callable[..., Visitor]) -> None:
    stories_of_the_demo.walk_1(demo, visits(demo.house, "ar", PHONE, java_script_enabled=False), "ar")

"""With JavaScript off every form of the walks still works; in English, on a phone."""

from collections.abc import Callable

import pytest

from tests.browser.house import House
from tests.browser.test_walks import STORIES
from tests.browser.visitor import Visitor
from tests.browser.window import PHONE


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_it_can_be_walked_without_script(
    new_house: Callable[..., House], visits: Callable[..., Visitor], story: Callable[..., None]
) -> None:
    story(new_house, lambda house: visits(house, "en", PHONE, java_script_enabled=False))

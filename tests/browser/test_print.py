"""What is printed of a plan stands on the paper: nothing of its tables is cut off at the edge of an A4 sheet."""

from collections.abc import Callable

import pytest

from tests.browser.scene import Demo
from tests.browser.visitor import Visitor

A4 = {"width": 718, "height": 1000}
"""Pixels between the usual margins of a sheet held upright."""

PAGES = ("plan/?whole=1", "plan/?view=source", "plan/scenarios/", "plan/versions/", "path/", "ranking/")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_plan_printed_upright_is_not_cut_off(demo: Demo, visits: Callable[..., Visitor], language: str) -> None:
    visitor = visits(demo.house, language, A4)
    for page in PAGES:
        visitor.opens(f"/tizi-nouzgar/2022/{page}")
        visitor.page.emulate_media(media="print")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= A4["width"], page
        visitor.page.emulate_media(media="screen")

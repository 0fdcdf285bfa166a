"""A resident on a phone tries what they would cut: no account, no script, and the address is all that is kept."""

from collections.abc import Callable

from tests.browser.scene import Demo
from tests.browser.visitor import Visitor
from tests.browser.window import PHONE


def test_a_resident_tries_a_cut_on_a_phone(demo: Demo, visits: Callable[..., Visitor]) -> None:
    visitor = visits(demo.house, "ar", PHONE)
    visitor.opens("/tizi-nouzgar/2022/plan/")
    visitor.follows("What would you cut?")
    visitor.marks(visitor.main.locator('input[name="cut"]').first)
    visitor.presses("See what comes of it")
    assert "cut=" in visitor.page.url
    visitor.sees("What comes of it")
    visitor.sees("No longer in the plan")
    visitor.follows("Begin again")
    visitor.misses("No longer in the plan")

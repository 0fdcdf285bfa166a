"""Walk 1: from the front page of the demonstration to the plan of the round before, and into an account."""

from playwright.sync_api import expect

from tests.browser.scene import Demo
from tests.browser.visitor import Visitor


def walk_1(demo: Demo, visitor: Visitor, language: str) -> None:
    """Where the round stands, what can be done today, the money and the works of the plan before, the desk."""
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
    visitor.main.locator('a[href$="whole=1"]').click()
    visitor.looks()
    assert visitor.main.locator("table tbody tr").count() >= 20
    visitor.goes_to("Projects")
    visitor.main.locator("a.item__link, .item__title a").first.click()
    visitor.looks()
    visitor.sees("The money")
    visitor.opens("/look-around/")
    visitor.presses("Look around as %(name)s", name=demo.name_of("officer", language))
    visitor.opens("/tizi-nouzgar/desk/")
    visitor.sees(demo.name_of("officer", language))

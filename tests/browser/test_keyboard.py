"""The review desk by keyboard alone: past the head, through a file, on to the next; what has the focus shows it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from cdp.proposals.models import Proposal
from cdp.proposals.states import ProposalState
from cdp.rounds.states import Phase
from tests.browser.house import House
from tests.browser.scene import tirsal
from tests.browser.visitor import Visitor
from tests.browser.window import DESK
from tests.factories import make_proposal

SHOWS_FOCUS = """() => {
  const each = document.activeElement, shown = [each, each.closest('.tick'), each.closest('.card')].filter(Boolean);
  return shown.some((one) => getComputedStyle(one).outlineStyle !== 'none');
}"""
REACHED = "wanted => document.activeElement.matches(wanted)"


def tab_to(page: Page, wanted: str, *, at_most: int = 60) -> None:
    """Press the tab key until the focus is there; it shows on every stop of the way."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate(REACHED, wanted):
            return
    raise AssertionError(f"{wanted} is not reached in {at_most} stops")


def test_the_whole_desk_is_walked_by_keyboard(new_house: Callable[..., House], visits: Callable[..., Visitor]) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db, phase=Phase.REVIEW)
        numbers = [make_proposal(db, scene.round(db)).number for _ in range(2)]
        db.commit()
    visitor = visits(house, "fr", DESK)
    page = visitor.page
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/review/{numbers[0]}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    tab_to(page, "#answer-competence-yes")
    page.keyboard.press("Space")
    tab_to(page, "[name=answer-upkeep]")
    page.keyboard.press("Space")
    tab_to(page, "#checklist button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#answer-competence-yes")).to_be_checked()

    tab_to(page, "#conclusion [name=verdict]", at_most=90)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#conclusion textarea")
    page.keyboard.type("Ce n’est pas de la compétence de la commune.")
    tab_to(page, "#conclusion button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with house.db() as db:
        concluded = db.scalars(select(Proposal).where(Proposal.number == numbers[0])).one()
        assert concluded.state is ProposalState.REFUSED


def test_j_and_k_go_from_one_file_to_the_next(new_house: Callable[..., House], visits: Callable[..., Visitor]) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db, phase=Phase.REVIEW)
        number = make_proposal(db, scene.round(db)).number
        db.commit()
    visitor = visits(house, "fr", DESK)
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/review/{number}")
    here = visitor.page.url
    key = "j" if visitor.main.locator("a[rel=next]").count() else "k"
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)
    assert visitor.page.url != here

"""A vote in a real browser: the purse counts along, what no longer fits is shut, the receipt is shown once."""

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from cdp.priorities.models import Vote
from cdp.priorities.states import BallotKind
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.priorities.ballots import make_ballot, print_codes


def walk_11_a_voter_spends_the_purse_with_a_printed_code(
    new_house: Callable[..., House], visit: Callable[[House], Visitor]
) -> None:
    house = new_house()
    with house.db() as db:
        scene = make_ballot(db, kind=BallotKind.KNAPSACK)
        code = print_codes(db, scene)[0]
        db.commit()
    visitor = visit(house)
    visitor.opens(f"/{scene.commune.slug}/ballots/{scene.ballot.id}/code")
    visitor.page.locator("#code").fill(code)
    visitor.presses("Go on")
    visitor.looks()
    boxes = visitor.page.locator(".choice")
    boxes.nth(0).click()
    boxes.nth(1).click()
    if visitor.has_script:
        expect(boxes.nth(2).locator("input")).to_be_disabled()
        expect(boxes.nth(2).locator("[data-beyond]")).to_be_visible()
    visitor.presses("Look at my choice, then confirm")
    visitor.looks()
    visitor.presses("Confirm my vote")
    visitor.sees("Thank you: your vote is in the urn")
    visitor.looks()
    with house.db() as db:
        assert db.scalars(select(Vote.content)).all() == [scene.numbers[:2]]


STORIES = (walk_11_a_voter_spends_the_purse_with_a_printed_code,)

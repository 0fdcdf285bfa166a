"""A vote in a real browser: the purse counts along, what no longer fits is shut, the receipt is shown once."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from cdp.kernel import clock
from cdp.people.actor import CLOCK
from cdp.priorities.models import Ballot, Vote
from cdp.priorities.services import closing, counting
from cdp.priorities.states import BallotKind
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.priorities.ballots import make_ballot, make_voter, print_codes
from tests.priorities.test_paper_and_count import batch_of


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


def walk_12_phone_code_and_paper_are_counted_together_and_the_tie_is_told(
    new_house: Callable[..., House], visit: Callable[[House], Visitor]
) -> None:
    house = new_house()
    with house.db() as db:
        scene = make_ballot(db, costs=(60_000_000,) * 3)
        voter, code = make_voter(db, scene).known(), print_codes(db, scene)[0]
        batch_of(db, scene, "3\nx", "3\nx")
        db.commit()
    visitor = visit(house)
    room = f"/{scene.commune.slug}/ballots/{scene.ballot.id}"
    visitor.is_now(voter)
    visitor.opens(f"{room}/booth")
    casts(visitor, 0)
    visitor.is_now(None)
    visitor.opens(f"{room}/code")
    visitor.page.locator("#code").fill(code)
    visitor.presses("Go on")
    casts(visitor, 1)
    with house.db() as db, clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        ballot = db.get_one(Ballot, scene.ballot.id)
        closing.close(db, CLOCK, ballot)
        tally = counting.count(db, scene.officer, ballot)
        counting.publish(db, scene.officer, ballot)
        db.commit()
        winner, voters = tally.trace["winners"][0], tally.voters
    assert (winner in scene.numbers, voters) == (True, 4)
    visitor.opens(f"{room}/result/")
    visitor.page.locator(f"#p-{winner} summary").click()
    equal = visitor.says("why.tie_won", others="§").partition("§")[0].strip()
    expect(visitor.page.locator(f"#p-{winner} details")).to_contain_text(equal)
    visitor.opens(f"{room}/")
    visitor.sees("Count it again yourself")


def casts(visitor: Visitor, place: int) -> None:
    """Tick one project, look at the choice, confirm."""
    visitor.page.locator(".choice").nth(place).click()
    visitor.presses("Look at my choice, then confirm")
    visitor.presses("Confirm my vote")
    visitor.sees("Thank you: your vote is in the urn")


STORIES = (
    walk_11_a_voter_spends_the_purse_with_a_printed_code,
    walk_12_phone_code_and_paper_are_counted_together_and_the_tie_is_told,
)

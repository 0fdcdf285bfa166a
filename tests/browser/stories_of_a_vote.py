"""A vote in a real browser: the purse counts along, what no longer fits is shut, the receipt is shown once."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from playwright.sync_api import expect
from sqlalchemy import select

from cdp.priorities.models import Tally, Vote
from cdp.priorities.states import BallotKind
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.priorities.ballots import Scene, make_ballot, make_voter, print_codes


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
    two_people_read_a_box(visitor, scene, room)
    house.live_on(scene.ballot.closes_on + timedelta(days=1))
    for act in ("Close the ballot", "Count the votes", "Publish the result"):
        visitor.is_now(scene.officer.known())
        visitor.opens(f"{room}/desk")
        visitor.presses(act)
    visitor.is_now(None)
    with house.db() as db:
        tally = db.scalars(select(Tally).where(Tally.ballot_id == scene.ballot.id)).one()
        winner, voters = tally.trace["winners"][0], tally.voters
    drawn = min(scene.numbers, key=lambda number: sha256(f"{scene.ballot.seed}:{number}".encode()).hexdigest())
    assert (winner, voters) == (drawn, 4)
    visitor.opens(f"{room}/result/")
    visitor.page.locator(f"#p-{winner} summary").click()
    equal = visitor.says("why.tie_won", others="§").partition("§")[0].strip()
    expect(visitor.page.locator(f"#p-{winner} details")).to_contain_text(equal)
    visitor.opens(f"{room}/")
    visitor.sees("Count it again yourself")


def two_people_read_a_box(visitor: Visitor, scene: Scene, room: str) -> None:
    """A box of two sheets: its totals, two readings that differ in one line, and what the sheet says."""
    visitor.is_now(scene.facilitator.known())
    visitor.opens(f"{room}/paper")
    for name, value in (("label_", "Tirsal"), ("issued", "2"), ("in_box", "2")):
        visitor.page.locator(f"[name={name}]").fill(value)
    visitor.presses("Begin the batch")
    batch = visitor.page.url
    for reader, lines in ((scene.facilitator, "3\nx"), (scene.officer, "2\nx")):
        visitor.is_now(reader.known())
        visitor.page.goto(batch)
        visitor.page.locator("[name=lines]").fill(lines)
        visitor.presses("Keep my reading")
    visitor.marks(visitor.page.locator("#line-1-1"))
    visitor.presses("Settle the batch")
    visitor.sees("The lines that count")


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

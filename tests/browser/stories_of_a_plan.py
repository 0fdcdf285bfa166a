"""The plan's way through its pages: drafted, pinned, imagined, submitted, voted, visaed, published, updated."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from cdp.kernel.clock import today
from cdp.programme.models import CouncilAct, PlanVersion
from cdp.programme.states import ActKind
from cdp.rounds.states import Phase
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.factories import make_commune
from tests.programme.rounds import make_programming

WORDS = {
    "ar": {"reason": "الطريق مشترك مع الجماعة المجاورة.", "name": "ميزانية أقل", "why": "وقعت الجهة اتفاقية جديدة."},
    "fr": {
        "reason": "La piste est commune avec la commune voisine.",
        "name": "Moins de moyens",
        "why": "La région a signé une convention nouvelle.",
    },
    "en": {
        "reason": "The track is shared with the next commune.",
        "name": "Less money",
        "why": "The region has signed a new agreement.",
    },
}
MONTH = 30
"""Days of each phase of a round of the tests."""


def days_to(phase: Phase) -> timedelta:
    """From a round's phase of programming to another one."""
    order = list(Phase)
    return timedelta(days=MONTH * (order.index(phase) - order.index(Phase.PROGRAMMING)))


def walk_16_a_plan_goes_from_the_ranking_to_its_update(
    new_house: Callable[..., House], visit: Callable[[House], Visitor]
) -> None:
    house = new_house()
    with house.db() as db:
        commune = make_commune(db, slug="tirsal")
        _, proposals, officer = make_programming(db, 400_000, 300_000, 90_000_000, commune=commune)
        pinned = str(proposals[1].number)
        db.commit()
    begun = today()
    visitor = visit(house)
    visitor.is_now(officer.known())
    drafts_and_pins(visitor, pinned)
    imagines(visitor)
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.presses("Submit to the council")
    visitor.sees("Submitted: this version does not change any more.")
    house.live_on(begun + days_to(Phase.COUNCIL))
    is_voted_on(visitor, begun)
    house.live_on(begun + days_to(Phase.VISA))
    is_visaed_and_published(visitor, begun)
    visitor.is_now(None)
    visitor.opens("/tirsal/2028/plan/")
    visitor.sees("Pin.pinned")
    house.live_on(begun + days_to(Phase.DELIVERY) + timedelta(days=3 * 366))
    visitor.is_now(officer.known())
    is_updated(visitor)
    with house.db() as db:
        assert db.scalars(select(PlanVersion.updates).order_by(PlanVersion.number)).all() == [None, 1]
        acts = db.execute(select(CouncilAct.kind, CouncilAct.votes_for).order_by(CouncilAct.id)).all()
    kinds = [ActKind.SUBMIT, ActKind.ADOPT, ActKind.VISA, ActKind.PUBLISH]
    assert [tuple(act) for act in acts] == [(kind, 14 if kind is ActKind.ADOPT else None) for kind in kinds]


def drafts_and_pins(visitor: Visitor, number: str) -> None:
    """The draft by rank; one of its lines is held in with a reason, which is asked for."""
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.presses("Draft the plan from the ranking")
    visitor.sees("The plan is drafted by rank.")
    visitor.main.locator(f'a[href$="/lines/{number}"]').click()
    visitor.ticks("It is in; the earliest year with room")
    visitor.presses("Decide")
    visitor.sees("One thing to put right")
    visitor.writes("Reason", WORDS[visitor.language]["reason"])
    visitor.presses("Decide")
    visitor.sees("Decided; the rest was fitted again.")
    visitor.sees("Pin.pinned")


def imagines(visitor: Visitor) -> None:
    """A scenario with less own money, beside the plan."""
    words = WORDS[visitor.language]
    visitor.follows("Scenarios")
    visitor.follows("New scenario")
    visitor.writes("Name of the scenario", words["name"])
    visitor.main.locator('[name="money_own"]').fill("-50")
    visitor.presses("Keep the scenario")
    visitor.sees("The scenario is kept.")
    visitor.sees("Side by side")
    expect(visitor.main.get_by_text(words["name"]).first).to_be_visible()


def is_voted_on(visitor: Visitor, day: date) -> None:
    """More votes than the council has members are refused; then the vote as it was."""
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.follows("Record the vote")
    visitor.ticks("ActKind.adopt")
    visitor.main.locator('[name="on"]').fill(str(day))
    for text, votes in (("For", "16"), ("Against", "2"), ("Abstentions", "1")):
        visitor.writes(text, votes)
    visitor.presses("Record it")
    visitor.sees("programme.more_votes_than_council", votes=19, size=17)
    visitor.writes("For", "14")
    visitor.presses("Record it")
    visitor.sees("The vote is recorded.")


def is_visaed_and_published(visitor: Visitor, day: date) -> None:
    """The governor's answer, and publication; what was recorded stands on the page."""
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.follows("Record the governor's answer")
    visitor.ticks("ActKind.visa")
    visitor.main.locator('[name="on"]').fill(str(day))
    visitor.writes("Reference of the letter", "214/2027")
    visitor.presses("Record it")
    visitor.sees("The governor’s answer is recorded.")
    visitor.presses("Publish the plan")
    visitor.sees("The plan is published.")


def is_updated(visitor: Visitor) -> None:
    """From the third year on: a copy of the plan in force, with the reason anyone will read."""
    why = WORDS[visitor.language]["why"]
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.follows("Update the plan")
    visitor.writes("Why is the plan updated?", why)
    visitor.presses("Open the update")
    visitor.sees("The update is open: the plan in force is copied as a draft.")
    visitor.sees("Update of version %(number)s: %(reason)s", number=1, reason=why)


STORIES = (walk_16_a_plan_goes_from_the_ranking_to_its_update,)

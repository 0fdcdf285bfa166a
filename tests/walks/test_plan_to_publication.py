"""The plan's own way: drafted, searched for, decided, imagined, adopted, visaed, published, tried by anyone."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.queries import find
from cdp.jobs import fits
from cdp.kernel.clock import today
from cdp.people.states import Role
from cdp.programme.models import FitRun, PlanVersion
from cdp.proposals.models import Proposal
from cdp.rounds.states import Phase
from cdp.store.engine import Store
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official
from tests.programme.rounds import in_phase_of, make_programming

PLAN = "/fr/tirsal/2028/plan"


@pytest.fixture
def proposals(db: Session) -> list[Proposal]:
    """Four proposals of a commune that programmes, the last too dear."""
    found = make_programming(db, 400_000, 300_000, 200_000, 90_000_000, commune=make_commune(db, slug="tirsal"))[1]
    db.commit()
    return found


def officer(db: Session) -> int:
    person = make_official(db, find(db, "tirsal"), Role.OFFICER)
    db.commit()
    return person.id


def prepare(browser: Browser, db: Session, store: Store, proposals: list[Proposal]) -> None:
    """Draft by rank, take the best programme in, pin one with a reason, keep a scenario and publish it."""
    first, second = proposals[:2]
    browser.follow(browser.post(f"{PLAN}/draft", form_at=f"{PLAN}/edit"))
    browser.post(f"{PLAN}/conditions/{second.number}", earliest="2030")
    browser.post(f"{PLAN}/best/ask", form_at=f"{PLAN}/best/", kind="best", seconds="10", form_key="walk")
    db.rollback()
    fits.find_best(store)
    run = db.scalars(select(FitRun.id)).one()
    browser.follow(browser.post(f"{PLAN}/best/{run}/take", form_at=f"{PLAN}/best/"))
    pinned = browser.post(f"{PLAN}/lines/{first.number}", pin="moved", year="2031", reason="Après l’étude.")
    assert "Après l’étude." in browser.get(f"{PLAN}/lines/{first.number}").text
    browser.follow(pinned)
    browser.post(f"{PLAN}/scenarios/new", name="Sans le premier", form_key="walk", out=first.number or "")
    assert "Sans le premier" in browser.get(f"{PLAN}/scenarios/").text


def test_from_the_draft_to_a_published_plan_that_anyone_may_try(
    browser: Browser, db: Session, store: Store, proposals: list[Proposal]
) -> None:
    browser.sign_in(officer(db))
    prepare(browser, db, store, proposals)
    browser.follow(browser.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit"))
    with in_phase_of(Phase.COUNCIL):
        votes = {"word": "adopt", "on": str(today()), "votes_for": "14", "votes_against": "2", "abstentions": "1"}
        browser.follow(browser.post(f"{PLAN}/1/vote", **votes))
        browser.follow(browser.post(f"{PLAN}/1/visa", word="visa", on=str(today()), reference="V 1"))
        browser.follow(browser.post(f"{PLAN}/1/publish", form_at=f"{PLAN}/edit"))
    db.rollback()
    version = db.scalars(select(PlanVersion)).one()
    assert version.frozen_at is not None
    assert version.instance is not None
    browser.sign_out()
    tried = browser.get(f"/ar/tirsal/2028/plan/try/?cut={proposals[0].number}")
    assert str(proposals[0].number) in tried.text
    assert "النتيجة" in tried.text
    why = browser.get(f"{PLAN}/why/{proposals[3].number}").text
    assert "Il faudrait" in why

from datetime import date

import pytest
from sqlalchemy.orm import Session

from cdp.people.states import ShownAs
from cdp.proposals.services.counting import recount
from cdp.rounds.states import Phase, ProposerKind
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.browser_of_pages import Browser
from tests.factories import keep, make_commune, make_locality, make_person, make_project, make_proposal, make_round


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_fresh_commune_teaches_what_comes_next(browser: Browser, db: Session, language: str) -> None:
    make_commune(db, slug="tirsal")
    db.commit()
    page = browser.get(f"/{language}/tirsal/").text
    assert page.count('class="empty"') == 2


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_front_page_shows_round_numbers_money_and_map(browser: Browser, db: Session, language: str) -> None:
    commune = make_commune(db, slug="tirsal", summer_population=11950)
    make_locality(db, commune)
    round_ = make_round(db, commune)
    make_proposal(db, round_, proposer_kind=ProposerKind.WOMENS_GROUP)
    make_proposal(db, round_)
    project = make_project(db, round_)
    keep(
        db,
        Membership(
            commune_id=commune.id,
            proposal_id=project.proposal_id,
            person_id=make_person(db).id,
            offer=Offer.HOURS,
            hours=3,
            since=date(2027, 1, 1),
            until=date(2027, 9, 1),
            shown_as=ShownAs.ANONYMOUS,
            joined_at=round_.opened_at,
        ),
    )
    recount(db, round_.id, commune.id)
    db.commit()
    answer = browser.get(f"/{language}/tirsal/")
    text = answer.text
    assert "11\u202f950" in text
    assert "1\u202f862\u202f000" in text
    assert f"/{language}/tirsal/2028/proposals/new" in text
    assert "locator__map" in text
    assert len(answer.data) <= 15 * 1024


def test_outside_the_phase_of_proposals_nobody_is_asked_to_propose(browser: Browser, db: Session) -> None:
    make_round(db, make_commune(db, slug="tirsal"), phase=Phase.COUNCIL)
    db.commit()
    assert "proposals/new" not in browser.get("/fr/tirsal/").text


def test_a_commune_that_did_not_open_has_no_door(browser: Browser, db: Session) -> None:
    make_commune(db, slug="asleep", opened_on=None)
    db.commit()
    browser.get("/fr/asleep/", status=404)
    assert "asleep" not in browser.get("/fr/").text

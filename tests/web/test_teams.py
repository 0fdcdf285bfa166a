import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.states import Role
from cdp.proposals.states import ProposalState
from cdp.teams.models import Invitation, Membership
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official, make_person, make_proposal, make_round


@pytest.fixture
def project(db: Session) -> str:
    """Address of a project's pages in French."""
    commune = make_commune(db, slug="tirsal")
    made = make_proposal(db, make_round(db, commune), state=ProposalState.PROGRAMMED, number="TZ-2028-001")
    db.commit()
    return f"/fr/tirsal/projects/{made.number}"


def official(db: Session, role: Role = Role.OFFICER) -> int:
    from cdp.communes.queries import find

    person = make_official(db, find(db, "tirsal"), role)
    db.commit()
    return person.id


def test_from_an_invitation_to_the_room_and_out_again(browser: Browser, db: Session, project: str) -> None:
    browser.sign_in(official(db))
    made = browser.post(
        f"{project}/invite",
        name="Salma",
        offer="hours",
        words="Nous cherchons une hydraulicienne.",
        invited_language="fr",
        until=str(today() + timedelta(days=20)),
    )
    page = browser.follow(made).text
    link = re.search(r"http://localhost(/fr/invitations/[\w-]+)", page)
    assert link
    assert "data:image/svg+xml" in page

    guest = make_person(db, name="Salma Benali")
    db.commit()
    browser.sign_out()
    assert "hydraulicienne" in browser.get(link[1]).text
    browser.sign_in(guest.id)
    token = link[1].rsplit("/", 1)[1]
    until = today() + timedelta(days=60)
    fields = {"offer": "hours", "hours": "12", "until": str(until), "shown_as": "first", "text": "", "city": "Lyon"}
    room = browser.follow(browser.post(f"{project}/join?token={token}", **fields)).text
    assert "Votre part dans ce projet" in room
    browser.follow(browser.post(f"{project}/room", text="Bonjour à tous"))
    assert "Bonjour à tous" in browser.get(f"{project}/room").text
    assert "Salma B." in browser.get(f"{project}/room".replace("/fr/", "/ar/")).text

    membership = db.scalars(select(Membership)).one()
    left = browser.post(f"{project}/members/{membership.id}/leave")
    assert left.status_code == 302
    with clock.held_at(today() + timedelta(days=1)):
        assert "n’êtes pas membre" in browser.get(f"{project}/room", status=403).text


def test_joining_twice_counts_once(browser: Browser, db: Session, project: str) -> None:
    browser.sign_in(official(db))
    browser.post(f"{project}/needs", **{"offer": "hours", "text-fr": "Douze heures", "quantity": "12"})
    browser.sign_in(_someone(db))
    fields = {"offer": "hours", "hours": "12", "until": str(today()), "shown_as": "full"}
    browser.post(f"{project}/join", **fields)
    again = browser.get(f"{project}/join", status=302)
    assert again.location.endswith("/room")
    assert db.scalar(select(func.count()).select_from(Membership)) == 1


def _someone(db: Session) -> int:
    person = make_person(db)
    db.commit()
    return person.id


@pytest.mark.parametrize("page", ["invite", "join", "room", "needs", "members/1/let-go", "invitations/1"])
def test_who_is_not_signed_in_is_asked_to(browser: Browser, project: str, page: str) -> None:
    answer = browser.get(f"{project}/{page}", status=None)
    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert "/fr/account/login" in answer.location


@pytest.mark.parametrize("page", ["invite", "room", "needs"])
def test_a_stranger_is_refused(browser: Browser, db: Session, project: str, page: str) -> None:
    browser.sign_in(_someone(db))
    browser.get(f"{project}/{page}", status=403)


def test_an_officer_of_another_commune_is_a_stranger_here(browser: Browser, db: Session, project: str) -> None:
    other = make_official(db, make_commune(db))
    db.commit()
    browser.sign_in(other.id)
    browser.get(f"{project}/invite", status=403)


def test_a_project_of_another_commune_is_not_found_under_this_address(
    browser: Browser, db: Session, project: str
) -> None:
    make_commune(db, slug="elsewhere")
    db.commit()
    browser.sign_in(official(db))
    browser.get(project.replace("tirsal", "elsewhere") + "/room", status=404)


def test_a_forged_form_changes_nothing(browser: Browser, db: Session, project: str) -> None:
    browser.sign_in(official(db))
    answer = browser.client.post(f"{project}/invite", data={"name": "X", "until": str(today()), "csrf_token": "no"})
    assert answer.status_code == 400
    assert db.scalar(select(func.count()).select_from(Invitation)) == 0


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("page", ["invite", "room", "needs"])
def test_the_pages_of_a_team_speak_three_languages(
    browser: Browser, db: Session, project: str, language: str, page: str
) -> None:
    browser.sign_in(official(db))
    assert f'lang="{language}"' in browser.get(project.replace("/fr/", f"/{language}/") + f"/{page}").text

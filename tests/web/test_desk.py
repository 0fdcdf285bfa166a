import re
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import held_at, now, today
from cdp.people.models import DataRequest
from cdp.people.states import DataRequestKind, Role
from cdp.proposals.states import ProposalState
from tests.browser_of_pages import Browser
from tests.factories import keep, make_commune, make_group, make_official, make_proposal, make_resident, make_round


def desk_of(db: Session, browser: Browser, commune: Commune, role: Role = Role.OFFICER) -> None:
    person = make_official(db, commune, role, name="Fatima Ouali")
    db.commit()
    browser.sign_in(person.id)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_desk_lists_what_waits_the_oldest_due_date_first(browser: Browser, db: Session, language: str) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    commune = db.get_one(Commune, round_.commune_id)
    make_group(db, commune)
    make_proposal(db, round_)
    make_proposal(db, round_, state=ProposalState.RETURNED, correct_until=today() - timedelta(days=3))
    asking = make_resident(db, commune)
    keep(
        db,
        DataRequest(
            commune_id=commune.id,
            person_id=asking.id,
            kind=DataRequestKind.ERASE,
            asked_at=now(),
            due_on=today() + timedelta(days=1),
        ),
    )
    desk_of(db, browser, commune)
    text = browser.get(f"/{language}/tirsal/desk/").text
    assert text.count('class="task"') == 5  # with the step of the legal path that is late since longest
    late, soon = text.index("is-danger"), text.index("is-warning")
    assert late < soon


def test_an_office_without_a_round_is_told_how_to_begin(browser: Browser, db: Session) -> None:
    commune = make_commune(db, slug="tirsal")
    desk_of(db, browser, commune)
    text = browser.get("/fr/tirsal/desk/").text
    assert "/fr/tirsal/rounds/new" in text


def test_a_facilitator_sees_no_requests_about_personal_data(browser: Browser, db: Session) -> None:
    commune = make_commune(db, slug="tirsal")
    asking = make_resident(db, commune)
    keep(
        db,
        DataRequest(
            commune_id=commune.id,
            person_id=asking.id,
            kind=DataRequestKind.ERASE,
            asked_at=now(),
            due_on=date(2027, 4, 20),
        ),
    )
    make_group(db, commune)
    desk_of(db, browser, commune, Role.FACILITATOR)
    text = browser.get("/fr/tirsal/desk/").text
    assert "Groupes à vérifier" in text
    assert "données personnelles\u00a0: 1" not in text


def test_one_commune_never_sees_the_desk_of_another(browser: Browser, db: Session) -> None:
    here, there = make_commune(db, slug="tirsal"), make_commune(db, slug="elsewhere")
    make_group(db, there)
    desk_of(db, browser, here)
    assert "Groupes à vérifier" not in browser.get("/fr/tirsal/desk/").text
    browser.get("/fr/elsewhere/desk/", status=403)


@pytest.mark.parametrize("role", [Role.PANEL, Role.TREASURER, Role.COUNCILLOR])
def test_other_mandates_and_residents_have_no_desk_here(browser: Browser, db: Session, role: Role) -> None:
    commune = make_commune(db, slug="tirsal")
    desk_of(db, browser, commune, role)
    browser.get("/fr/tirsal/desk/", status=403)
    resident = make_resident(db, commune)
    db.commit()
    browser.sign_in(resident.id)
    browser.get("/fr/tirsal/desk/", status=403)
    browser.sign_out()
    browser.get("/fr/tirsal/desk/", status=302)


def test_a_phase_that_ends_soon_is_on_the_desk(browser: Browser, db: Session) -> None:
    round_ = make_round(db, make_commune(db, slug="tirsal"))
    desk_of(db, browser, db.get_one(Commune, round_.commune_id))
    assert "Fin de la phase" not in browser.get("/fr/tirsal/desk/").text
    with held_at(today() + timedelta(days=10)):
        assert "Fin de la phase" in browser.get("/fr/tirsal/desk/").text


OFFICE_ROOMS = {
    Role.OFFICER: {"mandates", "wishes", "cards", "groups", "treasury"},
    Role.PRESIDENT: {"mandates", "wishes", "groups"},
    Role.FACILITATOR: {"cards", "groups"},
}


@pytest.mark.parametrize("role", OFFICE_ROOMS)
def test_the_desk_leads_to_the_rooms_of_who_looks_and_each_opens(browser: Browser, db: Session, role: Role) -> None:
    commune = make_commune(db, slug="tirsal")
    desk_of(db, browser, commune, role)
    text = browser.get("/fr/tirsal/desk/").text
    rooms = text[text.index('id="rooms"') : text.index("</nav>", text.index('id="rooms"'))]
    links = re.findall(r'href="([^"]+)"', rooms)
    assert {link.split("/")[3] for link in links} == OFFICE_ROOMS[role]
    for link in links:
        browser.get(link)


def test_the_desk_says_until_when_wishes_about_data_wait(browser: Browser, db: Session) -> None:
    commune = make_commune(db, slug="tirsal")
    of = {"commune_id": commune.id, "person_id": make_resident(db, commune).id, "asked_at": now()}
    keep(db, DataRequest(**of, kind=DataRequestKind.ERASE, due_on=date(2027, 4, 22)))
    desk_of(db, browser, commune)
    assert "1 attend, à traiter avant le 22 avril 2027" in browser.get("/fr/tirsal/desk/").text

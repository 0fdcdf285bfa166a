"""A woman abroad joins one project for a time and gives her word; the treasurer keeps the books; the page says so."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine, LedgerEntry, Pledge
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.states import Role
from cdp.programme.models import Project
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official, make_person, make_project, make_round

UNTIL = date(2027, 9, 30)


@pytest.fixture
def project(db: Session) -> Project:
    made = make_project(db, make_round(db, make_commune(db, slug="tirsal")))
    db.commit()
    return made


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def official(db: Session, project: Project, role: Role) -> int:
    from cdp.communes.models import Commune

    person = make_official(db, db.get_one(Commune, project.commune_id), role)
    db.commit()
    return person.id


def test_from_an_invitation_to_the_numbers_on_the_project_page(browser: Browser, db: Session, project: Project) -> None:
    page, desk = f"/fr/tirsal/projects/{project.number}", f"/fr/tirsal/treasury/projects/{project.number}"
    officer, treasurer = official(db, project, Role.OFFICER), official(db, project, Role.TREASURER)

    browser.sign_in(treasurer)
    rate = {"currency": "EUR", "dirhams": "10,80", "day": "2027-04-01", "source": "Bank Al-Maghrib"}
    browser.follow(browser.post("/fr/tirsal/treasury/rates", **rate))

    browser.sign_in(officer)
    made = browser.follow(
        browser.post(
            f"{page}/invite",
            name="Salma",
            offer="sum",
            words="",
            invited_language="fr",
            until=str(today() + timedelta(days=20)),
        )
    )
    link = re.search(r"http://localhost/fr/invitations/([\w-]+)", made.text)
    assert link

    salma = make_person(db, name="Salma Benali", city="Lyon")
    db.commit()
    browser.sign_in(salma.id)
    joining = {"offer": "sum", "until": str(UNTIL), "shown_as": "first", "text": "hydraulicienne", "city": "Lyon"}
    room = browser.follow(browser.post(f"{page}/join?token={link[1]}", **joining))
    assert f"{project.number}/promise" in room.text
    promise = {
        "step": "3",
        "group_id": "0",
        "amount": "500",
        "currency": "EUR",
        "hours": "12",
        "condition": "none",
        "until": str(UNTIL),
        "shown_as": "first",
    }
    receipt = browser.follow(browser.post(f"{page}/promise", **promise)).text
    assert len(re.findall(r"RF\d\d \d{4} \d{4}", receipt)) == 2
    with clock.held_at(UNTIL):
        browser.get(f"{page}/room")
        browser.get(f"{page}/promise")
    with clock.held_at(UNTIL + timedelta(days=1)):
        browser.get(f"{page}/room", status=403)
        browser.get(f"{page}/promise", status=403)
        assert "Salma B." in browser.get(page).text or "1 personne a été" in browser.get(page).text

    browser.sign_in(treasurer)
    agreement = {
        "source": "province",
        "party": "Conseil provincial",
        "amount": "500 000",
        "reference": "CONV-7/2027",
        "signed_on": "2027-03-03",
        "signatory": "",
    }
    browser.follow(browser.post(f"{desk}/agreement", **agreement))
    db.rollback()
    line = db.scalars(select(FundingLine.id).where(FundingLine.source == Source.PROVINCE)).one()
    came = {"place": f"line:{line}", "amount": "250 000", "on": "2027-04-02", "evidence": "OV 12"}
    browser.follow(browser.post(f"{desk}/receipt", **came))
    euros = db.scalars(select(Pledge.id).where(Pledge.unit == "EUR")).one()
    kept = {"place": f"promise:{euros}", "amount": "200", "on": "2027-04-11", "evidence": "Relevé 4"}
    browser.follow(browser.post(f"{desk}/receipt", **kept))
    spent = {"place": f"line:{line}", "amount": "100 000", "on": "2027-04-11", "evidence": "FAC 3"}
    browser.follow(browser.post(f"{desk}/payment", **spent))
    hours = db.scalars(select(Pledge.id).where(Pledge.unit == "H")).one()
    seen = {"place": f"promise:{hours}", "hours": "5", "on": "2027-04-11", "evidence": "Note relue"}
    browser.follow(browser.post(f"{desk}/hours", **seen))

    shown = plain(browser.get(page).text)
    row = re.search(r"Conseil provincial.*?</tr>", shown, re.S)
    assert row
    assert row[0].count("250 000 DH") == 2
    diaspora = re.search(r"Diaspora.*?</tr>", shown, re.S)
    assert diaspora
    assert "3 240 DH" in diaspora[0]
    assert "2 160 DH" in diaspora[0]
    assert "<bdi>5</bdi>" in shown
    assert "<bdi>12</bdi>" in shown
    assert "CONV-7/2027" in shown
    assert "Salma B." in shown

    accounts = plain(browser.get("/fr/tirsal/accounts/").text)
    assert "252 160 DH" in accounts
    books = browser.get("/fr/tirsal/treasury/books?verify=1").text
    assert "Les livres tiennent" in books
    db.rollback()
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.evidence == "FAC 3")).one()
    browser.follow(browser.post(f"/fr/tirsal/treasury/books/{entry.id}/reverse", reason="Autre projet"))
    assert "Dépensé" not in browser.get(page).text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FACILITATOR, Role.PANEL, Role.COUNCILLOR])
def test_only_the_treasurer_enters_money(browser: Browser, db: Session, project: Project, role: Role) -> None:
    desk = f"/fr/tirsal/treasury/projects/{project.number}"
    browser.get(f"{desk}/agreement", status=302)
    browser.sign_in(official(db, project, role))
    for act in ("agreement", "receipt", "payment"):
        browser.get(f"{desk}/{act}", status=403)


def test_a_treasurer_of_another_commune_is_a_stranger_here(browser: Browser, db: Session, project: Project) -> None:
    other = make_official(db, make_commune(db, slug="elsewhere"), Role.TREASURER)
    db.commit()
    browser.sign_in(other.id)
    browser.get("/fr/tirsal/treasury/", status=403)
    browser.get(f"/fr/elsewhere/treasury/projects/{project.number}", status=404)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_desk_and_the_accounts_speak_three_languages(
    browser: Browser, db: Session, project: Project, language: str
) -> None:
    browser.sign_in(official(db, project, Role.TREASURER))
    desk = f"/{language}/tirsal/treasury"
    for page in ("/", "/books", "/rates", *(f"/projects/{project.number}{act}" for act in ("", "/agreement"))):
        assert f'<html lang="{language}"' in browser.get(desk + page).text
    for act in ("receipt", "payment", "hours"):
        browser.get(f"{desk}/projects/{project.number}/{act}")
    assert f'<html lang="{language}"' in browser.get(f"/{language}/tirsal/accounts/").text

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Pledge
from cdp.funding.services import payees, room, treasury
from cdp.funding.services.payees import Calling
from cdp.funding.services.treasury import Quote
from cdp.funding.states import OverFunding
from cdp.kernel import clock
from cdp.people.actor import Actor
from cdp.people.models import Mandate, Person
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.browser_of_pages import Browser
from tests.factories import (
    actor_of,
    keep,
    make_commune,
    make_group,
    make_official,
    make_person,
    make_project,
    make_round,
)
from tests.funding.test_statement_services import account

UNTIL = date(2027, 9, 30)
FIELDS = {
    "group_id": "0",
    "amount": "500",
    "currency": "EUR",
    "hours": "12",
    "note": "Relire le calcul",
    "condition": "commune_signs",
    "condition_count": "",
    "until": str(UNTIL),
    "shown_as": "first",
}


@pytest.fixture
def project(db: Session) -> Project:
    commune = make_commune(db, slug="tirsal")
    made = make_project(db, make_round(db, commune))
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    treasury.enter_rate(db, treasurer, commune, Quote("EUR", "10.8", date(2027, 4, 1), "Bank Al-Maghrib"))
    db.commit()
    return made


@pytest.fixture
def member(db: Session, project: Project) -> Person:
    person = make_person(db, name="Salma Benali")
    keep(
        db,
        Membership(
            commune_id=project.commune_id,
            proposal_id=project.proposal_id,
            person_id=person.id,
            offer=Offer.SUM,
            since=date(2027, 1, 1),
            until=UNTIL,
            shown_as=ShownAs.FIRST,
            joined_at=clock.now(),
        ),
    )
    db.commit()
    return person


def address(project: Project, language: str = "fr") -> str:
    return f"/{language}/tirsal/projects/{project.number}/promise"


def count(db: Session, what: type = Pledge) -> int:
    db.commit()
    return db.scalar(select(func.count()).select_from(what)) or 0


def test_a_promise_is_made_in_three_steps_read_again_and_kept_twice_sent_once(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    first = browser.get(address(project)).text
    assert "10,8" in first
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', first)
    assert key
    sent = FIELDS | {"form_key": key[1]}
    second = browser.post(address(project), **sent | {"step": "1"}).text
    assert "Seulement si" in second
    assert 'type="hidden" name="amount" value="500"' in second
    third = browser.post(address(project), **sent | {"step": "2"}).text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "500 €" in third
    assert "5 400 DH" in third
    assert "12 heures" in third
    assert count(db) == 0
    back = browser.post(address(project), **sent | {"step": "3", "back": "1"}).text
    assert "Seulement si" in back
    done = browser.post(address(project), **sent | {"step": "3"})
    page = browser.follow(done).text
    assert len(re.findall(r"RF\d\d \d{4} \d{4}", page)) == 2
    browser.post(address(project), **sent | {"step": "3"})
    assert count(db) == 2
    other = browser.post(address(project), **sent | {"step": "3", "amount": "700"})
    assert other.status_code == 409
    assert count(db) == count(db, LedgerEntry) == 2


def call_promise(db: Session, treasurer: Actor, pledge: Pledge, *, on: date) -> None:
    """The treasurer calls the whole of a promise."""
    held = queries.find_pledge(db, pledge.commune_id, pledge.id)
    payee = payees.enter_account(db, treasurer, db.get_one(Commune, pledge.commune_id), account(), key="account")
    payees.call(db, treasurer, held, Calling(payee, on), key=f"call:{pledge.id}")
    db.commit()


def test_my_promises_show_what_became_of_them_and_are_withdrawn(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    browser.post(address(project), **FIELDS | {"step": "3"})
    assert "/fr/me/promises" in browser.get("/fr/me/").text
    page = browser.get("/fr/me/promises").text
    assert "En attente de sa condition" in page
    assert "si la commune signe sa part" in page
    pledge = db.scalars(select(Pledge).where(Pledge.unit == "EUR")).one()
    db.commit()
    browser.post(f"/fr/me/promises/{pledge.id}/withdraw", form_at="/fr/me/promises")
    assert "Retirée" in browser.get("/fr/me/promises").text
    stranger = make_person(db)
    db.commit()
    browser.sign_in(stranger.id)
    answer = browser.post(f"/fr/me/promises/{pledge.id}/withdraw", form_at="/fr/me/settings")
    assert answer.status_code == 404
    browser.get(f"{address(project)}/{pledge.id}", status=404)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "-5"}, "amount"),
        ({"amount": "cinq"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"amount": "9" * 25}, "amount"),
        ({"amount": "", "hours": ""}, "amount"),
        ({"amount": "0"}, "une chose"),
        ({"currency": "USD"}, "currency"),
        ({"hours": "99999"}, "hours"),
        ({"until": "2026-01-01"}, "une chose"),
        ({"until": "2035-01-01"}, "une chose"),
        ({"condition": "others_join"}, "condition_count"),
        ({"condition": "village_joins"}, "condition_count"),
        ({"condition": "village_joins", "condition_count": "3"}, "village"),
        ({"condition": "total_reached"}, "total"),
        ({"condition": "club_gives", "give": "1", "each": "2"}, "club"),
        ({"group_id": "77"}, "group_id"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_kept(
    browser: Browser, db: Session, project: Project, member: Person, wrong: dict[str, str], said: str
) -> None:
    browser.sign_in(member.id)
    answer = browser.post(address(project), **FIELDS | wrong | {"step": "3"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    if said != "une chose":
        assert f'href="#{said}"' in answer.text
    assert count(db) == 0


def test_who_comes_after_the_target_is_told_that_it_is_reached(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    treasurer = db.scalars(select(Person).join(Mandate).where(Mandate.role == Role.TREASURER)).first()
    assert treasurer is not None
    room.choose(db, actor_of(db, treasurer), project, OverFunding.STOP)
    project.cost_minor = 100
    db.commit()
    browser.sign_in(member.id)
    answer = browser.post(address(project), **FIELDS | {"step": "3"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "il reste" in answer.text
    assert project.number in answer.text
    assert 'href="#amount"' in browser.post(address(project), **FIELDS | {"step": "1"}).text
    assert count(db) == 0


@pytest.mark.parametrize("what", [OverFunding.RESERVE, OverFunding.ACCEPT, None])
def test_who_promises_more_than_is_sought_reads_by_how_much_and_what_becomes_of_it(
    browser: Browser, db: Session, project: Project, member: Person, what: OverFunding | None
) -> None:
    treasurer = db.scalars(select(Person).join(Mandate).where(Mandate.role == Role.TREASURER)).first()
    assert treasurer is not None
    if what is not None:
        room.choose(db, actor_of(db, treasurer), project, what)
    project.cost_minor = 100_000
    db.commit()
    browser.sign_in(member.id)
    page = browser.post(address(project), **FIELDS | {"step": "2"}).text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "4 400 DH" in page
    assert ("entretien" in page) is (what is OverFunding.RESERVE)
    within = browser.post(address(project), **FIELDS | {"step": "2", "amount": "50"}).text
    assert "de plus que" in page
    assert "de plus que" not in within


def test_parts_after_the_last_day_are_put_right_where_the_last_day_is_asked_for(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    parts = FIELDS | {"parts": "3", "first_due": str(UNTIL - timedelta(days=20)), "months": "1"}
    page = browser.post(address(project), **parts | {"step": "1"}).text
    assert 'href="#until"' in page
    assert 'type="date"' in page
    longer = {"until": str(UNTIL + timedelta(days=90)), "step": "3"}
    browser.follow(browser.post(address(project), **parts | longer))
    assert count(db) == 2


def test_a_promise_of_euros_is_shown_with_its_dirhams_and_what_it_is_for(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    receipt = browser.follow(browser.post(address(project), **FIELDS | {"step": "3"})).text
    for page in (receipt, browser.get("/fr/me/promises").text):
        assert "5 400 DH" in page.replace("\u202f", " ").replace("\u00a0", " ")
        assert "Relire le calcul" in page


def test_what_was_called_is_neither_offered_for_withdrawal_nor_withdrawn(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    browser.post(address(project), **FIELDS | {"step": "3", "hours": "", "condition": "none"})
    pledge = db.scalars(select(Pledge)).one()
    treasurer = db.scalars(select(Person).join(Mandate).where(Mandate.role == Role.TREASURER)).one()
    db.commit()
    call_promise(db, actor_of(db, treasurer), pledge, on=date(2027, 5, 5))
    page = browser.get("/fr/me/promises").text
    assert f"/me/promises/{pledge.id}/withdraw" not in page
    assert "5 mai 2027" in page
    assert "ne peut plus" in page
    refused = browser.post(f"/fr/me/promises/{pledge.id}/withdraw", form_at="/fr/me/settings")
    assert "rien à retirer" in browser.follow(refused).text


def test_the_day_after_a_membership_ended_nothing_is_promised(
    browser: Browser, db: Session, project: Project, member: Person
) -> None:
    browser.sign_in(member.id)
    with clock.held_at(UNTIL):
        browser.get(address(project))
    with clock.held_at(UNTIL + timedelta(days=1)):
        browser.get(address(project), status=403)
        answer = browser.post(address(project), form_at="/fr/me/settings", **FIELDS | {"step": "3", "form_key": "x"})
        assert answer.status_code == 403
    assert count(db) == 0


def test_a_promise_past_its_day_counts_no_more(browser: Browser, db: Session, project: Project, member: Person) -> None:
    browser.sign_in(member.id)
    browser.post(address(project), **FIELDS | {"step": "3"})
    shown = browser.get(f"/fr/tirsal/projects/{project.number}").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "5 400 DH" in shown
    with clock.held_at(UNTIL + timedelta(days=1)):
        page = browser.get(f"/fr/tirsal/projects/{project.number}").text
        assert "5 400 DH" not in page.replace("\u202f", " ").replace("\u00a0", " ")
        assert "Expirée" in browser.get("/fr/me/promises").text


def test_a_stranger_is_refused_and_nobody_is_asked_to_sign_in(browser: Browser, db: Session, project: Project) -> None:
    browser.get(address(project), status=302)
    stranger = make_person(db)
    db.commit()
    browser.sign_in(stranger.id)
    browser.get(address(project), status=403)


def test_who_speaks_for_a_group_promises_in_its_name(browser: Browser, db: Session, project: Project) -> None:
    from cdp.communes.queries import find

    speaker = make_person(db)
    group = make_group(db, find(db, "tirsal"), speaker)
    db.commit()
    browser.sign_in(speaker.id)
    fields = FIELDS | {"group_id": str(group.id), "currency": "MAD", "amount": "31 200", "hours": "", "step": "3"}
    browser.follow(browser.post(address(project), **fields))
    made = db.scalars(select(Pledge)).one()
    assert (made.group_id, made.amount_minor, made.shown_as) == (group.id, 3_120_000, ShownAs.FULL)
    said = group.name.in_("fr")[0]
    assert browser.get("/fr/me/promises").text.count(said) == 2
    asked = browser.post(address(project), **fields | {"step": "2"}).text
    assert said in asked.partition("au nom de")[2].partition("</li>")[0]
    assert speaker.name not in asked.partition('name="shown_as"')[2].partition("</select>")[0]
    assert said in asked.partition('name="shown_as"')[2].partition("</select>")[0]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_pages_of_promises_speak_three_languages(
    browser: Browser, project: Project, member: Person, language: str
) -> None:
    browser.sign_in(member.id)
    word = {"ar": "لا يُقتطع", "fr": "Rien n’est prélevé", "en": "Nothing is taken"}[language]
    for step in ("1", "2"):
        assert word in browser.post(address(project, language), **FIELDS | {"step": step}).text
    assert word in browser.follow(browser.post(address(project, language), **FIELDS | {"step": "3"})).text
    assert f'<html lang="{language}"' in browser.get(f"/{language}/me/promises").text

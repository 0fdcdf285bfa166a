from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event
from sqlalchemy.orm import Session

from cdp.delivery import services as delivery
from cdp.delivery.rules import Planned, Report
from cdp.delivery.services import Picture
from cdp.funding.services import promises, treasury
from cdp.funding.services.promises import Promise
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import Role, ShownAs
from cdp.programme.models import Project
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from cdp.store.files import examine
from cdp.teams import services as teams
from cdp.teams.rules import Joining
from cdp.teams.services import Asking
from cdp.teams.states import Offer
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_person, make_project, make_round


def join(db: Session, project: Project, shown_as: ShownAs, name: str) -> Person:
    from cdp.teams.queries import find_project

    person = make_person(db, name=name)
    proposal = find_project(db, project.commune_id, project.number)
    joining = Joining(Offer.SUM, date(2027, 9, 30), "dessin", None, None, None, shown_as, "Gand")
    teams.join(db, actor_of(db, person), proposal, joining)
    return person


@pytest.fixture
def project(db: Session, tmp_path: Path) -> Project:
    """A project in its works: an agreement, a receipt, promises of three people, a step done and one late."""
    commune = make_commune(db, slug="tirsal")
    made = make_project(db, make_round(db, commune), state=ProjectState.WORKS)
    officer = actor_of(db, make_official(db, commune))
    treasurer = actor_of(db, make_official(db, commune, Role.TREASURER))
    treasury.enter_rate(db, treasurer, commune, Quote("EUR", "10.8", date(2027, 4, 1), "Bank Al-Maghrib"))
    signed = Signed(Source.PROVINCE, "Province X", 50_000_000, date(2027, 3, 3), "CONV-7/2027")
    agreement = treasury.sign(db, treasurer, made, signed, key="s")
    from cdp.funding.queries import find_line
    from cdp.teams.queries import find_project

    line = find_line(db, commune.id, agreement.line_id)
    treasury.receive(db, treasurer, line, Payment(25_000_000, date(2027, 4, 2), "OV 12"), key="r")
    proposal = find_project(db, commune.id, made.number)
    teams.ask(db, officer, proposal, Asking(Offer.HOURS, Words(fr="Relire le calcul de l’ouvrage"), 12, None))
    people = [
        join(db, made, ShownAs.FIRST, "Salma Benali"),
        join(db, made, ShownAs.ANONYMOUS, "Hidden Giver"),
    ]
    for number, person in enumerate(people):
        shown = (ShownAs.FIRST, ShownAs.ANONYMOUS)[number]
        promise = Promise("EUR", 50_000 + number, date(2027, 9, 30), shown)
        promises.pledge(db, actor_of(db, person), made, promise, key=f"p{number}")
    promises.pledge(db, actor_of(db, people[0]), made, Promise("H", 720, date(2027, 9, 30), ShownAs.FIRST), key="hours")
    out = BytesIO()
    Image.new("RGB", (60, 40), "olive").save(out, "PNG")
    picture = Picture(examine(out.getvalue(), largest=10**6), "piste.png", tmp_path / "files")
    done = delivery.plan(db, officer, made, Planned(Words(fr="Piste ouverte"), date(2027, 4, 1)))
    said = Report(date(2027, 4, 9), 2100, "km", Words(fr="Mesuré"), date(2027, 4, 8))
    delivery.report(db, officer, made, done, report=said, picture=picture)
    late = delivery.plan(db, officer, made, Planned(Words(fr="Ouvrage sur l’oued"), date(2027, 4, 1)))
    delivery.expect(db, officer, made, late, day=date(2027, 5, 13), reason=Words(fr="Crue du 3 mars"))
    db.commit()
    return made


def address(project: Project, language: str = "fr") -> str:
    return f"/{language}/tirsal/projects/{project.number}"


def test_the_page_says_what_is_paid_by_whom_and_what_is_built(browser: Browser, project: Project) -> None:
    page = browser.get(address(project)).text.replace("\u202f", " ").replace("\u00a0", " ")
    for said in ("1 862 000 DH", "250 000 DH", "10 800,11 DH", "CONV-7/2027", "Province X", "2,1"):
        assert said in page, said
    for said in ("Piste ouverte", "Ouvrage sur l’oued", "Crue du 3 mars", "Relire le calcul", "Salma B."):
        assert said in page, said
    assert "Heures données" in page
    assert "<bdi>12</bdi>" in page


def test_who_chose_no_name_cannot_be_worked_out(browser: Browser, project: Project) -> None:
    page = browser.get(address(project)).text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Hidden" not in page
    assert "5 400,11" not in page
    assert page.count("Salma B.</span></li>") == 1
    assert page.count("Gand") == 1


def test_the_photo_of_the_works_is_shown_to_everybody(browser: Browser, project: Project) -> None:
    import re

    page = browser.get(address(project)).text
    photo = re.search(r'src="(/fr/tirsal/files/[0-9a-f]{64})"', page)
    assert photo
    assert browser.get(photo[1]).mimetype == "image/webp"


def test_each_reader_has_one_next_thing_to_do(browser: Browser, db: Session, project: Project) -> None:
    assert browser.get(address(project)).text.count("btn-sun") >= 1
    member = join(db, project, ShownAs.FULL, "Ali Member")
    db.commit()
    browser.sign_in(member.id)
    assert f"{project.number}/promise" in browser.get(address(project)).text


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_history_says_what_was_done_in_which_capacity_and_names_nobody(
    browser: Browser, project: Project, language: str
) -> None:
    page = browser.get(f"{address(project, language)}/history").text
    assert page.count("<time") >= 8
    assert "Salma" not in page
    assert {"ar": "تعهد", "fr": "par la trésorerie", "en": "by the treasurer"}[language] in page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_is_light_asks_little_and_speaks_three_languages(
    browser: Browser, db: Session, project: Project, language: str
) -> None:
    engine = browser.app.extensions["store"].engine
    asked: list[str] = []

    def listen(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    browser.get(address(project, language))
    member = join(db, project, ShownAs.FULL, "Ali Member")
    db.commit()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        page = browser.get(address(project, language))
        assert len(asked) <= 10, "\n\n".join(asked)
        asked.clear()
        browser.sign_in(member.id)
        asked.clear()
        browser.get(address(project, language))
        assert len(asked) <= 12, "\n\n".join(asked)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert len(page.data) <= 15 * 1024
    assert f'<html lang="{language}"' in page.text


def test_a_project_of_another_commune_is_not_found_here(browser: Browser, db: Session, project: Project) -> None:
    make_commune(db, slug="elsewhere")
    db.commit()
    browser.get(address(project).replace("tirsal", "elsewhere"), status=404)


def test_a_programmed_proposal_leads_to_its_project(browser: Browser, project: Project) -> None:
    answer = browser.get(f"/fr/tirsal/proposals/{project.number}", status=302)
    assert answer.location.endswith(f"/projects/{project.number}")

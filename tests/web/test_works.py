from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.delivery.models import Milestone
from cdp.people.states import Role
from cdp.programme.models import Project
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official, make_person, make_project, make_round


@pytest.fixture
def project(db: Session) -> Project:
    made = make_project(db, make_round(db, make_commune(db, slug="tirsal")))
    db.commit()
    return made


def official(db: Session, project: Project, role: Role = Role.OFFICER) -> int:
    person = make_official(db, db.get_one(Commune, project.commune_id), role)
    db.commit()
    return person.id


def photo() -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", (60, 40), "olive").save(out, "PNG")
    out.seek(0)
    return out, "piste.png"


def planned(browser: Browser, db: Session, project: Project) -> str:
    works = f"/fr/tirsal/projects/{project.number}/works/"
    sent = {"title-fr": "Ouverture de la piste", "kind": "works", "planned_on": "2027-04-01"}
    browser.follow(browser.post(works, **sent))
    number = db.scalars(select(Milestone.id)).one()
    db.rollback()
    return f"{works}{number}"


def test_a_step_is_planned_reported_with_a_dated_photo_and_taken_back(
    browser: Browser, db: Session, project: Project
) -> None:
    browser.sign_in(official(db, project))
    step = planned(browser, db, project)
    browser.follow(browser.post(f"{step}/expect", **{"day": "2027-05-13", "reason-fr": "Crue du 3 mars"}))
    assert "Crue du 3 mars" in browser.get(f"/fr/tirsal/projects/{project.number}").text
    done = {"done_on": "2027-04-09", "quantity": "2.1", "unit": "km", "photo_taken_on": "2027-04-08"}
    browser.follow(browser.post(f"{step}/report", **done, photo=photo()))
    page = browser.get(f"/fr/tirsal/projects/{project.number}").text
    assert "Photo du" in page
    assert "<bdi>2,1</bdi> km" in page
    browser.follow(browser.post(f"{step}/undo", **{"reason-fr": "À mesurer de nouveau"}))
    assert "À mesurer de nouveau" in browser.get(f"/fr/tirsal/projects/{project.number}").text


@pytest.mark.parametrize(
    "wrong",
    [{"done_on": "2027-04-13"}, {"quantity": "-1"}, {"unit": ""}, {"photo": (BytesIO(b"<script>"), "photo.png")}],
)
def test_a_report_that_cannot_be_true_is_shown_again(
    browser: Browser, db: Session, project: Project, wrong: dict[str, object]
) -> None:
    browser.sign_in(official(db, project))
    step = planned(browser, db, project)
    done = {"done_on": "2027-04-09", "quantity": "2.1", "unit": "km", "photo_taken_on": "2027-04-08"} | wrong
    answer = browser.post(f"{step}/report", **done)
    assert 'role="alert"' in answer.text
    assert db.scalars(select(Milestone.done_on)).one() is None


def test_a_stranger_and_the_panel_report_nothing(browser: Browser, db: Session, project: Project) -> None:
    browser.sign_in(official(db, project))
    step = planned(browser, db, project)
    stranger = make_person(db)
    db.commit()
    for person_id in (stranger.id, official(db, project, Role.PANEL)):
        browser.sign_in(person_id)
        for page in ("/report", "/expect", "/undo"):
            browser.get(f"{step}{page}", status=403)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_works_speak_three_languages(browser: Browser, db: Session, project: Project, language: str) -> None:
    browser.sign_in(official(db, project))
    step = planned(browser, db, project).replace("/fr/", f"/{language}/")
    for page in ("/report", "/expect", "/undo"):
        assert f'<html lang="{language}"' in browser.get(f"{step}{page}").text
    assert f'<html lang="{language}"' in browser.get(f"{step.rsplit('/', 1)[0]}/").text

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cdp.api.v1.questions import PublicState
from cdp.communes.models import Commune
from cdp.kernel.words import Words
from cdp.people.states import ShownAs
from cdp.proposals.models import BoardCount
from cdp.proposals.states import PUBLIC, ProposalState
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.browser_of_pages import Browser
from tests.factories import keep, make_commune, make_person, make_project, make_proposal, make_round


@pytest.fixture
def commune(db: Session) -> Commune:
    made = make_commune(db, slug="tirsal", name=Words(fr="Tirsal", ar="تيرسال"))
    db.commit()
    return made


def ask(browser: Browser, path: str, *, status: int = 200, **headers: str) -> Any:
    answer = browser.client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    return answer.json


def test_only_communes_that_use_the_tool_are_listed(browser: Browser, db: Session, commune: Commune) -> None:
    make_commune(db, slug="sleeping", opened_on=None)
    db.commit()
    found = ask(browser, "communes")["items"]
    assert [(each["slug"], each["name"]) for each in found] == [("tirsal", {"ar": "تيرسال", "fr": "Tirsal"})]
    ask(browser, "communes/sleeping", status=404)


def test_a_round_says_its_phase_and_its_days(browser: Browser, db: Session, commune: Commune) -> None:
    make_round(db, commune)
    db.commit()
    [found] = ask(browser, "communes/tirsal/rounds")["items"]
    assert found["phase"] == "proposals"
    assert found["first_year"] == 2028
    assert found["phases"][2]["starts_on"] == "2027-04-02"
    assert found["phases"][-1]["ends_on"] is None


def test_drafts_are_never_told_and_cannot_be_asked_for(browser: Browser, db: Session, commune: Commune) -> None:
    round_ = make_round(db, commune)
    shown = make_proposal(db, round_)
    make_proposal(db, round_, state=ProposalState.DRAFT)
    make_proposal(db, round_, state=ProposalState.WITHDRAWN, number=None, submitted_at=None)
    db.commit()
    path = "communes/tirsal/rounds/2028/proposals"
    assert [each["number"] for each in ask(browser, path)["items"]] == [shown.number]
    assert ask(browser, f"{path}?state=withdrawn")["items"] == []
    refused = ask(browser, f"{path}?state=draft", status=422, **{"Accept-Language": "fr"})
    assert refused == {"error": "errors.bad_question", "message": "Cette demande ne se comprend pas\u00a0: state."}


def test_every_public_state_can_be_asked_for_and_no_other() -> None:
    assert [state.value for state in PublicState] == [state.value for state in PUBLIC]


def test_a_list_pages_on(browser: Browser, db: Session, commune: Commune) -> None:
    round_ = make_round(db, commune)
    author = make_person(db).id
    for _ in range(27):
        make_proposal(db, round_, author_id=author)
    db.commit()
    first = ask(browser, "communes/tirsal/rounds/2028/proposals")
    last = ask(browser, "communes/tirsal/rounds/2028/proposals?page=2")
    assert (len(first["items"]), first["next_page"]) == (25, 2)
    assert (len(last["items"]), last["next_page"]) == (2, None)


def test_people_stand_under_the_name_they_chose(browser: Browser, db: Session, commune: Commune) -> None:
    round_ = make_round(db, commune)
    hidden = make_person(db, name="Hidden Author", shown_as=ShownAs.ANONYMOUS, city="Secrettown")
    proposal = make_proposal(db, round_, author_id=hidden.id)
    project = make_project(db, round_, proposal={"author_id": hidden.id})
    for shown_as, name in ((ShownAs.FIRST, "Salma Benali"), (ShownAs.ANONYMOUS, "Nobody Known")):
        person = make_person(db, name=name, email=f"{name[:3].lower()}@secret.example.org", phone="+212600000000")
        keep(
            db,
            Membership(
                commune_id=commune.id, proposal_id=project.proposal_id, person_id=person.id, offer=Offer.HOURS,
                text="mason of Rue Cachée", hours=5, since=date(2027, 1, 1), until=date(2027, 9, 1),
                shown_as=shown_as, city="Gand", joined_at=proposal.submitted_at,
            ),
        )  # fmt: skip
    db.commit()
    paths = ("proposals/" + str(proposal.number), "projects/" + project.number, "rounds/2028/proposals", "projects")
    told = " ".join(browser.client.get(f"/api/v1/communes/tirsal/{path}").text for path in paths)
    for secret in ("Hidden", "Secrettown", "Nobody", "Known", "secret.example.org", "+2126", "person_id"):
        assert secret not in told, secret
    team = ask(browser, f"communes/tirsal/projects/{project.number}")["team"]
    assert sorted((each["name"], each["city"], each["text"]) for each in team if each["name"]) == [
        ("Salma B.", "Gand", "mason of Rue Cachée")
    ]
    assert [(each["city"], each["text"]) for each in team if not each["name"]] == [(None, "")]


def test_one_commune_never_shows_the_things_of_another(browser: Browser, db: Session, commune: Commune) -> None:
    make_round(db, commune)
    elsewhere = make_round(db, make_commune(db, slug="elsewhere"))
    proposal, project = make_proposal(db, elsewhere), make_project(db, elsewhere)
    db.commit()
    ask(browser, f"communes/elsewhere/proposals/{proposal.number}")
    ask(browser, f"communes/tirsal/proposals/{proposal.number}", status=404)
    ask(browser, f"communes/tirsal/projects/{project.number}", status=404)
    assert ask(browser, "communes/tirsal/projects")["items"] == []


def test_any_site_may_read_and_what_has_not_changed_is_not_sent_again(browser: Browser, commune: Commune) -> None:
    client = browser.client
    for coding in ("identity", "br", "gzip"):
        headers = {"Accept-Encoding": coding}
        answer = client.get("/api/v1/communes", headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get("/api/v1/communes", headers=headers | {"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_nothing_can_be_written(browser: Browser, commune: Commune) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(browser.client, method)("/api/v1/communes")
        assert answer.status_code == 405
        assert answer.json["error"] == "errors.not_here"


def test_the_description_names_every_resource_in_openapi_three_one(browser: Browser) -> None:
    described = ask(browser, "openapi.json")
    assert described["openapi"] == "3.1.0"
    assert sorted(described["paths"]) == [
        "/api/v1/communes",
        "/api/v1/communes/{slug}",
        "/api/v1/communes/{slug}/groups",
        "/api/v1/communes/{slug}/money",
        "/api/v1/communes/{slug}/projects",
        "/api/v1/communes/{slug}/projects/{number}",
        "/api/v1/communes/{slug}/proposals/{number}",
        "/api/v1/communes/{slug}/rounds",
        "/api/v1/communes/{slug}/rounds/{year}/proposals",
    ]


def test_the_count_of_a_round_is_that_of_its_board(browser: Browser, db: Session, commune: Commune) -> None:
    round_ = make_round(db, commune)
    for state, count in (("submitted", 3), ("merged", 2)):
        keep(db, BoardCount(commune_id=commune.id, round_id=round_.id, facet="state", value=state, count=count))
    db.commit()
    assert ask(browser, "communes/tirsal/rounds")["items"][0]["proposals"] == 3

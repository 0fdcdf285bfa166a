import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from cdp.communes.queries import find
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.states import Role
from cdp.programme import services
from cdp.programme.models import CouncilAct, Partner, PartnerShare, PlanVersion, Project
from cdp.programme.rules.votes import Vote
from cdp.programme.states import ProjectState
from cdp.proposals.models import Proposal
from cdp.rounds.states import Phase
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_official, make_project, make_round
from tests.programme.rounds import in_phase_of, make_programming

LANGUAGES = ("ar", "fr", "en")
PLAN = "/fr/tirsal/2028/plan"


@pytest.fixture
def first(db: Session) -> Proposal:
    """The best of three proposals of a commune that programmes; its officer is ``officer``."""
    _, proposals, _ = make_programming(db, 400_000, 300_000, 90_000_000, commune=make_commune(db, slug="tirsal"))
    db.commit()
    return proposals[0]


def official(db: Session, role: Role = Role.OFFICER, slug: str = "tirsal") -> int:
    from cdp.communes.queries import find

    person = make_official(db, find(db, slug), role)
    db.commit()
    return person.id


def drafted(db: Session, browser: Browser) -> None:
    browser.sign_in(official(db))
    browser.follow(browser.post(f"{PLAN}/draft", form_at=f"{PLAN}/edit"))
    db.rollback()


def test_before_there_is_a_plan_the_page_says_when_it_comes(browser: Browser, db: Session, first: Proposal) -> None:
    for language in LANGUAGES:
        assert "2028" in browser.get(f"/{language}/tirsal/2028/plan/").text
    assert "Il n’y a pas encore de plan." in browser.get(f"{PLAN}/").text


def test_only_the_office_sees_the_draft(browser: Browser, db: Session, first: Proposal) -> None:
    drafted(db, browser)
    title = first.title["fr"]
    assert title in browser.get(f"{PLAN}/").text
    browser.sign_out()
    assert title not in browser.get(f"{PLAN}/").text
    browser.get(f"{PLAN}/?version=1", status=200)
    browser.sign_in(official(db, Role.FACILITATOR))
    browser.get(f"{PLAN}/edit", status=403)
    make_round(db, make_commune(db, slug="autre"), phase=Phase.PROGRAMMING)
    browser.sign_in(official(db, slug="autre"))
    browser.get(f"{PLAN}/edit", status=403)


def test_from_the_draft_to_the_visa_and_the_published_plan(browser: Browser, db: Session, first: Proposal) -> None:
    drafted(db, browser)
    page = browser.get(f"{PLAN}/edit").text
    assert "Soumettre au conseil" in page
    assert "p-TZ" in page  # the one that finds no money stands below
    decided = browser.post(f"{PLAN}/lines/{first.number}", pin="moved", year="2030", reason="Après l’étude.")
    assert "Décider" in browser.follow(decided).text
    assert "Dites pourquoi" in browser.post(f"{PLAN}/lines/{first.number}", pin="excluded", year="", reason=" ").text
    browser.follow(browser.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit"))
    with in_phase_of(Phase.COUNCIL):
        votes = {"word": "adopt", "on": str(today()), "votes_for": "14", "votes_against": "2", "abstentions": "1"}
        refused = browser.post(f"{PLAN}/1/vote", **(votes | {"votes_for": "40"}))
        assert "43 voix" in refused.text
        assert "17" in refused.text
        browser.follow(browser.post(f"{PLAN}/1/vote", **votes))
        browser.sign_out()
        for language in LANGUAGES:
            for tab in ("year", "source", "place", "versions", "out"):
                text = browser.get(f"/{language}/tirsal/2028/plan/?view={tab}").text
                assert not re.search(r"programme\.\w+\.|VersionState|ActKind|Pin\.", text)
        assert "14" in browser.get(f"{PLAN}/").text
    with in_phase_of(Phase.VISA):
        browser.sign_in(official(db, Role.PRESIDENT))
        given = {"word": "visa", "on": str(today()), "reference": "221/2027", "reason": ""}
        assert "Publier le plan" in browser.follow(browser.post(f"{PLAN}/1/visa", **given)).text
        browser.follow(browser.post(f"{PLAN}/1/publish", form_at=f"{PLAN}/edit"))
        assert "221/2027" in browser.get(f"{PLAN}/?view=versions").text
    db.rollback()
    assert db.scalar(select(func.count()).select_from(CouncilAct)) == 4
    assert db.scalar(select(func.count()).select_from(Project)) == 2


def test_silence_of_the_governor_is_recorded_and_told_apart_from_a_letter(
    browser: Browser, db: Session, first: Proposal
) -> None:
    assert first
    drafted(db, browser)
    browser.follow(browser.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit"))
    assert "ne change plus" in browser.get(f"{PLAN}/lines/{first.number}", status=404).text
    with in_phase_of(Phase.COUNCIL):
        received = today()
        votes = {"word": "adopt", "on": str(received), "votes_for": "14", "votes_against": "2", "abstentions": "1"}
        browser.follow(browser.post(f"{PLAN}/1/vote", **votes))
        early = browser.post(f"{PLAN}/1/silence", form_at=f"{PLAN}/1/visa", received_on=str(received))
        assert "Le silence compte à partir du lendemain" in early.text
    with clock.held_at(received + timedelta(days=21)):
        sent = browser.post(f"{PLAN}/1/silence", form_at=f"{PLAN}/1/visa", received_on=str(received))
        assert "Le visa par silence est noté" in browser.follow(sent).text
        browser.follow(browser.post(f"{PLAN}/1/publish", form_at=f"{PLAN}/edit"))
        for language, said in (("fr", "visa par silence"), ("ar", "تأشيرة بالسكوت"), ("en", "visa by silence")):
            assert said in browser.get(f"/{language}/tirsal/2028/plan/").text
        assert "pas de réponse dans le délai" in browser.get(f"{PLAN}/?view=versions").text


def test_partners_are_noted_by_rows_and_a_broken_rule_is_said(browser: Browser, db: Session, first: Proposal) -> None:
    drafted(db, browser)
    address = f"{PLAN}/shares/{first.number}"
    for language in LANGUAGES:
        browser.get(address.replace("/fr/", f"/{language}/"))
    row = {"source_1": "indh", "party_1": "", "amount_1": "350 000", "sureness_1": "promised"}
    assert "INDH" in browser.post(address, **row, preset="indh_70_30").text
    db.rollback()
    assert db.scalar(select(func.count()).select_from(PartnerShare)) == 0
    lone = browser.post(address, **(row | {"source_1": ""}))
    assert "Un partenaire va avec un montant." in lone.text
    browser.follow(browser.post(address, **(row | {"amount_1": "280 000"}), preset="indh_70_30"))
    db.rollback()
    assert db.scalars(select(PartnerShare.amount_minor)).one() == 28_000_000
    page = browser.get(address).text
    assert "280" in page
    assert re.search(r'<option selected[^>]*value="indh_70_30"|value="indh_70_30" selected', page)


def test_a_partner_read_in_arabic_and_sent_back_is_the_same_partner(
    browser: Browser, db: Session, first: Proposal
) -> None:
    drafted(db, browser)
    address = f"{PLAN}/shares/{first.number}"
    row = {"source_1": "indh", "amount_1": "280 000", "sureness_1": "promised"}
    browser.follow(browser.post(address, **row, party_1="Comité provincial"))
    commune = find(db, "tirsal")
    name = Words(fr="Comité provincial", ar="اللجنة الإقليمية")
    services.name_partner(db, actor_of(db, make_official(db, commune)), commune, "Comité provincial", name)
    db.commit()
    arabic = address.replace("/fr/", "/ar/")
    assert 'value="اللجنة الإقليمية"' in browser.get(arabic).text
    browser.follow(browser.post(arabic, **row, party_1="اللجنة الإقليمية"))
    db.rollback()
    assert db.scalars(select(PartnerShare.party)).all() == ["Comité provincial"]
    assert db.scalar(select(func.count()).select_from(Partner)) == 1
    wide = browser.post(address, **(row | {"amount_1": "280 000", "year_1_2": "270 000"}), preset="")
    assert "non sa part de" in wide.text


def test_who_may_not_gets_no_form_and_no_act(browser: Browser, db: Session, first: Proposal) -> None:
    drafted(db, browser)
    addresses = (
        f"{PLAN}/edit",
        f"{PLAN}/lines/{first.number}",
        f"{PLAN}/shares/{first.number}",
        f"{PLAN}/1/vote",
        f"{PLAN}/1/visa",
    )
    browser.sign_out()
    for address in addresses:
        assert browser.get(address, status=None).status_code == 302
    for role in (Role.FACILITATOR, Role.TREASURER, Role.PANEL, Role.COUNCILLOR):
        browser.sign_in(official(db, role))
        for address in addresses:
            browser.get(address, status=403)


def test_another_communes_number_in_the_address_is_not_found(browser: Browser, db: Session, first: Proposal) -> None:
    drafted(db, browser)
    other = make_programming(db, 100_000, commune=make_commune(db, slug="autre"))[1][0]
    db.commit()
    browser.get(f"{PLAN}/lines/{other.number}", status=404)
    browser.get(f"{PLAN}/shares/{other.number}", status=404)
    browser.get(f"{PLAN}/?version=7", status=404)
    browser.get(f"{PLAN}/?view=nothing", status=404)


def adopted(db: Session) -> None:
    _, proposals, officer = make_programming(db, 400_000, 300_000, commune=make_commune(db, slug="adopted"))
    from cdp.rounds import queries as rounds

    version = services.draft_plan(db, officer, rounds.get(db, proposals[0].round_id))
    services.submit(db, officer, version)
    with in_phase_of(Phase.COUNCIL):
        services.adopt(db, officer, version, Vote(today(), 14, 2, 1))
    db.commit()


def test_the_published_plan_answers_304_until_something_changes(browser: Browser, db: Session) -> None:
    adopted(db)
    with in_phase_of(Phase.COUNCIL):
        page = browser.get("/fr/adopted/2028/plan/")
        known = {"If-None-Match": page.headers["ETag"]}
        assert browser.client.get("/fr/adopted/2028/plan/", headers=known).status_code == 304
        assert browser.client.get("/ar/adopted/2028/plan/", headers=known).status_code == 200
        assert browser.client.get("/fr/adopted/2028/plan/?view=out", headers=known).status_code == 200
        version = db.scalars(select(PlanVersion)).one()
        officer = official(db, slug="adopted")
        from cdp.people.models import Person
        from tests.factories import actor_of

        services.visa(db, actor_of(db, db.get_one(Person, officer)), version, on=today(), reference="1")
        db.commit()
        assert browser.client.get("/fr/adopted/2028/plan/", headers=known).status_code == 200


def test_the_projects_are_listed_by_state_and_sector_in_three_languages(browser: Browser, db: Session) -> None:
    commune = make_commune(db, slug="tirsal")
    round_ = make_round(db, commune, phase=Phase.DELIVERY)
    works = make_project(db, round_, state=ProjectState.WORKS)
    make_project(db, round_, proposal={"sector": "roads"})
    other = make_project(db, make_round(db, make_commune(db)))
    db.commit()
    for language in LANGUAGES:
        browser.get(f"/{language}/tirsal/projects/")
    page = browser.get("/fr/tirsal/projects/").text
    assert "2 projets" in page
    assert other.number not in page
    chosen = browser.get("/fr/tirsal/projects/?state=works").text
    assert works.number in chosen
    assert chosen.count("item__title") == 1
    assert "Aucun projet" in browser.get("/fr/tirsal/projects/?state=works&sector=roads").text
    browser.get("/fr/tirsal/projects/?state=nothing&page=-4")


def test_the_list_of_projects_and_the_plan_take_few_statements(browser: Browser, db: Session) -> None:
    adopted(db)
    round_ = make_round(db, make_commune(db, slug="tirsal"), phase=Phase.DELIVERY)
    for _ in range(30):
        make_project(db, round_)
    db.commit()
    seen: list[str] = []
    engine = browser.app.extensions["store"].engine
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    for address, most in (("/fr/tirsal/projects/", 12), ("/fr/adopted/2028/plan/", 12)):
        browser.get(address)
        seen.clear()
        browser.get(address)
        assert len(seen) <= most, seen


def test_a_plan_of_another_day_is_not_taken_for_todays(browser: Browser, db: Session) -> None:
    adopted(db)
    with in_phase_of(Phase.COUNCIL):
        tag = browser.get("/fr/adopted/2028/plan/").headers["ETag"]
        with clock.held_at(today() + timedelta(days=1)):
            assert browser.get("/fr/adopted/2028/plan/").headers["ETag"] != tag

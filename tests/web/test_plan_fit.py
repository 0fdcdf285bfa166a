"""The pages around the fit: the search for the best, conditions, scenarios, why not, what would you cut."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.jobs import fits
from cdp.people.states import Role
from cdp.programme.models import FitRun, PlanTerms, PlanVersion, ProjectTerms, Scenario
from cdp.proposals.models import Proposal
from cdp.store.engine import Store
from tests.browser_of_pages import Browser
from tests.factories import make_commune, make_official
from tests.programme.rounds import make_programming

LANGUAGES = ("ar", "fr", "en")
PLAN = "/fr/tirsal/2028/plan"


@pytest.fixture
def asked(db: Session) -> list[Proposal]:
    """Three proposals of a commune that programmes, the last too dear."""
    _, proposals, _ = make_programming(db, 400_000, 300_000, 90_000_000, commune=make_commune(db, slug="tirsal"))
    db.commit()
    return proposals


def official(db: Session, role: Role = Role.OFFICER) -> int:
    from cdp.communes.queries import find

    person = make_official(db, find(db, "tirsal"), role)
    db.commit()
    return person.id


@pytest.fixture
def office(db: Session, browser: Browser, asked: list[Proposal]) -> Browser:
    """The office after the first draft."""
    browser.sign_in(official(db))
    browser.follow(browser.post(f"{PLAN}/draft", form_at=f"{PLAN}/edit"))
    db.rollback()
    return browser


def test_the_best_programme_is_asked_for_searched_shown_and_taken(office: Browser, db: Session, store: Store) -> None:
    sent = office.post(f"{PLAN}/best/ask", form_at=f"{PLAN}/best/", kind="best", seconds="10", form_key="k1")
    waiting = office.get(sent.location)
    assert waiting.headers["Refresh"] == "3"
    assert "En attente" in waiting.text
    db.rollback()
    fits.find_best(store)
    for language in LANGUAGES:
        page = office.get(f"/{language}/tirsal/2028/plan/best/")
        assert "Refresh" not in page.headers
    assert "Prouvé le meilleur" in office.get(f"{PLAN}/best/").text
    run = db.scalars(select(FitRun)).one()
    late = office.post(f"{PLAN}/best/{run.id}/cancel", form_at=f"{PLAN}/best/")
    assert "était déjà finie" in office.follow(late).text
    taken = office.follow(office.post(f"{PLAN}/best/{run.id}/take", form_at=f"{PLAN}/best/"))
    assert "Repris dans le projet de plan" in taken.text
    db.rollback()
    assert db.scalars(select(PlanVersion.bound)).one() is not None
    assert "meilleur programme trouvé" in office.get(f"{PLAN}/edit").text
    assert "que celui-ci est le meilleur" in office.get(f"{PLAN}/").text
    office.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit")
    assert f"{PLAN}/best/ask" not in office.get(f"{PLAN}/best/").text


def test_a_search_is_stopped_and_a_second_one_waits_its_turn(office: Browser, db: Session) -> None:
    office.post(f"{PLAN}/best/ask", form_at=f"{PLAN}/best/", kind="least", seconds="10", form_key="k1")
    db.rollback()
    run = db.scalars(select(FitRun)).one()
    assert "arrêtée" in office.follow(office.post(f"{PLAN}/best/{run.id}/cancel", form_at=f"{PLAN}/best/")).text
    assert "Arrêté" in office.get(f"{PLAN}/best/").text


def test_conditions_of_the_plan_and_of_a_project_are_noted(office: Browser, db: Session, asked: list[Proposal]) -> None:
    number = asked[0].number
    page = office.post(
        f"{PLAN}/conditions/", counted="signed", price_rise="2", staff_1="1", key_1="sector:water", most_1="90"
    )
    assert page.status_code == 302
    page = office.post(
        f"{PLAN}/conditions/{number}", earliest="2030", duration="2", after=asked[1].number or "", running="1000"
    )
    assert page.status_code == 302
    db.rollback()
    terms = db.scalars(select(PlanTerms.terms)).one()
    assert (terms["price_rise"], terms["counted"]) == (200, "signed")
    assert terms["capacity"] == [{"year": 2028, "units": 1}]
    own = db.scalars(select(ProjectTerms.terms)).one()
    assert (own["earliest"], own["duration"], own["after"]) == (2030, 2, [asked[1].number])
    assert own["running"] == [{"source": "own", "amount": 100_000}]
    for language in LANGUAGES:
        assert 'value="2030" selected' in office.get(f"/{language}/tirsal/2028/plan/conditions/{number}").text.replace(
            'selected value="2030"', 'value="2030" selected'
        )
        office.get(f"/{language}/tirsal/2028/plan/conditions/")
    wrong = office.post(f"{PLAN}/conditions/{number}", after="TZ-2028-9999")
    assert wrong.status_code == 200
    assert "TZ-2028-9999" in wrong.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key_1": "sector:water"}, "dit pour quoi il vaut, et combien"),
        ({"least_1": "30"}, "dit pour quoi il vaut, et combien"),
        ({"exclusion_1": "FIRST"}, "au moins deux projets"),
        ({"phases_1": "FIRST"}, "au moins deux projets"),
        ({"exclusion_1": "FIRST TZ-2028-9999"}, "ne connaît pas de projet portant ce numéro"),
    ],
)
def test_half_a_condition_of_the_plan_is_refused_and_nothing_is_noted(
    office: Browser, db: Session, asked: list[Proposal], given: dict[str, str], said: str
) -> None:
    first = {name: text.replace("FIRST", asked[0].number or "") for name, text in given.items()}
    page = office.post(f"{PLAN}/conditions/", counted="expected", **first)
    assert page.status_code == 200
    assert said in page.text
    db.rollback()
    assert not db.scalars(select(PlanTerms)).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"waiting": "own"}, "Choisissez les deux"),
        ({"signer": "indh"}, "Choisissez les deux"),
        ({"otherwise": "indh"}, "Choisissez les deux"),
        ({"waiting": "own", "signer": "own"}, "un autre partenaire"),
        ({"waiting": "region", "signer": "own"}, "Notez d’abord sa part"),
        ({"earliest": "2031", "latest": "2029"}, "il ne reste aucune année"),
    ],
)
def test_half_a_condition_of_a_project_is_refused_and_nothing_is_noted(
    office: Browser, db: Session, asked: list[Proposal], given: dict[str, str], said: str
) -> None:
    page = office.post(f"{PLAN}/conditions/{asked[0].number}", **given)
    assert page.status_code == 200
    assert said in page.text
    db.rollback()
    assert not db.scalars(select(ProjectTerms)).all()


def test_what_a_project_takes_of_the_plan_is_the_sum_of_its_years(
    office: Browser, db: Session, asked: list[Proposal]
) -> None:
    office.post(f"{PLAN}/conditions/{asked[0].number}", running="10000")
    office.post(f"{PLAN}/draft", form_at=f"{PLAN}/edit")
    page = office.get(f"{PLAN}/?whole=1").text
    row = page.partition(f"/proposals/{asked[0].number}")[2].partition("</tr>")[0]
    figures = [float(text.replace(",", ".")) for text in re.findall(r">([\d,]+)</(?:bdi|b)>", row)]
    assert figures[-1] == sum(figures[:-1]) > 400
    assert "faire fonctionner un projet après ses travaux" in page


def test_before_there_is_a_version_its_pages_lead_to_the_plan(browser: Browser, asked: list[Proposal]) -> None:
    for address in ("versions/", f"why/{asked[0].number}"):
        assert browser.get(f"{PLAN}/{address}", status=302).location == f"{PLAN}/"


def test_a_draft_made_before_its_conditions_changed_says_so_until_it_is_made_anew(office: Browser) -> None:
    assert "ont changé depuis" not in office.get(f"{PLAN}/edit").text
    office.post(f"{PLAN}/conditions/", counted="expected", price_rise="3")
    assert "ont changé depuis" in office.get(f"{PLAN}/edit").text
    office.post(f"{PLAN}/draft", form_at=f"{PLAN}/edit")
    assert "ont changé depuis" not in office.get(f"{PLAN}/edit").text


def test_one_version_alone_is_not_compared_with_itself(office: Browser) -> None:
    page = office.get(f"{PLAN}/versions/").text
    assert "encore qu’une version" in page
    assert "de la version 1 à la version 1" not in page


def test_scenarios_stand_side_by_side_and_are_published(office: Browser, db: Session, asked: list[Proposal]) -> None:
    first = asked[0]
    for key, name, values in (("k1", "Moins", {"money_own": "-50"}), ("k2", "Sans lui", {"out": first.number or ""})):
        page = office.post(f"{PLAN}/scenarios/new", name=name, form_key=key, **values)
        assert page.status_code == 302
    for language in LANGUAGES:
        page = office.get(f"/{language}/tirsal/2028/plan/scenarios/")
        assert "Sans lui" in page.text
    page = office.get(f"{PLAN}/scenarios/").text
    assert "N’est plus dans le plan" in page
    assert first.title["fr"] in page
    db.rollback()
    office.sign_out()
    assert "Sans lui" not in office.get(f"{PLAN}/scenarios/").text
    office.sign_in(official(db))
    scenario = db.scalars(select(Scenario.id).where(Scenario.name == "Sans lui")).one()
    office.post(f"{PLAN}/scenarios/{scenario}/publish", form_at=f"{PLAN}/scenarios/")
    office.sign_out()
    assert "Sans lui" in office.get(f"{PLAN}/scenarios/").text


def test_the_best_of_a_scenario_is_asked_for_and_shown_beside_the_plan(
    office: Browser, db: Session, store: Store
) -> None:
    office.post(f"{PLAN}/scenarios/new", name="Moins", form_key="k1", money_own="-50")
    db.rollback()
    scenario = db.scalars(select(Scenario.id)).one()
    assert "par rang" in office.get(f"{PLAN}/scenarios/").text
    waiting = office.get(office.post(f"{PLAN}/scenarios/{scenario}/best", form_at=f"{PLAN}/scenarios/").location)
    assert waiting.headers["Refresh"] == "5"
    assert "Arrêter la recherche" in waiting.text
    office.post(f"{PLAN}/scenarios/{scenario}/stop", form_at=f"{PLAN}/scenarios/")
    office.post(f"{PLAN}/scenarios/{scenario}/best", form_at=f"{PLAN}/scenarios/")
    db.rollback()
    fits.find_best(store)
    for language, words in (("fr", "prouvé le meilleur"), ("ar", "ثبت أنه الأفضل"), ("en", "proven the best")):
        page = office.get(f"/{language}/tirsal/2028/plan/scenarios/")
        assert "Refresh" not in page.headers
        assert words in page.text


def test_anyone_tries_what_they_would_cut_and_nothing_is_kept(
    office: Browser, db: Session, asked: list[Proposal]
) -> None:
    office.follow(office.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit"))
    office.sign_out()
    first = asked[0]
    for language in LANGUAGES:
        assert "<form" in office.get(f"/{language}/tirsal/2028/plan/try/").text
    page = office.get(f"{PLAN}/try/?cut={first.number}&money_own=-20")
    assert page.headers["Cache-Control"] == "no-store"
    assert "N’est plus dans le plan" in page.text
    assert re.search(rf'value="{first.number}" checked', page.text)
    dear = office.get(f"{PLAN}/try/?add={asked[2].number}").text.partition('id="outcome"')[2].partition("<form")[0]
    assert "pas de place pour ces projets" in dear
    assert asked[2].title["fr"] in dear
    assert "ne tiendrait plus" not in dear
    office.get(f"{PLAN}/try/?cut=nobody&money_own=much&money_moon=3&add=x", status=200)
    db.rollback()
    assert db.scalars(select(Scenario)).all() == []


def test_a_draft_is_not_tried_by_the_public(office: Browser) -> None:
    office.sign_out()
    assert "pas encore de plan" in office.get(f"{PLAN}/try/").text


def test_trying_is_bounded(office: Browser) -> None:
    office.follow(office.post(f"{PLAN}/1/submit", form_at=f"{PLAN}/edit"))
    office.sign_out()
    answers = {office.get(f"{PLAN}/try/?money_own=-10", status=None).status_code for _ in range(41)}
    assert answers == {200, 429}


def test_why_not_names_the_condition_and_each_year(office: Browser, asked: list[Proposal]) -> None:
    dear = asked[2]
    for language in LANGUAGES:
        office.get(f"/{language}/tirsal/2028/plan/why/{dear.number}")
    page = office.get(f"{PLAN}/why/{dear.number}").text
    assert "La condition qui bloque" in page
    assert "Il faudrait" in page
    assert "Commune" in page or "commune" in page
    assert "dans le plan" in office.get(f"{PLAN}/why/{asked[0].number}").text
    office.sign_out()
    assert office.get(f"{PLAN}/why/{dear.number}", status=302).location == f"{PLAN}/"


def test_two_versions_differ_in_words_and_money(office: Browser, db: Session) -> None:
    for language in LANGUAGES:
        page = office.get(f"/{language}/tirsal/2028/plan/versions/?before=1&after=1")
        assert "2028" in page.text
        assert "<bdi>own</bdi>" not in page.text, "a source says its name, not its key"
    office.get(f"{PLAN}/versions/?before=1&after=9", status=404)


def test_only_the_office_of_the_commune_sees_searches_and_conditions(office: Browser, db: Session) -> None:
    office.sign_in(official(db, Role.TREASURER))
    for page in ("best/", "conditions/", "scenarios/new"):
        office.get(f"{PLAN}/{page}", status=403)

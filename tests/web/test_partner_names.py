"""A partner is named once by the office, and read by everybody in the language of the page."""

import pytest
from sqlalchemy.orm import Session

from cdp.funding.services import treasury
from cdp.funding.services.treasury import Signed
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.programme.queries import partners
from cdp.rounds.states import Source
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene

ARABIC, FRENCH = "وكالة الحوض المائي", "Agence du bassin"


@pytest.fixture
def scene(browser: Browser, db: Session) -> Scene:
    made = make_scene(db)
    for position, party in enumerate((FRENCH, "ONG Eau")):
        signed = Signed(Source.AGENCY, party, 90_000_00, today(), f"C-{position}")
        treasury.sign(db, made.treasurer, made.project, signed, key=party)
    db.commit()
    browser.sign_in(made.treasurer.known())
    return made


def address_of(db: Session, scene: Scene, language: str) -> str:
    (row, _other) = partners.partners(db, scene.commune.id)
    return f"/{language}/tirsal/treasury/partners/{row.id}"


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_partners_are_listed_with_what_is_missing(browser: Browser, scene: Scene, language: str) -> None:
    page = browser.get(f"/{language}/tirsal/treasury/partners/").text
    assert f'lang="fr" dir="ltr">{FRENCH}</span>' in page
    assert page.count('<p class="quiet" lang="ar" dir="rtl">العربية · —</p>') == 2
    assert page.count('<p class="quiet" lang="en" dir="ltr">English · —</p>') == 2
    assert f"/{language}/tirsal/treasury/partners/" in browser.get(f"/{language}/tirsal/treasury/").text


def test_a_name_in_another_language_is_read_at_once_and_the_fallback_says_what_it_is(
    browser: Browser, db: Session, scene: Scene
) -> None:
    project = f"/ar/tirsal/projects/{scene.project.number}"
    assert f'<span class="otherwise" lang="fr" dir="ltr">{FRENCH}</span>' in browser.get(project).text
    db.rollback()
    named = browser.post(address_of(db, scene, "fr"), **{"name-fr": FRENCH, "name-ar": ARABIC})
    assert ARABIC in browser.follow(named).text
    for path in ("projects/{}", "treasury/projects/{}", "treasury/agreements", "treasury/projects/{}/receipt"):
        page = browser.get("/ar/tirsal/" + path.format(scene.project.number)).text
        assert ARABIC in page, path
        assert FRENCH not in page, path
    assert f'<span lang="ar" dir="rtl">{ARABIC}</span>' in browser.get(project).text
    assert FRENCH in browser.get(project.replace("/ar/", "/fr/")).text


def test_no_name_and_a_name_that_means_another_are_said_at_the_field(
    browser: Browser, db: Session, scene: Scene
) -> None:
    address = address_of(db, scene, "fr")
    assert "Écrivez ceci dans au moins une langue." in browser.post(address, **{"name-fr": " "}).text
    taken = browser.post(address, **{"name-fr": FRENCH, "name-en": "ong eau"}).text
    assert "désigne déjà un autre partenaire" in taken
    assert 'value="ong eau"' in taken
    browser.post(address, **{"name-fr": "x" * 121}, status=200)
    db.rollback()
    assert partners.partner_names(db, scene.commune.id)[FRENCH] == Words(fr=FRENCH)


def test_forms_offer_the_names_of_the_reader_s_language(browser: Browser, db: Session, scene: Scene) -> None:
    browser.follow(browser.post(address_of(db, scene, "ar"), **{"name-ar": ARABIC}))
    for path in ("agreement", "agreed", "match"):
        page = browser.get(f"/ar/tirsal/treasury/projects/{scene.project.number}/{path}").text
        assert f'<option value="{ARABIC}">' in page, path
        assert 'list="partners"' in page, path

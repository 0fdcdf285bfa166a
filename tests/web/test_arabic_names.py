"""In Arabic a person is shown under the name they gave in Arabic letters, as much of it as they chose."""

import pytest
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.queries.dossier import dossier
from cdp.kernel.clock import today
from cdp.people.states import ShownAs
from tests.browser_of_pages import Browser
from tests.factories import make_proposal, make_resident, make_round
from tests.funding.money_scene import Scene, join, make_scene, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    made = make_scene(db)
    made.person.name, made.person.name_ar = "Salma Benali", "سلمى بنعلي"
    return made


def test_the_team_of_a_project_is_named_in_the_letters_of_the_page(browser: Browser, db: Session, scene: Scene) -> None:
    other = make_resident(db, scene.commune, name="Idir Ouali")
    join(db, scene.project, other)
    db.commit()
    at = f"tirsal/projects/{scene.project.number}"
    arabic, french = browser.get(f"/ar/{at}").text, browser.get(f"/fr/{at}").text
    assert "سلمى ب." in arabic
    assert "Salma" not in arabic
    assert "Idir O." in arabic, "who gave no name in Arabic letters keeps the other one"
    assert "Salma B." in french
    assert "سلمى" not in french


def test_the_board_names_who_asks_in_the_letters_of_the_page(browser: Browser, db: Session) -> None:
    round_ = make_round(db)
    commune = db.get_one(Commune, round_.commune_id)
    author = make_resident(db, commune, name="Salma Benali", name_ar="سلمى بنعلي", shown_as=ShownAs.FULL)
    made = make_proposal(db, round_, author_id=author.id)
    hidden = make_resident(db, commune, name="Idir Ouali", name_ar="إدير والي", shown_as=ShownAs.ANONYMOUS)
    make_proposal(db, round_, author_id=hidden.id)
    db.commit()
    for page in ("2028/proposals", f"proposals/{made.number}"):
        for _ in range(2):
            arabic, french = (browser.get(f"/{lang}/{commune.slug}/{page}").text for lang in ("ar", "fr"))
            assert ("سلمى بنعلي" in arabic, "Salma" in arabic) == (True, False), page
            assert ("Salma Benali" in french, "سلمى" in french) == (True, False), page
            assert not any(name in arabic + french for name in ("إدير", "Idir")), page


def test_a_promise_carries_both_names_of_its_giver(db: Session, scene: Scene) -> None:
    pledged(db, scene)
    (giver,) = dossier(db, scene.project, today()).givers.named
    assert (giver.name["ar"], giver.name["fr"]) == ("سلمى ب.", "Salma B.")

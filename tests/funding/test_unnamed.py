"""A promise shown without a name names nobody, be it a person's or a group's."""

import pytest
from sqlalchemy.orm import Session

from cdp.funding.queries.dossier import dossier
from cdp.funding.services import promises
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.states import ShownAs
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_group, make_resident
from tests.funding.money_scene import Scene, make_scene, promise

NAME = "Cercle Zyxwvut"


@pytest.fixture
def scene(db: Session) -> Scene:
    return make_scene(db)


def promised_by_a_group(db: Session, scene: Scene, shown_as: ShownAs) -> None:
    group = make_group(db, scene.commune, scene.person, make_resident(db, scene.commune), name=Words(fr=NAME))
    given = promise(300_000, "MAD", shown_as=shown_as, group_id=group.id)
    promises.pledge(db, actor_of(db, scene.person), scene.project, given, key="g")


def test_a_group_that_promises_unnamed_is_named_on_no_page(browser: Browser, db: Session, scene: Scene) -> None:
    promised_by_a_group(db, scene, ShownAs.ANONYMOUS)
    db.commit()
    shown = dossier(db, scene.project, today()).givers
    assert (shown.named, shown.unnamed) == ((), None)
    for page in (f"projects/{scene.project.number}", "accounts/"):
        for language in ("ar", "fr", "en"):
            assert "Zyxwvut" not in browser.get(f"/{language}/tirsal/{page}").text


@pytest.mark.parametrize("shown_as", [ShownAs.FULL, ShownAs.FIRST])
def test_a_group_that_promises_under_its_name_is_named_and_who_spoke_for_it_is_not(
    db: Session, scene: Scene, shown_as: ShownAs
) -> None:
    promised_by_a_group(db, scene, shown_as)
    (giver,) = dossier(db, scene.project, today()).givers.named
    assert giver.name == Words(fr=NAME)

"""A promise shown without a name names nobody, be it a person's or a group's."""

import pytest
from sqlalchemy.orm import Session

from cdp.funding.queries.dossier import dossier
from cdp.funding.services import promises
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.states import ShownAs
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_group, make_person, make_resident
from tests.funding.money_scene import Scene, join, make_scene, promise

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


@pytest.mark.parametrize(("last", "counted"), [(ShownAs.FULL, 6), (ShownAs.ANONYMOUS, 0)])
def test_where_few_are_unnamed_no_number_beside_the_names_tells_that_there_are_some(
    browser: Browser, db: Session, scene: Scene, last: ShownAs, counted: int
) -> None:
    for place in range(6):
        person = make_person(db, name=f"Giver Number{place}")
        join(db, scene.project, person)
        given = promise(10_000, "MAD", shown_as=ShownAs.FULL if place else last)
        promises.pledge(db, actor_of(db, person), scene.project, given, key=str(place))
    db.commit()
    (row,) = dossier(db, scene.project, today()).sheet.rows
    assert row.givers == counted
    at = "/api/v1/communes/tirsal/projects"
    one, listed = browser.get(f"{at}/{scene.project.number}").json, browser.get(at).json
    assert one is not None
    assert listed is not None
    assert {row["givers"] for row in one["money"]["rows"]} == {counted}
    assert {row["givers"] for each in listed["items"] for row in each["money"]["rows"]} == {counted}
    assert ("(<bdi>6</bdi>)" in browser.get(f"/en/tirsal/projects/{scene.project.number}").text) is bool(counted)

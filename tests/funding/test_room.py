import pytest
from sqlalchemy.orm import Session

from cdp.funding.services import promises, room
from cdp.funding.states import OverFunding
from cdp.kernel.errors import Refused, RuleBroken
from cdp.kernel.money import Money
from tests.browser_of_pages import Browser
from tests.funding.money_scene import Scene, make_scene, pledged


@pytest.fixture
def scene(db: Session) -> Scene:
    made = make_scene(db)
    made.project.cost_minor = 100_000
    return made


def test_a_project_that_stops_takes_the_last_dirham_and_not_one_more(db: Session, scene: Scene) -> None:
    room.choose(db, scene.treasurer, scene.project, OverFunding.STOP)
    pledged(db, scene, "a", unit="MAD", amount=60_000)
    with pytest.raises(RuleBroken, match="target_reached") as refused:
        pledged(db, scene, "b", unit="MAD", amount=40_001)
    assert refused.value.message.values["left"] == Money(40_000)
    with pytest.raises(RuleBroken, match="target_reached"):
        pledged(db, scene, "c", amount=4_000)
    pledged(db, scene, "d", unit="MAD", amount=40_000)
    pledged(db, scene, "e", unit="H", amount=600)


def test_a_promise_withdrawn_makes_room_and_a_raised_cost_opens_again(db: Session, scene: Scene) -> None:
    room.choose(db, scene.treasurer, scene.project, OverFunding.STOP)
    first = pledged(db, scene, "a", unit="MAD", amount=100_000)
    promises.withdraw(db, scene.member, first)
    pledged(db, scene, "b", unit="MAD", amount=100_000)
    with pytest.raises(RuleBroken, match="target_reached"):
        pledged(db, scene, "c", unit="MAD", amount=1)
    scene.project.cost_minor = 100_001
    pledged(db, scene, "d", unit="MAD", amount=1)


def test_the_rule_is_chosen_before_the_first_promise_by_the_treasurer_alone(db: Session, scene: Scene) -> None:
    for who in (scene.member, scene.officer, scene.president):
        with pytest.raises(Refused):
            room.choose(db, who, scene.project, OverFunding.STOP)
    room.choose(db, scene.treasurer, scene.project, OverFunding.RESERVE)
    room.choose(db, scene.treasurer, scene.project, OverFunding.ACCEPT)
    pledged(db, scene, "a", unit="MAD", amount=100_001)
    with pytest.raises(RuleBroken, match="first_promise"):
        room.choose(db, scene.treasurer, scene.project, OverFunding.STOP)


def test_givers_read_the_rule_before_they_promise(browser: Browser, db: Session, scene: Scene) -> None:
    db.commit()
    browser.sign_in(scene.treasurer.known())
    at = f"/fr/tirsal/treasury/projects/{scene.project.number}"
    browser.follow(browser.post(f"{at}/rule", over_funding="stop"))
    browser.sign_in(scene.member.known())
    assert "aucune promesse au-delà" in browser.get(f"/fr/tirsal/projects/{scene.project.number}/promise").text

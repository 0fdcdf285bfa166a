"""Promises in a real browser: from abroad under a condition, a village's on paper, a giver nobody sees."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import delete, select

from cdp.funding.models import Pledge
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Signed
from cdp.people.states import Role
from cdp.rounds.states import Source
from cdp.teams.models import Membership
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.factories import make_group, make_official, make_resident
from tests.funding.money_scene import Scene, make_scene

Build = Callable[..., House]
Visit = Callable[[House], Visitor]
DAY = date(2027, 4, 12)


def _housed(new_house: Build) -> House:
    house = new_house()
    house.live_on(DAY)
    return house


def _promises(visitor: Visitor, scene: Scene, condition: str, name: str) -> None:
    """The three steps of a promise of 500 euros."""
    visitor.opens(f"/tirsal/projects/{scene.project.number}/promise")
    visitor.writes("I promise", "500")
    visitor.main.locator('[name="currency"]').select_option("EUR")
    visitor.presses("Go on")
    visitor.ticks(condition)
    visitor.presses("Go on")
    visitor.main.locator('[name="shown_as"]').select_option(name)
    visitor.presses("I confirm my promise")
    visitor.sees("Your promise is written down")


def walk_13_a_promise_from_abroad_waits_for_the_commune(new_house: Build, visit: Visit) -> None:
    house = _housed(new_house)
    with house.db() as db:
        scene = make_scene(db)
        db.commit()
    visitor = visit(house)
    visitor.is_now(scene.person.id)
    _promises(visitor, scene, "ConditionKind.commune_signs", "first")
    visitor.opens("/me/promises")
    visitor.sees("PledgeStatus.waiting")
    visitor.sees("if the commune signs its share")
    visitor.opens(f"/tirsal/projects/{scene.project.number}")
    visitor.sees("Promises under a condition")
    visitor.sees("waits")
    with house.db() as db:
        signed = Signed(Source.OWN, "", 1_000_000, date(2027, 3, 3), "DEL 4")
        treasury.sign(db, scene.treasurer, db.merge(scene.project), signed, key="s")
        db.commit()
    visitor.opens("/me/promises")
    visitor.sees("PledgeStatus.promised")
    visitor.follows("Change this promise")
    visitor.writes("I promise", "350")
    visitor.presses("Keep the change")
    assert "350" in visitor.reads()


def walk_14_a_village_promises_on_paper(new_house: Build, visit: Visit) -> None:
    house = _housed(new_house)
    with house.db() as db:
        scene = make_scene(db)
        facilitator = make_official(db, scene.commune, Role.FACILITATOR)
        keeper = make_resident(db, scene.commune, name="Itto Nait")
        make_group(db, scene.commune, keeper, make_resident(db, scene.commune))
        db.commit()
    visitor = visit(house)
    visitor.is_now(scene.officer.person_id)
    visitor.opens(f"/tirsal/paper-promises/projects/{scene.project.number}")
    visitor.main.locator('[name="whose"]').select_option(index=0)
    visitor.writes("Lines on the paper", "2")
    visitor.writes("Total, added up on the spot", "200")
    visitor.writes("Without a scan: why?", "No telephone in the village")
    visitor.presses("Begin the batch")
    batch = visitor.page.url
    visitor.main.locator('[name="lines"]').fill("Fatima Ait ; 250\nx ; no signature")
    visitor.presses("Keep my reading")
    assert "250" in visitor.reads()
    visitor.main.locator('[name="lines"]').fill("Fatima Ait ; 200\nx ; no signature")
    visitor.presses("Keep my reading")
    visitor.sees("You have read it. A second person reads it now.")
    visitor.is_now(facilitator.id)
    visitor.page.goto(batch)
    visitor.main.locator('[name="lines"]').fill("Fatima Ait ; 200\nx ; no signature")
    visitor.presses("Keep my reading")
    visitor.sees("Lines that do not count")
    with house.db() as db:
        made = db.scalars(select(Pledge)).one()
    visitor.is_now(made.person_id)
    visitor.opens(f"/tirsal/paper-promises/shares/{made.id}")
    assert "Fatima Ait" in visitor.reads()
    visitor.sees("not yet given")
    visitor.presses("Has given today")
    visitor.sees("given")
    visitor.is_now(scene.treasurer.person_id)
    visitor.opens(f"/tirsal/paper-promises/shares/{made.id}")
    assert "Fatima Ait" in visitor.reads()
    assert visitor.main.locator("form").count() == 0


def _joins(visitor: Visitor, scene: Scene, shown: str) -> None:
    """The office invites; the member takes it up under a name, or none."""
    visitor.is_now(scene.officer.person_id)
    visitor.opens(f"/tirsal/projects/{scene.project.number}/invite")
    visitor.writes("Whom do you invite?", "Salma")
    visitor.presses("Make the invitation")
    link = visitor.main.locator("a.break-anywhere").get_attribute("href")
    assert link
    visitor.is_now(scene.person.id)
    visitor.opens("/" + link.split("/", 4)[4])
    visitor.follows("Join this project")
    visitor.ticks("Offer.hours")
    visitor.writes("How many hours?", "12")
    visitor.ticks(shown)
    visitor.presses("Join")
    visitor.sees("Your part in this project")


def walk_15_a_giver_without_a_name_joins_later_and_stays_unseen(new_house: Build, visit: Visit) -> None:
    house = _housed(new_house)
    with house.db() as db:
        scene = make_scene(db)
        db.execute(delete(Membership))
        db.commit()
    visitor = visit(house)
    _joins(visitor, scene, "ShownAs.anonymous")
    _promises(visitor, scene, "ConditionKind.none", "secret")
    visitor.opens("/me/promises")
    visitor.sees("Secret: only the treasurer knows that it is yours.")
    visitor.opens(f"/tirsal/projects/{scene.project.number}/room")
    visitor.follows("Leave the project")
    visitor.presses("Leave today")
    house.live_on(DAY + timedelta(days=1))
    _joins(visitor, scene, "ShownAs.full")
    visitor.is_now(None)
    visitor.opens(f"/tirsal/projects/{scene.project.number}")
    assert "Salma Benali" in visitor.reads("section:has(#team)")
    assert "Salma Benali" not in visitor.reads("section:has(#money)")
    for who, sees in ((scene.officer, False), (scene.treasurer, True)):
        visitor.is_now(who.person_id)
        visitor.opens(f"/tirsal/treasury/projects/{scene.project.number}")
        assert ("Salma Benali" in visitor.reads()) is sees


STORIES = (
    walk_13_a_promise_from_abroad_waits_for_the_commune,
    walk_14_a_village_promises_on_paper,
    walk_15_a_giver_without_a_name_joins_later_and_stays_unseen,
)

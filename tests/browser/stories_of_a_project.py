"""Walks 6 to 9 as stories: the plan, who joins and promises, what comes in, what is built."""

from datetime import timedelta

from cdp.kernel.clock import today
from tests.browser.scene import tirsal
from tests.browser.stories_of_a_round import WORDS, Build, Visit


def walk_7_a_person_abroad_joins_one_project_until_a_day(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visit(house)
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/projects/{scene.project}/invite")
    visitor.writes("Whom do you invite?", "Salma")
    visitor.writes("Can be taken up until", str(today() + timedelta(days=20)))
    visitor.presses("Make the invitation")
    link = visitor.main.locator("a.break-anywhere").get_attribute("href")
    assert visitor.main.locator("img.qr").is_visible()
    assert link

    visitor.is_now(scene.people["diaspora"])
    visitor.opens("/" + link.split("/", 4)[4])
    visitor.follows("Join this project")
    last = today() + timedelta(days=60)
    visitor.ticks("Offer.hours")
    visitor.writes("How many hours?", "12")
    visitor.writes("I take part until", str(last))
    visitor.ticks("ShownAs.first")
    visitor.presses("Join")
    visitor.sees("Your part in this project")
    visitor.writes("Write to the team", WORDS[visitor.language]["hello"])
    visitor.presses("Send to the team")
    visitor.sees(WORDS[visitor.language]["hello"])

    house.live_on(last)
    visitor.opens(f"/tirsal/projects/{scene.project}/room")
    visitor.sees("Your part in this project")
    house.live_on(last + timedelta(days=1))
    visitor.opens(f"/tirsal/projects/{scene.project}/room")
    visitor.is_told(403)


STORIES = (walk_7_a_person_abroad_joins_one_project_until_a_day,)

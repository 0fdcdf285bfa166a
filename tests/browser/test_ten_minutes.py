"""A visitor from far away has ten minutes and a phone: from the link of an invitation to a promise, in few pages."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from cdp.kernel.clock import today
from tests.browser.house import House
from tests.browser.scene import tirsal
from tests.browser.visitor import Visitor
from tests.browser.window import PHONE

PAGES = 7
"""The invitation, joining, the team's room, three steps of a promise, its receipt."""
ON_THE_WAY = 90 * 1024
"""What all of them weigh together over the wire, what is kept between them counted once."""


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_an_invitation_leads_to_a_promise_in_few_light_pages(
    new_house: Callable[..., House], visits: Callable[..., Visitor], language: str
) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visits(house, language, PHONE)
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/projects/{scene.project}/invite")
    visitor.writes("Whom do you invite?", "Salma")
    visitor.writes("Can be taken up until", str(today() + timedelta(days=20)))
    visitor.presses("Make the invitation")
    link = urlsplit(str(visitor.main.locator("a.break-anywhere").get_attribute("href"))).path

    visitor.is_now(scene.people["diaspora"])
    seen: list[str] = []
    wire: list[int] = []
    visitor.page.on("load", lambda page: seen.append(urlsplit(page.url).path))
    session = visitor.window.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.on("Network.loadingFinished", lambda done: wire.append(int(done["encodedDataLength"])))

    visitor.page.goto(f"/{language}/" + link.split("/", 2)[2])
    visitor.looks()
    visitor.follows("Join this project")
    visitor.ticks("Offer.sum")
    visitor.writes("I take part until", str(today() + timedelta(days=60)))
    visitor.ticks("ShownAs.first")
    visitor.presses("Join")
    visitor.follows("Make a promise")
    visitor.writes("I promise", "500")
    visitor.presses("Go on")
    visitor.presses("Go on")
    visitor.presses("I confirm my promise")
    visitor.sees("Your promise is written down")
    print(f"{language}: {len(seen)} pages, {sum(wire)} bytes")
    assert len(seen) <= PAGES, seen
    assert sum(wire) <= ON_THE_WAY

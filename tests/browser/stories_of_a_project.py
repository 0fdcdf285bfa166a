"""Walks 6 to 9 as stories: the plan, who joins and promises, what comes in, what is built."""

import csv
from datetime import date, timedelta
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from cdp.delivery.models import Milestone
from cdp.funding.models import FundingLine
from cdp.funding.services import treasury
from cdp.funding.services.treasury import Payment, Quote, Signed
from cdp.kernel.clock import now, today
from cdp.kernel.words import Words
from cdp.people.models import Person
from cdp.people.states import ShownAs
from cdp.programme.models import Project
from cdp.rounds.states import Source
from cdp.teams.models import Membership
from cdp.teams.states import Offer
from tests.browser.scene import commune_of, tirsal
from tests.browser.stories_of_a_round import WORDS, Build, Visit
from tests.factories import actor_of, keep, make_commune
from tests.programme.rounds import make_programming


def walk_6_the_plan_is_drafted_adopted_and_published(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        _round, (first, second, dear), officer = make_programming(
            db, 400_000, 300_000, 90_000_000, commune=make_commune(db, slug="tirsal")
        )
        db.commit()
    visitor = visit(house)
    reason = WORDS[visitor.language]["reason"]
    visitor.is_now(officer.person_id)
    visitor.opens("/tirsal/2028/plan/")
    visitor.follows("Work on the plan")
    visitor.presses("Draft the plan from the ranking")
    visitor.sees("The plan is drafted by rank.")
    visitor.opens(f"/tirsal/2028/plan/shares/{first.number}")
    visitor.main.locator('[name="source_1"]').select_option(label=visitor.says("Source.diaspora"))
    visitor.main.locator('[name="amount_1"]').fill("50 000")
    visitor.presses("Note the shares")
    visitor.presses("Draft anew")
    visitor.opens(f"/tirsal/2028/plan/lines/{second.number}")
    visitor.ticks("It is in, from the year below")
    visitor.chooses("First year of works", "2030")
    visitor.writes("Reason", reason)
    visitor.presses("Decide")
    visitor.presses("Submit to the council")
    visitor.sees("Submitted: this version does not change any more.")

    house.live_on(today() + timedelta(days=30))
    visitor.opens("/tirsal/2028/plan/edit")
    visitor.follows("Record the vote")
    visitor.ticks("ActKind.adopt")
    visitor.writes("Day of the session", str(today() + timedelta(days=30)))
    for text, votes in (("For", "12"), ("Against", "3"), ("Abstentions", "2")):
        visitor.writes(text, votes)
    visitor.presses("Record it")
    visitor.sees("The vote is recorded.")
    visitor.follows("Record the governor's answer")
    visitor.ticks("ActKind.visa")
    visitor.writes("Day of the letter", str(today() + timedelta(days=30)))
    visitor.writes("Reference of the letter", "G-411")
    visitor.presses("Record it")
    visitor.presses("Publish the plan")
    visitor.sees("The plan is published.")

    visitor.is_now(None)
    visitor.opens("/tirsal/2028/plan/")
    visitor.misses(f"{dear.number}")
    assert "400" in visitor.reads("table")
    visitor.opens("/tirsal/2028/plan/?view=versions")
    visitor.sees("G-411")
    visitor.opens("/tirsal/2028/plan/?view=out")
    visitor.sees(str(dear.number))
    visitor.opens(f"/tirsal/projects/{first.number}")
    visitor.sees("The money")


def membership(project: Project, person_id: int) -> Membership:
    """Twelve hours for the project, for sixty days."""
    return Membership(
        commune_id=project.commune_id,
        proposal_id=project.proposal_id,
        person_id=person_id,
        offer=Offer.HOURS,
        hours=12,
        since=today(),
        until=today() + timedelta(days=60),
        shown_as=ShownAs.FIRST,
        joined_at=now(),
    )


def walk_7_a_person_abroad_joins_one_project_until_a_day(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
        treasurer = actor_of(db, db.get_one(Person, scene.people["treasurer"]))
        quote = Quote("EUR", "10.8", date(2027, 4, 1), "Bank Al-Maghrib")
        treasury.enter_rate(db, treasurer, commune_of(db, scene), quote)
        db.commit()
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

    visitor.opens(f"/tirsal/projects/{scene.project}/promise")
    visitor.writes("I promise", "500")
    visitor.chooses("Currency", "EUR")
    visitor.writes("and hours of my time", "12")
    visitor.presses("Go on")
    visitor.sees("What happens next")
    visitor.writes("My word holds until", str(last))
    visitor.presses("Go on")
    assert "5 400" in visitor.reads()
    visitor.presses("I confirm my promise")
    visitor.sees("Your promise is written down")
    assert visitor.main.get_by_text("RF").count() == 2

    house.live_on(last)
    visitor.opens(f"/tirsal/projects/{scene.project}/room")
    visitor.sees("Your part in this project")
    house.live_on(last + timedelta(days=1))
    visitor.opens(f"/tirsal/projects/{scene.project}/room")
    visitor.is_told(403)
    visitor.is_now(None)
    visitor.opens(f"/tirsal/projects/{scene.project}")
    visitor.sees("%(num)d person was in the team before", num=1)


def walk_7_who_leaves_early_is_let_go_on_the_day(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
        keep(db, membership(db.get_one(Project, scene.project_id), scene.people["diaspora"]))
        db.commit()
    visitor = visit(house)
    visitor.is_now(scene.people["diaspora"])
    visitor.opens("/me/")
    visitor.follows("Room of the team")
    visitor.follows("Leave the project")
    visitor.presses("Leave today")
    house.live_on(today() + timedelta(days=1))
    visitor.opens("/me/")
    visitor.misses("Projects I joined for a time")


def walk_8_the_treasurer_enters_an_agreement_and_a_receipt(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visit(house)
    visitor.is_now(scene.people["treasurer"])
    visitor.opens("/tirsal/treasury/")
    visitor.follows("Projects")
    visitor.main.locator(f'a[href$="/treasury/projects/{scene.project}"]').first.click()
    visitor.follows("Enter a signed agreement")
    visitor.chooses("Source", "Source.indh")
    visitor.writes("Name of the partner", "INDH")
    visitor.writes("Amount in dirhams", "1 400 000")
    visitor.writes("Reference of the agreement", "INDH-17/2027")
    visitor.presses("Enter into the books")
    visitor.sees("INDH-17/2027")
    visitor.follows("Enter a receipt")
    visitor.writes("Amount, in the currency of the line or promise", "400 000")
    visitor.writes("Paper that shows it (statement line, receipt, invoice)", "Relevé 4")
    visitor.presses("Enter into the books")
    visitor.is_now(None)
    visitor.opens(f"/tirsal/projects/{scene.project}")
    money = visitor.reads("div.money")
    for amount in ("400 000", "1 000 000", "462 000"):
        assert amount in money


def walk_9_a_milestone_is_reported_with_a_dated_photo(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    photo = BytesIO()
    Image.new("RGB", (600, 400), "olive").save(photo, "JPEG")
    visitor = visit(house)
    words = WORDS[visitor.language]
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/projects/{scene.project}")
    visitor.follows("Report on the works")
    visitor.writes("Which step?", words["title"])
    visitor.writes("Planned for", str(today() - timedelta(days=10)))
    visitor.presses("Plan this step")
    visitor.follows("Report this step done")
    visitor.writes("Done on", str(today() - timedelta(days=3)))
    visitor.writes("How much was measured?", "2.1")
    visitor.writes("In which unit? (km, m3, houses)", "km")
    visitor.main.locator('[type="file"]').set_input_files(
        {"name": "works.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    visitor.writes("Photo taken on", str(today() - timedelta(days=4)))
    visitor.main.locator("form button.btn-primary").click()
    visitor.is_now(None)
    visitor.opens(f"/tirsal/projects/{scene.project}")
    visitor.sees(words["title"])
    picture = visitor.main.locator("figure img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert "km" in visitor.reads(".timeline")


def step_done(project: Project, officer_id: int) -> Milestone:
    """A part of a track that was opened and measured."""
    return Milestone(
        commune_id=project.commune_id,
        project_id=project.id,
        position=1,
        title=Words(fr="Piste ouverte", ar="فتح المسلك", en="Track opened"),
        done_on=today(),
        quantity_milli=2100,
        quantity_unit="km",
        reported_by_id=officer_id,
        reported_capacity=f"officer:{project.commune_id}",
        reported_at=now(),
    )


def walk_9_page_json_and_csv_say_the_same_of_a_project(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
        treasurer = actor_of(db, db.get_one(Person, scene.people["treasurer"]))
        project = db.get_one(Project, scene.project_id)
        signed = Signed(Source.INDH, "INDH", 140_000_000, today(), "INDH-17/2027")
        treasury.sign(db, treasurer, project, signed, key="signed")
        line = db.scalars(select(FundingLine).where(FundingLine.project_id == project.id)).one()
        treasury.receive(db, treasurer, line, Payment(40_000_000, today(), "Relevé 4"), key="received")
        keep(db, step_done(project, scene.people["officer"]))
        db.commit()
    visitor = visit(house)
    visitor.opens(f"/tirsal/projects/{scene.project}")
    shown, works = visitor.reads("div.money"), visitor.reads(".timeline")
    visitor.opens("/tirsal/projects/")
    lists = {
        end: visitor.main.get_by_role("link", name=end, exact=True).get_attribute("href") for end in ("CSV", "JSON")
    }
    fetch = visitor.window.context.request
    whole = fetch.get(f"{lists['JSON']}/{scene.project}").json()
    data = fetch.get(str(lists["CSV"])).body().decode("utf-8-sig")
    (table,) = (row for row in csv.DictReader(data.splitlines()) if row[visitor.says("Number")] == scene.project)
    for part, column in MONEY_COLUMNS.items():
        amount = whole["money"][part]["amount"]
        assert table[visitor.says(column)] == amount
        assert f"{int(float(amount)):,}".replace(",", " ") in shown, f"{part} {amount} is not on the page: {shown}"
    assert whole["last_done"]["quantity"] == table[visitor.says("Quantity measured")] == "2.1"
    assert "km" in works


MONEY_COLUMNS = {
    "received": "Received",
    "committed": "Committed",
    "pledged": "Pledged",
    "sought": "Still sought",
}
"""Part of the money in JSON -> its column in the list."""


STORIES = (
    walk_6_the_plan_is_drafted_adopted_and_published,
    walk_7_a_person_abroad_joins_one_project_until_a_day,
    walk_7_who_leaves_early_is_let_go_on_the_day,
    walk_8_the_treasurer_enters_an_agreement_and_a_receipt,
    walk_9_a_milestone_is_reported_with_a_dated_photo,
    walk_9_page_json_and_csv_say_the_same_of_a_project,
)

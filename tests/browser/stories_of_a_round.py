"""Walks 1 to 5 and 10 as stories: a round is opened, people propose, the office reviews, the panel marks."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import func, select

from cdp.jobs import due
from cdp.kernel.clock import now, today
from cdp.people.states import Role
from cdp.proposals.models import Proposal, Support
from cdp.proposals.states import ProposalState
from cdp.rounds.states import Phase
from tests.browser.house import House
from tests.browser.scene import commune_of, tirsal
from tests.browser.visitor import Visitor
from tests.factories import keep, make_commune, make_official, make_proposal, make_resident, make_round

WORDS = {
    "ar": {
        "group": "تعاونية النخيل",
        "title": "حفر بئر للدوار",
        "need": "النساء يمشين ساعة لجلب الماء كل يوم.",
        "reason": "الماء حاجة يومية والملف كامل.",
        "hello": "السلام عليكم جميعا",
    },
    "fr": {
        "group": "Les femmes de Tirsal",
        "title": "Creuser un puits au douar",
        "need": "Les femmes marchent une heure par jour pour l’eau.",
        "reason": "Le besoin est quotidien et le dossier complet.",
        "hello": "Bonjour à toutes et à tous",
    },
    "en": {
        "group": "The women of Tirsal",
        "title": "Dig a well for the douar",
        "need": "Women walk an hour a day for water.",
        "reason": "The need is daily and the file complete.",
        "hello": "Hello to all of you",
    },
}

Build = Callable[..., House]
Visit = Callable[[House], Visitor]


def walk_2_the_officer_opens_a_round_and_the_charter_is_frozen_by_use(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        commune = make_commune(db, slug="tirsal")
        officer = make_official(db, commune, Role.OFFICER)
        db.commit()
    visitor = visit(house)
    visitor.is_now(officer.id)
    visitor.opens("/tirsal/desk/")
    visitor.follows("Open a round")
    visitor.presses("Go on")
    visitor.sees("The charter of this round")
    visitor.unfolds("Source.own")
    visitor.page.locator('[name="money_own_2028"]').fill("1 500 000")
    visitor.presses("Open the round")
    visitor.sees("The round is open.")
    visitor.sees("Where are we?")

    visitor.follows("Change the charter")
    visitor.sees("Nothing depends on it yet: you edit it in place.")
    visitor.writes("Proposals one person may support", "5")
    visitor.presses("Keep the charter")
    visitor.sees("The charter is kept as version %(number)s.", number=1)

    with house.db() as db:
        from cdp.rounds.models import Round

        make_proposal(db, db.scalars(select(Round)).one())
        db.commit()
    visitor.follows("Change the charter")
    visitor.sees(
        "People have already acted by this charter. A change is a new version with a reason; "
        "the old one stays readable. Fixed by now:"
    )
    visitor.writes("Proposals one person may support", "3")
    visitor.presses("Keep the charter")
    visitor.sees("One thing to put right")
    visitor.is_told(422)
    visitor.writes("Why the charter changes", WORDS[visitor.language]["reason"])
    visitor.presses("Keep the charter")
    visitor.sees("The charter is kept as version %(number)s.", number=2)
    visitor.sees(WORDS[visitor.language]["reason"])


def write_to_the_end(visitor: Visitor) -> str:
    """Steps 2 to 5 of a proposal and its receipt; the number it has for life."""
    words = WORDS[visitor.language]
    visitor.marks(visitor.main.get_by_role("checkbox").first)
    visitor.presses("Next")
    visitor.writes("Title", words["title"])
    visitor.writes("Say in your own words what is missing", words["need"])
    visitor.main.get_by_role("combobox").first.select_option(index=1)
    visitor.presses("Next")
    visitor.writes("Women and girls", "120")
    visitor.writes("Households", "40")
    visitor.presses("Next")
    visitor.sees("Is it right like this?")
    visitor.sees(words["need"])
    visitor.ticks("What I wrote is right, and I know that the proposal will be published.")
    visitor.presses("Submit")
    visitor.sees("Keep this number: the proposal has it for life, also as a project.")
    return visitor.main.locator("h1 bdi").inner_text()


def walk_3_a_group_is_entered_by_two_and_proposes_with_a_receipt(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visit(house)
    words = WORDS[visitor.language]
    visitor.is_now(scene.people["resident"])
    visitor.opens("/tirsal/groups/")
    visitor.follows("Enter my group")
    visitor.ticks("GroupKind.womens_group")
    visitor.writes("Name of the group", words["group"])
    visitor.writes("Who vouches for the group", "Jmaa")
    visitor.presses("Enter this group")
    visitor.sees("Code for one more member")
    code = visitor.main.locator("code").inner_text()

    visitor.is_now(scene.people["neighbour"])
    visitor.opens("/tirsal/groups/")
    visitor.follows("I have the code of a group")
    visitor.writes("Code of the group", code)
    visitor.presses("Join")
    visitor.sees(words["group"])
    visitor.misses("The group stands and may propose once a second member has joined.")

    visitor.opens("/tirsal/rounds/2028/")
    visitor.follows("Propose a project")
    visitor.ticks(words["group"])
    visitor.presses("Next")
    visitor.opens("/tirsal/proposals/mine")
    visitor.follows("Without a title yet")
    visitor.presses("Previous")
    number = write_to_the_end(visitor)
    visitor.is_now(None)
    visitor.opens(f"/tirsal/proposals/{number}")
    visitor.sees(words["title"])
    visitor.sees(words["group"])


def walk_3_a_facilitator_writes_for_another_and_prints_a_slip(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visit(house)
    visitor.is_now(scene.people["facilitator"])
    visitor.opens("/tirsal/2028/proposals/for-another")
    visitor.writes("Or the name of the person", "Mina Chraibi")
    with house.db() as db:
        before = db.scalar(select(func.count()).select_from(Proposal))
    visitor.main.locator("form").evaluate("form => { form.noValidate = true; }")
    visitor.presses("Next")
    with house.db() as db:
        assert db.scalar(select(func.count()).select_from(Proposal)) == before, "without consent nothing is written"
    visitor.ticks("The person agreed aloud: I read to them what is written, what for, and that it will be published.")
    visitor.presses("Next")
    number = write_to_the_end(visitor)
    visitor.sees("Receipt")
    assert number.startswith("TZ-2028-")
    visitor.sees("Mina C.")
    assert visitor.main.get_by_role("img").is_visible()
    agreed = visitor.says("Written on behalf of this person, who agreed on %(day)s.").split("%")[0]
    expect(visitor.main.get_by_text(agreed)).to_be_visible()


def walk_3_the_diaspora_proposes_too_and_is_shown_what_is_alike(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
    visitor = visit(house)
    for who in ("resident", "diaspora"):
        visitor.is_now(scene.people[who])
        visitor.opens("/tirsal/2028/proposals/new")
        visitor.presses("Next")
        number = write_to_the_end(visitor)
    with house.db() as db:
        draft = db.scalars(select(Proposal).where(Proposal.number == number)).one()
        assert draft.author_id == scene.people["diaspora"]
    visitor.opens("/tirsal/2028/proposals/new")
    visitor.presses("Next")
    visitor.presses("Next")
    visitor.writes("Title", WORDS[visitor.language]["title"])
    visitor.writes("Say in your own words what is missing", WORDS[visitor.language]["need"])
    visitor.main.get_by_role("combobox").first.select_option(index=1)
    visitor.presses("Keep, and add another")
    visitor.sees("You may support it instead, or go on: both are welcome.")


def walk_4_residents_support_and_the_office_reviews(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db, phase=Phase.REVIEW)
        author = make_resident(db, commune_of(db, scene))
        stays, goes = (make_proposal(db, scene.round(db), author_id=author.id) for _ in range(2))
        keep(
            db,
            Support(
                commune_id=scene.commune_id,
                proposal_id=goes.id,
                person_id=scene.people["neighbour"],
                capacity="self",
                given_at=now(),
            ),
        )
        number, other, other_id = stays.number, goes.number, goes.id
        db.commit()
    visitor = visit(house)
    reason = WORDS[visitor.language]["reason"]
    visitor.is_now(scene.people["officer"])
    visitor.opens("/tirsal/review/")
    visitor.main.locator(f'a[href$="/review/{number}"]').click()
    for point in ("competence", "upkeep"):
        visitor.marks(visitor.main.locator(f"#answer-{point}-yes"))
    visitor.presses("Keep the answers")
    line = visitor.main.locator("fieldset.cost-line").first
    line.locator(f'[name="lines-0-label-{visitor.language}"]').fill("Forage")
    line.locator('[name="lines-0-quantity"]').fill("1")
    line.locator('[name="lines-0-price"]').fill("350000")
    visitor.presses("Keep the cost")
    visitor.ticks("Admissible: the panel marks it")
    visitor.writes("Reason", reason)
    visitor.presses("Conclude and publish the reason")
    visitor.opens(f"/tirsal/review/{other}")
    visitor.main.locator('[name="into"]').fill(str(number))
    visitor.main.locator('[name="merge_reason"]').fill(reason)
    visitor.presses("Merge and publish the reason")
    visitor.is_now(None)
    visitor.opens(f"/tirsal/proposals/{number}")
    visitor.sees(reason)
    visitor.sees("Merged into this one")
    visitor.opens(f"/tirsal/proposals/{other}")
    visitor.sees("Merged into:")
    with house.db() as db:
        kept = db.scalars(select(Support.proposal_id).where(Support.person_id == scene.people["neighbour"])).all()
        assert kept == [other_id], "supporters are asked, never moved"


def walk_4_what_comes_back_is_corrected_in_time(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db, phase=Phase.REVIEW)
        number = make_proposal(db, scene.round(db), author_id=scene.people["resident"]).number
        db.commit()
    visitor = visit(house)
    words = WORDS[visitor.language]
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/review/{number}")
    visitor.marks(visitor.main.locator("#answer-competence-yes"))
    visitor.marks(visitor.main.locator("#answer-upkeep-no"))
    visitor.presses("Keep the answers")
    visitor.ticks("Back to its authors, to correct the points ticked below")
    expect(visitor.main.locator('[name="points"][value="upkeep"]')).to_be_checked()
    visitor.main.locator('[name="correct_until"]').fill(str(today() + timedelta(days=7)))
    visitor.writes("Reason", words["reason"])
    visitor.presses("Conclude and publish the reason")

    visitor.is_now(None)
    visitor.opens(f"/tirsal/proposals/{number}")
    visitor.sees(words["reason"])
    visitor.is_now(scene.people["resident"])
    visitor.opens("/tirsal/proposals/mine")
    visitor.main.locator('a.btn-small[href*="/draft/"]').first.click()
    visitor.writes("Title", words["title"])
    visitor.presses("Next")
    visitor.writes("Who will keep it up, once it is there?", words["group"])
    visitor.presses("Next")
    visitor.ticks("What I wrote is right, and I know that the proposal will be published.")
    visitor.presses("Submit")
    visitor.is_now(scene.people["officer"])
    visitor.opens(f"/tirsal/review/{number}")
    visitor.sees(words["title"])
    visitor.sees(words["group"])


def walk_4_a_resident_supports_and_takes_it_back(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db)
        number = make_proposal(db, scene.round(db)).number
        db.commit()
    visitor = visit(house)
    visitor.is_now(scene.people["resident"])
    visitor.opens(f"/tirsal/proposals/{number}")
    visitor.presses("Support it")
    visitor.sees("Your support is counted.")
    visitor.presses("Take my support back")
    visitor.sees("Your support is taken back.")


def walk_5_the_panel_marks_and_anyone_reads_the_ranking(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        scene = tirsal(db, phase=Phase.PRIORITIES)
        number = make_proposal(db, scene.round(db), state=ProposalState.ADMITTED).number
        db.commit()
    visitor = visit(house)
    visitor.is_now(scene.people["panel"])
    visitor.opens("/tirsal/panel/")
    visitor.main.locator(f'a[href$="/panel/{number}"]').first.click()
    visitor.marks(visitor.main.locator("#mark-need-4"))
    visitor.marks(visitor.main.locator("#mark-reach-3"))
    visitor.writes("Your reason", WORDS[visitor.language]["reason"])
    visitor.presses("Hand in")
    visitor.opens(f"/tirsal/panel/{number}")
    visitor.sees("Your sheet is handed in")
    visitor.is_now(None)
    visitor.opens("/tirsal/2028/ranking/")
    house.live_on(today() + timedelta(days=40))
    visitor.opens("/tirsal/2028/ranking/")
    visitor.main.locator(f"#p-{number} summary").first.click()
    visitor.sees(WORDS[visitor.language]["reason"])


def walk_10_phases_move_by_themselves_and_an_early_close_has_its_reason(new_house: Build, visit: Visit) -> None:
    house = new_house()
    with house.db() as db:
        commune = make_commune(db, slug="tirsal")
        officer = make_official(db, commune, Role.OFFICER)
        make_round(db, commune, opened_by_id=officer.id)
        db.commit()
    visitor = visit(house)
    visitor.is_now(officer.id)
    visitor.opens("/tirsal/rounds/2028/")
    visitor.follows("Close or extend the phase")
    visitor.ticks("DecisionKind.extend")
    visitor.main.locator('[name="ends_on"]').fill(str(today() + timedelta(days=25)))
    visitor.writes("Reason that everybody reads", WORDS[visitor.language]["reason"])
    visitor.presses("Record the decision")
    visitor.sees("The decision is recorded and public.")
    visitor.sees(WORDS[visitor.language]["reason"])
    visitor.is_now(None)
    house.live_on(today() + timedelta(days=26))
    due.enter_phases(house.app.extensions["store"])
    visitor.opens("/tirsal/rounds/2028/")
    assert visitor.says("Phase.review") in visitor.main.locator('[aria-current="step"]').inner_text()


STORIES = (
    walk_2_the_officer_opens_a_round_and_the_charter_is_frozen_by_use,
    walk_3_a_group_is_entered_by_two_and_proposes_with_a_receipt,
    walk_3_a_facilitator_writes_for_another_and_prints_a_slip,
    walk_3_the_diaspora_proposes_too_and_is_shown_what_is_alike,
    walk_4_a_resident_supports_and_takes_it_back,
    walk_4_what_comes_back_is_corrected_in_time,
    walk_4_residents_support_and_the_office_reviews,
    walk_5_the_panel_marks_and_anyone_reads_the_ranking,
    walk_10_phases_move_by_themselves_and_an_early_close_has_its_reason,
)

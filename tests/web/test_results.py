"""The page of a result: who won and why, other rules beside it, who gets what; who may read it when."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.priorities.services import closing, counting
from cdp.priorities.states import CountingRule, Filling, TieRule, Worth
from tests.browser_of_pages import Browser
from tests.priorities.ballots import Scene, make_ballot, vote


def decided(db: Session, *, publish: bool = True, **rules: object) -> Scene:
    """Six for the first and second, four for the third; what is left after two does not pay the third."""
    scene = make_ballot(db, costs=(60_000_000, 40_000_000, 40_000_000), ties=TieRule.NAME, **rules)
    for _ in range(6):
        vote(db, scene, scene.numbers[:2])
    for _ in range(4):
        vote(db, scene, scene.numbers[2:])
    with clock.held_at(today() + timedelta(days=6)):
        closing.close(db, CLOCK, scene.ballot)
        counting.count(db, scene.officer, scene.ballot)
        if publish:
            counting.publish(db, scene.officer, scene.ballot)
        db.commit()
    return scene


def address(scene: Scene, language: str = "en") -> str:
    return f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/result/"


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_result_says_who_won_and_why_the_others_did_not(browser: Browser, db: Session, language: str) -> None:
    scene = decided(db)
    page = browser.get(address(scene, language)).text
    assert all(number in page for number in scene.numbers)
    said = {
        "en": ("2 projects chosen", "more than what was left", "3 more votes for it alone would have been enough"),
        "fr": ("2 projets choisis", "de plus que ce qui restait", "3 voix de plus pour lui seul auraient suffi"),
        "ar": ("اختير مشروعان", "مما بقي حين جاء دوره", "كانت تكفيه 3 أصوات إضافية"),
    }[language]
    for words in said:
        assert words in page
    assert "why" not in page.replace("why this", "").replace("say why", "")


def test_the_same_votes_stand_beside_it_under_every_rule(browser: Browser, db: Session) -> None:
    page = browser.get(address(decided(db))).text
    assert page.count("the rule of this ballot") == 1
    assert "4 voters find none of their projects chosen" in page


def test_equal_shares_tells_what_the_voters_of_a_loser_had_paid(browser: Browser, db: Session) -> None:
    rules = {"rule": CountingRule.EQUAL_SHARES, "worth": Worth.COUNT, "filling": Filling.NONE}
    page = browser.get(address(decided(db, **rules))).text
    assert "What its voters had already paid for" in page
    assert "had 200\u202f000" in page


def test_a_fifth_of_the_votes_without_a_project_is_a_warning(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, costs=(60_000_000, 60_000_000))
    for _ in range(3):
        vote(db, scene, scene.numbers[:1])
    vote(db, scene, scene.numbers[1:])
    with clock.held_at(today() + timedelta(days=6)):
        closing.close(db, CLOCK, scene.ballot)
        counting.count(db, scene.officer, scene.ballot)
        db.commit()
        browser.sign_in(scene.officer.known())
        page = browser.get(address(scene)).text
    assert "not yet published" in page
    assert page.count("To look at before adoption") == 1
    assert re.search(r"25(<[^>]+>|[\u00a0 ])*%(<[^>]+>)* of the votes, and no project", page)


def test_before_it_is_published_the_office_alone_reads_it(browser: Browser, db: Session) -> None:
    scene = decided(db, publish=False)
    browser.get(address(scene), status=403)
    browser.sign_in(scene.facilitator.known())
    browser.get(address(scene), status=403)
    browser.sign_in(scene.officer.known())
    assert "not yet published" in browser.get(address(scene)).text


def test_there_is_no_result_before_the_count_nor_under_another_commune(browser: Browser, db: Session) -> None:
    open_, over = make_ballot(db), decided(db)
    browser.get(address(open_), status=404)
    browser.get(address(over).replace(over.commune.slug, open_.commune.slug), status=404)


def test_each_step_of_the_count_is_published_as_data(browser: Browser, db: Session) -> None:
    scene = decided(db, rule=CountingRule.EQUAL_SHARES, worth=Worth.COUNT, filling=Filling.NONE)
    trace = json.loads(browser.get(address(scene).replace("result/", "files/trace.json")).text)
    assert [step["project"] for step in trace["steps"]] == trace["winners"]
    first = trace["steps"][0]
    assert (first["supporters"], first["in_full"] + first["all_they_had"]) == (6, 6)
    assert {one["project"] for one in trace["passed"]} == set(scene.numbers) - set(trace["winners"])
    assert {one["rule"] for one in trace["beside"]["others"]} >= {"greedy", "phragmen", "equal-shares"}

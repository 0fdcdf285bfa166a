"""A village votes: by phone in Arabic, by printed code, on paper; counted together, tied, drawn, counted again."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from cdp.cli.tally import tally
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.priorities.queries.counts import find_count
from cdp.priorities.services import closing
from cdp.store.engine import Store
from tests.browser_of_pages import Browser
from tests.priorities.ballots import Scene, make_ballot, make_voter, print_codes

EQUAL = (60_000_000, 60_000_000, 60_000_000)


@pytest.fixture
def scene(db: Session) -> Scene:
    """Three projects of the same cost, of which the budget pays one."""
    return make_ballot(db, costs=EQUAL)


def address(scene: Scene, rest: str, language: str = "ar") -> str:
    return f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/{rest}"


def votes_by_phone(browser: Browser, db: Session, scene: Scene, number: str) -> str:
    """A resident votes in Arabic with an account; gives the receipt."""
    voter = make_voter(db, scene)
    db.commit()
    browser.sign_in(voter.known())
    booth = address(scene, "booth")
    review = browser.post(booth, step="review", choice=number)
    assert "هل هذا هو تصويتك؟" in review.text
    secret = re.search(r'name="secret" value="([^"]+)"', review.text)
    assert secret
    receipt = browser.follow(browser.post(booth, step="cast", choice=number, secret=secret[1]))
    found = re.search(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>", receipt.text)
    assert found
    browser.sign_out()
    return found[1]


def votes_by_code(browser: Browser, scene: Scene, code: str, number: str) -> None:
    browser.post(address(scene, "code"), code=code, step="review", choice=number)
    answer = browser.post(address(scene, "code"), code=code, step="cast", choice=number)
    browser.follow(answer)


def reads_a_box(browser: Browser, scene: Scene) -> None:
    """Two people read the two sheets of a box; one is unreadable."""
    browser.sign_in(scene.facilitator.known())
    page = browser.post(address(scene, "paper"), label_="Tirsal", issued="3", in_box="2", locality_id="0").location
    for who in (scene.facilitator, scene.officer):
        browser.sign_in(who.known())
        browser.follow(browser.post(f"{page}/read", form_at=page, lines="3\nx"))
    browser.sign_out()


def test_a_village_votes_by_phone_by_code_and_on_paper_and_the_tie_is_drawn(
    browser: Browser, db: Session, store: Store, scene: Scene, tmp_path: Path
) -> None:
    one, two, three = scene.numbers
    codes = print_codes(db, scene)
    db.commit()
    receipt = votes_by_phone(browser, db, scene, one)
    votes_by_code(browser, scene, codes[0], two)
    reads_a_box(browser, scene)
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        with store.begin() as clockwork:
            assert closing.close_due(clockwork) == 1
        for step in ("count", "publish"):
            browser.sign_in(scene.officer.known())
            browser.follow(browser.post(address(scene, f"act/{step}"), form_at=address(scene, "desk")))
        browser.sign_out()
        page = browser.get(address(scene, f"?receipt={receipt}"))
        assert "صوتك محتسب." in page.text
        assert "صوتك محتسب." not in browser.get(address(scene, "?receipt=ABCD-ABCD-ABCD")).text
        file = tmp_path / "ballots.pb"
        file.write_bytes(browser.get(address(scene, "files/ballots.pb")).data)
        published = browser.get(address(scene, "files/result.json")).text
    with store.reader() as reading:
        count = find_count(reading, scene.ballot.id)
    assert count.outcome.ties[0].projects == tuple(sorted((one, two, three)))
    assert len(count.outcome.winners) == 1
    assert [refused.line for refused in count.refused] == [2]
    again = CliRunner().invoke(tally, [str(file), *shlex.split(count.command)])
    assert again.stdout == published
    assert today() < scene.ballot.closes_on

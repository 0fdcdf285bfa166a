"""Ballots two by two and mixes of panel and ballot: voted, read from paper, counted, told, counted again."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.kernel.errors import RuleBroken
from cdp.people.states import Role
from cdp.priorities.models import Ballot, Mark, MarkSheet, Vote
from cdp.priorities.rules.scoring import HIGHEST
from cdp.priorities.services import ballots
from cdp.priorities.states import BallotKind, CountingRule
from cdp.proposals.models import Proposal
from cdp.rounds import queries as rounds
from tests.browser_of_pages import Browser
from tests.factories import keep, make_official
from tests.priorities.ballots import Scene, draft, make_ballot, print_codes, vote
from tests.priorities.test_paper_and_count import batch_of, finish, tallied

PAIRS = {"kind": BallotKind.PAIRS, "rule": CountingRule.COPELAND}


def address(scene: Scene, rest: str, language: str = "en") -> str:
    return f"/{language}/{scene.commune.slug}/ballots/{scene.ballot.id}/{rest}"


def test_pairs_of_screen_and_paper_are_counted_together_and_again(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db, **PAIRS)
    one, two, three = scene.numbers
    for _ in range(2):
        vote(db, scene, [f"{two}>{one}", f"{two}>{three}"])
    vote(db, scene, [])
    batch_of(db, scene, "3>1 3>2\nx\n1>2 2>1", "3>1 3>2\nx\n1>2 2>1")
    found = finish(db, scene)
    assert found.outcome.winners == (two, three)
    assert [refused.flaw.value for refused in found.refused] == ["unreadable", "named_twice"]
    assert tallied(found, tmp_path) == found.result + "\n"
    assert "--rule copeland" in found.command


@pytest.mark.parametrize(
    ("choice", "problem"),
    [("{0}>{0}", "named_twice"), ("{0}>other", "unknown_project"), ("{0}", "unknown_project")],
)
def test_pairs_that_say_nothing_are_refused(db: Session, choice: str, problem: str) -> None:
    scene = make_ballot(db, **PAIRS)
    with pytest.raises(RuleBroken, match=f"vote_{problem}"):
        vote(db, scene, [choice.format(*scene.numbers)])


def test_a_list_too_long_to_compare_does_not_open(db: Session) -> None:
    with pytest.raises(RuleBroken, match="ballot_pairs_short"):
        make_ballot(db, costs=(10_000_000,) * 8, **PAIRS)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"kind": BallotKind.PAIRS, "rule": CountingRule.PHRAGMEN}, "pairs_need_duels"),
        ({"rule": CountingRule.COPELAND}, "copeland_needs_pairs"),
        ({"rule": CountingRule.MIXED}, "mix_needs_part"),
        ({"rule": CountingRule.GREEDY, "panel_part": 40}, "mix_needs_part"),
    ],
)
def test_rules_that_do_not_go_together_are_refused(db: Session, rules: dict[str, object], problem: str) -> None:
    scene = make_ballot(db)
    with pytest.raises(RuleBroken, match=problem):
        ballots.prepare(db, scene.officer, rounds.card(db, scene.round_), draft(**rules), key="x")


def test_the_booth_asks_two_by_two_without_script(browser: Browser, db: Session) -> None:
    scene = make_ballot(db, **PAIRS)
    one, two, three = scene.numbers
    code = print_codes(db, scene)[0]
    db.commit()
    booth = browser.post(address(scene, "code", "ar"), code=code).text
    assert booth.count("<fieldset") == 3
    answers = {"pair-1": f"{three}>{one}", "pair-2": "", "pair-3": f"{one}>{two}"}
    review = browser.post(address(scene, "code", "ar"), code=code, step="review", **answers).text
    assert "بدل" in review
    sent = dict(re.findall(r'name="(pair-\d+)" value="([^"]+)"', review.replace("&gt;", ">")))
    browser.follow(browser.post(address(scene, "code", "ar"), code=code, step="cast", **sent))
    assert db.scalars(select(Vote.content)).all() == [sorted([f"{three}>{one}", f"{one}>{two}"])]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_result_tells_the_duels(browser: Browser, db: Session, language: str) -> None:
    scene = make_ballot(db, **PAIRS)
    one, two, _ = scene.numbers
    vote(db, scene, [f"{two}>{one}"])
    finish(db, scene)
    page = browser.get(address(scene, "result/", language)).text
    assert 'id="duels"' in page
    assert {"ar": "1 فوز، 1 تعادل", "fr": "1 duels gagnés, 1 nuls", "en": "1 duels won, 1 drawn"}[language] in page


def marked(db: Session, scene: Scene, marks: dict[str, int]) -> None:
    """The only member of the panel gives each of these projects the same mark under every criterion."""
    member = make_official(db, scene.commune, Role.PANEL)
    criteria = rounds.card(db, scene.round_).charter.criteria
    for number, mark in marks.items():
        proposal = db.scalars(select(Proposal).where(Proposal.number == number)).one()
        own = {"round_id": scene.round_.id, "proposal_id": proposal.id, "member_id": member.id, "charter_version": 1}
        sheet = keep(db, MarkSheet(commune_id=scene.commune.id, handed_in_at=now(), reason="x", **own))
        for one in criteria:
            keep(db, Mark(commune_id=scene.commune.id, sheet_id=sheet.id, criterion=one.key, value=mark))
    db.commit()


def test_a_declared_mix_is_counted_once_the_panel_s_marks_are_open(db: Session) -> None:
    scene = make_ballot(db, rule=CountingRule.MIXED, panel_part=60)
    make_official(db, scene.commune, Role.PANEL)
    db.commit()
    with pytest.raises(RuleBroken, match="panel_not_open"):
        finish(db, scene)


def test_a_mix_is_told_by_its_parts_and_counts_again_from_its_file(
    browser: Browser, db: Session, tmp_path: Path
) -> None:
    scene = make_ballot(db, rule=CountingRule.MIXED, panel_part=60, costs=(60_000_000,) * 3)
    one, two, three = scene.numbers
    for _ in range(3):
        vote(db, scene, [one])
    vote(db, scene, [two])
    marked(db, scene, {one: 1, two: HIGHEST, three: 0})
    found = finish(db, scene)
    assert found.outcome.winners == (two,)
    assert tallied(found, tmp_path) == found.result + "\n"
    assert "panel 60 of 100, ballot 40 of 100" in browser.get(address(scene, "")).text
    page = browser.get(address(scene, "result/")).text
    assert "Panel: 100 of 100; ballot: 33.3 of 100; together, by the declared parts: 73.3." in page
    assert db.scalars(select(Ballot.panel_part)).one() == 60

"""Paper read twice, settled, and counted with the screen; what is published counts again to the same letter."""

import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.config import ROOT
from cdp.kernel import clock
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.money import Money
from cdp.people.actor import CLOCK
from cdp.priorities.models import BatchFile, PaperBatch
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries import office
from cdp.priorities.queries.counts import Count, find_count
from cdp.priorities.queries.elections import counted
from cdp.priorities.queries.turnout import turnout
from cdp.priorities.rules.ballots import Limit
from cdp.priorities.rules.voting.register import count as count_by
from cdp.priorities.services import ballots as ballots_
from cdp.priorities.services import closing, counting, paper
from cdp.priorities.services.paper import Totals
from cdp.priorities.states import BallotKind, BallotState, CountingRule, Filling, Flaw, TieRule, TurnoutFacet
from cdp.store.files import Content
from tests.factories import actor_of, make_official, make_resident
from tests.priorities.ballots import Scene, make_ballot, vote


def batch_of(db: Session, scene: Scene, *readings: str, label: str = "Ouzrou", **totals: int) -> PaperBatch:
    """A batch of the first douar, read by the officer and the facilitator."""
    in_box = len(readings[0].splitlines()) if readings else 1
    counted_there = Totals(**{"issued": in_box, "in_box": in_box} | totals)
    place = scene.places[0].id
    made = paper.open_batch(
        db, scene.facilitator, scene.ballot, counted_there, label=label, locality_id=place, key=label
    )
    for who, reading in zip((scene.officer, scene.facilitator), readings, strict=False):
        paper.enter_lines(db, who, scene.ballot, made.id, reading)
    db.commit()
    return made


def finish(db: Session, scene: Scene) -> Count:
    """Close, count and publish on the day after."""
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
        counting.count(db, scene.officer, scene.ballot)
        counting.publish(db, scene.officer, scene.ballot)
    db.commit()
    return find_count(db, scene.ballot.id)


# Paper


def test_two_people_who_read_alike_settle_a_batch(db: Session) -> None:
    scene = make_ballot(db)
    made = batch_of(db, scene, "1 3\n-\n2\nx\n", "3 1\n-\n٢\nX\n")
    assert made.settled_at is not None
    assert made.lines == [
        {"vote": [scene.numbers[0], scene.numbers[2]]},
        {"vote": []},
        {"vote": [scene.numbers[1]]},
        {"flaw": "unreadable", "about": ""},
    ]


def test_one_person_reads_a_batch_once_and_two_are_enough(db: Session) -> None:
    scene = make_ballot(db)
    made = batch_of(db, scene, "1")
    with pytest.raises(RuleBroken, match="paper_read_before"):
        paper.enter_lines(db, scene.officer, scene.ballot, made.id, "1")
    paper.enter_lines(db, scene.facilitator, scene.ballot, made.id, "2")
    third = actor_of(db, make_official(db, scene.commune))
    with pytest.raises(RuleBroken, match="paper_read_twice"):
        paper.enter_lines(db, third, scene.ballot, made.id, "1")


def test_differences_are_shown_and_settled_line_by_line(db: Session) -> None:
    scene = make_ballot(db)
    made = batch_of(db, scene, "1\n2\n3", "1\n2 3\n1")
    sheet = office.batch_sheet(db, scene.ballot.id, made.id)
    assert sheet is not None
    assert sheet.differing == (2, 3)
    with pytest.raises(RuleBroken, match="paper_difference_open"):
        paper.settle(db, scene.officer, scene.ballot, made.id, {2: 1})
    with pytest.raises(Refused):
        paper.settle(db, scene.facilitator, scene.ballot, made.id, {2: 1, 3: 2})
    paper.settle(db, scene.officer, scene.ballot, made.id, {2: 2, 3: 1})
    assert [line["vote"] for line in made.lines or ()] == [
        scene.numbers[:1],
        scene.numbers[1:],
        scene.numbers[2:],
    ]


@pytest.mark.parametrize(
    ("reading", "key"),
    [
        ("1\n2", "paper_lines_do_not_match"),
        ("1\nroad\n2", "paper_line_unclear"),
        ("1\n2:3\n2", "paper_line_unclear"),
    ],
)
def test_a_reading_that_does_not_fit_the_box_is_refused(db: Session, reading: str, key: str) -> None:
    scene = make_ballot(db)
    made = batch_of(db, scene, issued=5, in_box=3)
    with pytest.raises(RuleBroken, match=key):
        paper.enter_lines(db, scene.officer, scene.ballot, made.id, reading)


def test_control_totals_must_hold(db: Session) -> None:
    scene = make_ballot(db)
    for totals in (Totals(3, 4), Totals(0, 0), Totals(-1, -1)):
        with pytest.raises(RuleBroken, match="batch_totals"):
            paper.open_batch(db, scene.officer, scene.ballot, totals, label="x", key="x")


def test_a_resident_reads_no_paper_and_a_batch_of_another_ballot_is_not_found(db: Session) -> None:
    scene, other = make_ballot(db), make_ballot(db)
    made = batch_of(db, scene)
    with pytest.raises(Refused):
        paper.enter_lines(db, actor_of(db, make_resident(db, scene.commune)), scene.ballot, made.id, "1")
    with pytest.raises(NotFound):
        paper.enter_lines(db, other.officer, other.ballot, made.id, "1")


def test_a_settled_batch_and_a_reading_are_never_changed(db: Session) -> None:
    scene = make_ballot(db)
    batch_of(db, scene, "1", "1")
    for statement in ("UPDATE paper_batch SET lines = '[]'", "UPDATE paper_entry SET lines = '[]'"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.execute(text(statement))
        db.rollback()


def test_a_scanned_sheet_is_kept_once_and_shown_to_the_office_only(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db)
    made = batch_of(db, scene, "1", "1")
    scan = Content("application/pdf", b"%PDF-1.7 %%EOF")
    for _ in range(2):
        paper.keep_evidence(db, scene.facilitator, scene.ballot, made.id, folder=tmp_path, name="pv.pdf", content=scan)
    assert db.scalar(select(func.count()).select_from(BatchFile)) == 1
    sheet = office.batch_sheet(db, scene.ballot.id, made.id)
    assert sheet is not None
    sha256 = sheet.files[0][0]
    assert office.is_evidence_shown(db, scene.facilitator, scene.commune.id, sha256)
    resident = actor_of(db, make_resident(db, scene.commune))
    assert not office.is_evidence_shown(db, resident, scene.commune.id, sha256)


# Counted together


def test_screen_and_paper_count_together_and_refused_sheets_are_listed(db: Session) -> None:
    scene = make_ballot(db, most=2)
    one, two, three = scene.numbers
    vote(db, scene, [one])
    vote(db, scene, [two])
    batch_of(db, scene, "2 3\n1 2 3\nx signed\n9", "2 3\n3 2 1\nx signed\n9")
    found = finish(db, scene)
    supporters = {step.project: step.supporters for step in found.outcome.steps}
    assert supporters[two] == 2
    assert [(r.batch, r.line, r.flaw) for r in found.refused] == [
        ("Ouzrou", 2, Flaw.TOO_MANY),
        ("Ouzrou", 3, Flaw.SIGNED),
        ("Ouzrou", 4, Flaw.UNKNOWN_PROJECT),
    ]
    assert found.voters == 6
    assert "num_votes;3\n" in found.pabulib
    assert supporters.get(three, 1) == 1


def test_a_count_waits_for_the_last_batch(db: Session) -> None:
    scene = make_ballot(db)
    batch_of(db, scene, "1")
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
        with pytest.raises(RuleBroken, match="batches_open"):
            counting.count(db, scene.officer, scene.ballot)


def test_a_count_is_made_after_the_close_and_by_the_office(db: Session) -> None:
    scene = make_ballot(db)
    with pytest.raises(RuleBroken, match="step_not_possible"):
        counting.count(db, scene.officer, scene.ballot)
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
        for who in (scene.facilitator, actor_of(db, make_resident(db, scene.commune))):
            with pytest.raises(Refused):
                counting.count(db, who, scene.ballot)


def test_a_published_count_is_frozen_by_the_database(db: Session) -> None:
    scene = make_ballot(db)
    vote(db, scene, scene.numbers[:1])
    finish(db, scene)
    assert queries.card_of(db, scene.ballot).state is BallotState.PUBLISHED
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE tally SET result = '{}'"))


RULES: list[dict[str, Any]] = [
    {"rule": CountingRule.GREEDY, "ties": TieRule.NAME, "seed": ""},
    {"rule": CountingRule.GREEDY_PER_COST},
    {"rule": CountingRule.PHRAGMEN},
    {"rule": CountingRule.EQUAL_SHARES, "filling": Filling.ADD1_GREEDY},
    {"kind": BallotKind.RANKING, "rule": CountingRule.BORDA},
    {"kind": BallotKind.POINTS, "rule": CountingRule.EQUAL_SHARES, "purse": 10, "filling": Filling.ADD1},
    {"kind": BallotKind.RANKING, "rule": CountingRule.EQUAL_SHARES, "filling": Filling.ADD1},
    {"kind": BallotKind.SCORES, "rule": CountingRule.GREEDY},
    {"kind": BallotKind.SCORES, "rule": CountingRule.EQUAL_SHARES, "filling": Filling.ADD1_GREEDY},
    {"kind": BallotKind.KNAPSACK, "rule": CountingRule.GREEDY},
    {"kind": BallotKind.CHOOSE_ONE, "rule": CountingRule.GREEDY},
]


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: f"{rules.get('kind', 'approval')}-{rules['rule']}")
def test_the_published_file_counts_again_to_the_same_letter(db: Session, tmp_path: Path, rules: dict[str, Any]) -> None:
    scene = make_ballot(db, **rules)
    for position in range(7):
        chosen = [scene.numbers[position % 3]]
        with_points = scene.ballot.kind in (BallotKind.POINTS, BallotKind.SCORES)
        vote(db, scene, {chosen[0]: 1 + position % 5} if with_points else chosen)
    found = finish(db, scene)
    assert tallied(found, tmp_path) == found.result + "\n"


def test_ceilings_and_decisions_travel_with_the_file(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db, is_open=False, ceilings=(Limit("sector", "water", Money(80_000_000)),), minimum_votes=1)
    one, two, three = scene.numbers
    ballots_.decide(db, scene.officer, scene.ballot, three, standing="pinned", reason="Déjà signé ; « urgent »")
    ballots_.decide(db, scene.officer, scene.ballot, one, standing="excluded", reason="Financé, ailleurs")
    ballots_.open_ballot(db, scene.officer, scene.ballot)
    vote(db, scene, [two])
    found = finish(db, scene)
    assert found.outcome.winners == (three, two)
    assert tallied(found, tmp_path) == found.result + "\n"


def test_nobody_voted_and_still_there_is_a_count(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db)
    found = finish(db, scene)
    assert found.voters == 0
    assert tallied(found, tmp_path) == found.result + "\n"


def test_a_tie_is_drawn_from_the_published_seed(db: Session) -> None:
    scene = make_ballot(db, costs=(60_000_000, 60_000_000, 60_000_000))
    for number in scene.numbers:
        vote(db, scene, [number])
    found = finish(db, scene)
    assert len(found.outcome.ties) == 1
    assert found.outcome.ties[0].projects == tuple(sorted(scene.numbers))
    assert "lot:3 7 1 5" in found.command


def test_the_election_can_be_counted_by_every_other_rule(db: Session) -> None:
    scene = make_ballot(db)
    vote(db, scene, scene.numbers[:2])
    finish(db, scene)
    again = counted(db, queries.card_of(db, scene.ballot))
    assert count_by("greedy", again.election, again.terms) == again.count.outcome
    assert count_by("phragmen", again.election, again.terms).winners


def test_a_village_counts_hands_of_women_men_and_youth_apart(db: Session, tmp_path: Path) -> None:
    scene = make_ballot(db, kind=BallotKind.HANDS, rule=CountingRule.GREEDY, costs=(60_000_000, 60_000_000))
    place = scene.places[0].id
    present = Totals(women=20, men=15, youth=9)
    made = paper.open_batch(db, scene.facilitator, scene.ballot, present, label="Tirsal", locality_id=place, key="t")
    for wrong, key in (("1 21 1 1\n2 0 0 0", "more_hands"), ("1 1 1 1", "project_missing"), ("1 2\n2 3", "unclear")):
        with pytest.raises(RuleBroken, match=key):
            paper.enter_lines(db, scene.officer, scene.ballot, made.id, wrong)
    for who in (scene.officer, scene.facilitator):
        paper.enter_lines(db, who, scene.ballot, made.id, "1 3 12 2\n2 18 4 7")
    with pytest.raises(RuleBroken, match="ballot_by_hands"):
        vote(db, scene, [])
    found = finish(db, scene)
    assert found.outcome.winners == (scene.numbers[1],)
    assert found.outcome.steps[0].supporters == 29
    assert tallied(found, tmp_path) == found.result + "\n"
    assert found.voters == 44
    assert found.turnout[TurnoutFacet.KIND] == {"women": 20, "men": 15, "youth": 9}


def test_small_counts_of_the_turnout_are_hidden(db: Session) -> None:
    scene = make_ballot(db)
    for _ in range(2):
        vote(db, scene, [])
    batch_of(db, scene, "\n".join(["1"] * 9), "\n".join(["1"] * 9))
    shown = turnout(db, scene.ballot.id)
    assert shown.voted == 11
    assert shown.classes[TurnoutFacet.CHANNEL] == {"account": None, "paper": None}


def tallied(found: Count, folder: Path) -> str:
    """What the terminal prints for the published file and the published command."""
    file = folder / "ballots.pb"
    file.write_bytes(found.pabulib.encode())
    words = [sys.executable, "-m", "cdp", "tally", str(file), *shlex.split(found.command)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout

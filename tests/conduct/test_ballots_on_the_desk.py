"""Ballots on the office's desk, one after the other as they fall due; places on a roll in one's own data."""

import json
from datetime import timedelta

from sqlalchemy.orm import Session

from cdp.conduct import own_data, worklist
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.people.states import Role
from cdp.priorities.services import ballots, closing, counting, paper
from cdp.rounds import queries as rounds
from tests.priorities.ballots import Scene, make_ballot, make_voter, vote
from tests.priorities.test_paper_and_count import batch_of


def waiting(db: Session, scene: Scene, role: Role = Role.OFFICER) -> list[str]:
    card = rounds.card(db, scene.round_)
    found = worklist.desk(db, scene.commune.id, card, today(), roles=frozenset({role}))
    return [task.title.key for task in found.tasks if "ballot" in task.title.key or "paper_" in task.title.key]


def test_a_ballot_waits_to_be_opened_closed_and_published(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    assert waiting(db, scene) == ["desk.ballot_open"]
    assert waiting(db, scene, Role.FACILITATOR) == []
    ballots.open_ballot(db, scene.officer, scene.ballot)
    assert waiting(db, scene) == []
    made = batch_of(db, scene, "1", "2")
    assert waiting(db, scene) == ["desk.paper_differs"]
    paper.settle(db, scene.officer, scene.ballot, made.id, {1: 1})
    assert waiting(db, scene) == []
    with clock.held_at(today() + timedelta(days=6)):
        assert waiting(db, scene) == ["desk.ballot_close"]
        closing.close(db, CLOCK, scene.ballot)
        assert waiting(db, scene) == ["desk.ballot_publish"]
        counting.count(db, scene.officer, scene.ballot)
        assert waiting(db, scene) == ["desk.ballot_publish"]
        counting.publish(db, scene.officer, scene.ballot)
        assert waiting(db, scene) == []


def test_own_data_say_that_one_voted_and_never_what(db: Session) -> None:
    scene = make_ballot(db)
    voter = make_voter(db, scene)
    vote(db, scene, scene.numbers[:1], voter)
    found = own_data.everything(db, voter.known())
    (row,) = found["held_about_you"]["roll_entry"]
    assert (row["taken"], row["ballot"]["en"]) == ("account", "Projects of the north")
    assert "mix" not in row
    assert scene.numbers[0] not in json.dumps(found)

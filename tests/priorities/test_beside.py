"""What is kept beside a count: worked out once, bounded, so that a page of a result never counts again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.priorities.models import Tally
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries import results
from cdp.priorities.queries.counts import find_count
from cdp.priorities.rules import beside as rules
from cdp.priorities.rules.beside import beside, read_beside
from cdp.priorities.rules.comparison import side_by_side
from cdp.priorities.rules.voting.election import Candidate, Election, election
from cdp.priorities.rules.voting.register import RULES
from cdp.priorities.rules.voting.terms import PLAIN
from cdp.priorities.states import TieRule
from tests.priorities.ballots import make_ballot, vote
from tests.priorities.test_paper_and_count import finish


def street() -> Election:
    """Two of ten projects fit; the others were given from seven down to no votes."""
    votes = [tuple(str(number) for number in range(10) if voter < 9 - number) for voter in range(9)]
    return election(20, [Candidate(str(number), 10) for number in range(10)], votes)


def test_the_losers_nearest_to_be_chosen_come_first_and_the_counting_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = street()
    outcome = RULES["greedy"](found, PLAIN)
    monkeypatch.setattr(rules, "RECOUNTS", 99)
    assert beside(found, PLAIN, outcome).lacking == {str(number): number for number in range(2, 10)}
    monkeypatch.setattr(rules, "RECOUNTS", 10)
    assert beside(found, PLAIN, outcome).lacking == {"2": 2}


def test_what_is_kept_reads_the_same_and_holds_every_rule() -> None:
    found = street()
    kept = beside(found, PLAIN, RULES["phragmen"](found, PLAIN))
    assert read_beside(kept.kept()) == kept
    assert [(one.rule, one.winners) for one in kept.others] == [
        (one.rule, one.winners) for one in side_by_side(found, PLAIN)
    ]


def test_too_many_ballots_are_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = street()
    monkeypatch.setattr(rules, "MANY_BALLOTS", 3)
    assert beside(found, PLAIN, RULES["greedy"](found, PLAIN)).lacking == {}


def test_a_page_of_a_result_does_not_count(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_ballot(db, costs=(60_000_000, 40_000_000, 40_000_000), ties=TieRule.NAME)
    for _ in range(3):
        vote(db, scene, scene.numbers[:2])
    vote(db, scene, scene.numbers[2:])
    finish(db, scene)
    kept = db.scalars(select(Tally.trace)).one()["beside"]
    assert kept["lacking"] == {scene.numbers[2]: 3}

    def never(*_: object) -> None:
        raise AssertionError("the page counts")

    monkeypatch.setattr(rules, "side_by_side", never)
    monkeypatch.setattr(rules, "votes_lacking", never)
    card = queries.find_card(db, scene.commune.id, scene.ballot.id)
    worked = results.analysis(db, card, find_count(db, card.id), {})
    assert worked.lacking == {scene.numbers[2]: 3}
    assert len(worked.ways) == 5
    assert [way.is_own for way in worked.ways].count(True) == 1

"""What a vote asks of the database: few statements, a short write, and nothing a worker keeps hides a close."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.people.actor import CLOCK
from cdp.priorities.models import Vote
from cdp.priorities.queries import ballots as queries
from cdp.priorities.services import casting, closing
from cdp.priorities.states import BallotState
from cdp.store.engine import Store
from tests.browser_of_pages import Browser
from tests.priorities.ballots import make_ballot, print_codes

MOST = {"sqlite": 6, "postgresql": 10}
"""PostgreSQL holds the ballot against its close, and shakes the urn and the codes."""


def test_a_vote_by_code_takes_as_few_statements_after_many_votes_as_after_one(store: Store) -> None:
    seen: list[str] = []
    with store.writer() as db:
        scene = make_ballot(db)
        codes = print_codes(db, scene, 12)
        db.commit()

    def note(_line: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    counts = []
    for code in codes:
        seen.clear()
        store.attempt(lambda db, code=code: casting.cast_by_code(db, scene.ballot, scene.numbers[:1], code=code))  # type: ignore[misc]
        counts.append(len(seen))
    assert max(counts[1:]) <= MOST[store.engine.dialect.name]
    with store.reader() as db:
        assert len(db.scalars(select(Vote.id)).all()) == 12


def test_who_looks_at_the_choice_once_more_waits_for_no_writer(app: Flask, browser: Browser, db: Session) -> None:
    scene = make_ballot(db)
    code = print_codes(db, scene)[0]
    db.commit()
    address = f"/fr/{scene.commune.slug}/ballots/{scene.ballot.id}/code"
    held: Store = app.extensions["store"]
    with held.begin() as writer:
        casting.cast_by_code(writer, scene.ballot, scene.numbers[:1], code=code)
        page = browser.post(address, code=code, step="review", choice=scene.numbers[:2])
    assert "secret" in page.text


def test_what_a_worker_keeps_of_an_open_ballot_does_not_hide_its_close(db: Session) -> None:
    scene = make_ballot(db)
    db.commit()
    number, commune = scene.ballot.id, scene.commune.id
    before = queries.find_card(db, commune, number)
    assert before == queries.card_of(db, scene.ballot) == queries.find_card(db, commune, number)
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
        after = queries.find_card(db, commune, number)
    assert (before.state, after.state) == (BallotState.OPEN, BallotState.CLOSED)
    assert after.sheet is before.sheet


def test_a_draft_is_read_anew_each_time(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    first = queries.find_card(db, scene.commune.id, scene.ballot.id)
    scene.ballot.most = 2
    assert queries.find_card(db, scene.commune.id, scene.ballot.id).draft.most == 2 != first.draft.most

"""Somebody with the database in hand tries to link voters to votes; and does no better than by chance."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.priorities.models import RollEntry, Vote
from cdp.priorities.rules.secret_codes import new_secret
from cdp.priorities.services import casting, closing, roll
from cdp.priorities.services.urn import OTHERS
from cdp.priorities.states import BallotKind
from cdp.tables import metadata
from tests.priorities.ballots import Scene, make_ballot, print_codes

PEOPLE = 60
CHANCE = 0.3
"""Links that a guesser may get right: with 60 different votes, chance alone gives one or two of 60."""


@pytest.fixture
def voted(db: Session) -> tuple[Scene, dict[int, int]]:
    """The same trial for all."""
    return cast_one_after_the_other(db)


def cast_one_after_the_other(db: Session) -> tuple[Scene, dict[int, int]]:
    """Sixty people voted one after the other, each with a content of their own: roll entry -> points given."""
    scene = make_ballot(db, costs=(100, 200, 300), kind=BallotKind.POINTS, purse=500)
    roll.enrol_names(db, scene.officer, scene.ballot, [f"Person {n:03}" for n in range(PEOPLE)])
    db.commit()
    order = list(db.scalars(select(RollEntry.id)))
    random.Random(7).shuffle(order)
    said = {}
    for position, entry in enumerate(order, 1):
        content = {scene.numbers[0]: position}
        casting.cast_at_station(db, scene.facilitator, scene.ballot, content, entry_id=entry, secret=new_secret())
        db.commit()
        said[entry] = position
    return scene, said


def right(said: dict[int, int], voters: list[int], votes: list[int]) -> float:
    """The share of voters whose vote a guesser finds who takes both lists to run alike."""
    pairs = list(zip(voters, votes, strict=True))
    return sum(said[voter] == vote for voter, vote in pairs) / len(pairs)


def orders(db: Session, table: str, column: str) -> dict[str, list[int]]:
    """The rows of a table in every order the database itself can tell: as it lies there, by its hidden columns."""
    keys = [""]
    if db.get_bind().dialect.name == "postgresql":
        keys += ["ORDER BY ctid", "ORDER BY xmin::text::bigint, ctid"]
    elif table == "roll_entry":
        keys += ["ORDER BY rowid"]
    where = "WHERE taken IS NOT NULL" if table == "roll_entry" else ""
    found = {key: [row[0] for row in db.execute(text(f"SELECT {column} FROM {table} {where} {key}"))] for key in keys}
    return {f"{table} {key}": rows for key, rows in found.items()}


def points(kept: Any) -> int:
    return int(next(iter(json.loads(kept).values())))


def guesses(db: Session, said: dict[int, int]) -> dict[str, float]:
    """How many links each pair of orders gives."""
    result = {}
    for one, voters in orders(db, "roll_entry", "id").items():
        for other, kept in orders(db, "vote", "content").items():
            result[f"{one} / {other}"] = right(said, voters, [points(row) for row in kept])
    return result


def test_while_the_ballot_is_open_no_order_of_rows_links_a_voter_to_a_vote(
    db: Session, voted: tuple[Scene, dict[int, int]]
) -> None:
    assert {pair: share for pair, share in guesses(db, voted[1]).items() if share > CHANCE} == {}


def test_a_guesser_would_link_everybody_were_the_urn_not_shaken(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial above can fail: on PostgreSQL rows tell their transaction."""
    monkeypatch.setattr(casting, "shake", lambda *_args, **_more: None)
    found = guesses(db, cast_one_after_the_other(db)[1])
    is_telling = db.get_bind().dialect.name == "postgresql"
    assert max(found.values()) == 1 if is_telling else max(found.values()) < CHANCE


def test_after_the_shuffle_of_the_worker_neither(db: Session, voted: tuple[Scene, dict[int, int]]) -> None:
    closing.shuffle_open(db)
    db.commit()
    assert {pair: share for pair, share in guesses(db, voted[1]).items() if share > CHANCE} == {}


def test_after_the_close_all_votes_have_one_transaction_and_no_order(
    db: Session, voted: tuple[Scene, dict[int, int]]
) -> None:
    scene, said = voted
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
    db.commit()
    assert {pair: share for pair, share in guesses(db, said).items() if share > CHANCE} == {}
    if db.get_bind().dialect.name == "postgresql":
        assert db.scalar(text("SELECT count(DISTINCT xmin::text) FROM vote")) == 1
        assert db.scalar(text("SELECT count(DISTINCT xmin::text) FROM roll_entry")) == 1
    assert sorted(points(row[0]) for row in db.execute(text("SELECT content FROM vote"))) == sorted(said.values())


def test_the_transaction_of_a_tick_is_that_of_several_votes(db: Session, voted: tuple[Scene, dict[int, int]]) -> None:
    """On PostgreSQL a row tells its transaction; the last voter's is shared by as many as were rewritten with it."""
    if db.get_bind().dialect.name != "postgresql":
        return
    _scene, said = voted
    last = max(said, key=lambda entry: said[entry])
    xmin = db.scalar(text(f"SELECT xmin::text FROM roll_entry WHERE id = {last}"))
    same = db.scalar(text(f"SELECT count(*) FROM vote WHERE xmin::text = '{xmin}'"))
    assert same == OTHERS + 1


def test_a_vote_says_nothing_but_what_was_voted() -> None:
    columns = set(metadata.tables["vote"].columns.keys())
    assert columns == {"id", "commune_id", "ballot_id", "content", "locator", "receipt_hash"}
    leads_to = {key.column.table.name for key in metadata.tables["vote"].foreign_keys}
    assert leads_to == {"commune", "ballot"}
    pointing = [t for t, d in metadata.tables.items() if any(k.column.table.name == "vote" for k in d.foreign_keys)]
    assert pointing == []


def test_neither_side_keeps_a_moment(db: Session) -> None:
    for table in ("vote", "roll_entry", "voting_code", "turnout_count"):
        kinds = {str(column["type"]) for column in inspect(db.get_bind()).get_columns(table)}
        assert not {kind for kind in kinds if "DATE" in kind or "TIME" in kind}, table


def test_votes_lie_by_their_random_key_and_not_by_a_row_number(db: Session) -> None:
    if db.get_bind().dialect.name != "sqlite":
        return
    assert "WITHOUT ROWID" in str(db.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'vote'")))


def test_a_code_leads_to_its_vote_only_for_who_holds_it(db: Session) -> None:
    scene = make_ballot(db)
    code = print_codes(db, scene)[0]
    casting.cast_by_code(db, scene.ballot, scene.numbers[:1], code=code)
    db.commit()
    hashes = {row[0] for row in db.execute(text("SELECT code_hash FROM voting_code"))}
    locators = {row[0] for row in db.execute(text("SELECT locator FROM vote"))}
    assert not hashes & locators
    assert db.scalars(select(Vote.locator)).one() not in hashes


def test_the_record_tells_no_voter(db: Session, voted: tuple[Scene, dict[int, int]]) -> None:
    told = db.execute(text("SELECT act, thing, detail FROM event WHERE at >= :day"), {"day": str(today())}).all()
    assert not [row for row in told if "cast" in row[0] or row[1] in {"vote", "roll_entry"}]

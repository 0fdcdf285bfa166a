"""Setting up, opening, casting, changing, closing: who may, who may not, and what counts once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken, Trouble
from cdp.people.actor import CLOCK, NOBODY
from cdp.people.states import Role
from cdp.priorities.models import Ballot, BallotClose, BallotKey, RollEntry, Vote, VotingCode
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.office import own_entry
from cdp.priorities.queries.turnout import counted
from cdp.priorities.rules.secret_codes import new_secret, receipt_hash
from cdp.priorities.services import ballots, casting, closing, codes, roll
from cdp.priorities.states import AgeClass, BallotKind, BallotState, RollSource, TurnoutFacet, VoteChannel, VoterKind
from cdp.rounds import queries as rounds
from cdp.store.audit import Event
from cdp.store.engine import Store
from tests.factories import actor_of, make_commune, make_official, make_resident
from tests.priorities.ballots import Scene, draft, make_ballot, make_voter, print_codes, vote


def votes(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Vote)) or 0


def contents(db: Session) -> list[Any]:
    return sorted(db.scalars(select(Vote.content)))


# Who may


ACTS: dict[str, Callable[[Session, Any, Scene], Any]] = {
    "change": lambda db, who, s: ballots.change(db, who, s.ballot, draft(most=2)),
    "decide": lambda db, who, s: ballots.decide(db, who, s.ballot, s.numbers[0], standing="offered"),
    "open": lambda db, who, s: ballots.open_ballot(db, who, s.ballot),
    "enrol": lambda db, who, s: roll.enrol_names(db, who, s.ballot, ["Fadma"]),
    "accounts": lambda db, who, s: roll.enrol_accounts(db, who, s.ballot),
    "print": lambda db, who, s: codes.print_batch(db, who, s.ballot, 2, label="x", key="k"),
    "test codes": lambda db, who, s: codes.print_test_batch(db, who, s.ballot, 2, label="x", key="k"),
    "prepare": lambda db, who, s: ballots.prepare(db, who, rounds.card(db, s.round_), draft(), key="other"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_office_sets_up_and_nobody_else(db: Session, act: str) -> None:
    scene = make_ballot(db, is_open=False)
    elsewhere = actor_of(db, make_official(db, make_commune(db)))
    for who in (NOBODY, actor_of(db, make_resident(db, scene.commune)), elsewhere, scene.facilitator):
        with pytest.raises(Refused):
            ACTS[act](db, who, scene)
    ACTS[act](db, scene.officer, scene)


def test_a_facilitator_ticks_and_a_resident_does_not(db: Session) -> None:
    scene = make_ballot(db)
    roll.enrol_names(db, scene.officer, scene.ballot, ["Fadma Id Said"], locality_id=scene.places[0].id)
    entry = db.scalars(select(RollEntry)).one()
    with pytest.raises(Refused):
        roll.tick(db, actor_of(db, make_resident(db, scene.commune)), scene.ballot, entry.id, VoteChannel.PAPER)
    roll.tick(db, scene.facilitator, scene.ballot, entry.id, VoteChannel.PAPER)
    with pytest.raises(RuleBroken, match="already_voted"):
        casting.cast_at_station(db, scene.facilitator, scene.ballot, [], entry_id=entry.id, secret=new_secret())
    roll.untick(db, scene.facilitator, scene.ballot, entry.id)
    assert db.scalar(select(RollEntry.taken)) is None


# Set up and frozen


def test_rules_are_versions_until_the_ballot_opens(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    ballots.change(db, scene.officer, scene.ballot, draft(most=2))
    ballots.change(db, scene.officer, scene.ballot, draft(most=2))
    assert scene.ballot.version == 2
    changed = db.scalars(select(Event.detail).where(Event.act == "priorities.change_ballot")).one()
    assert changed == {"version": 2, "changed": ["most"]}


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"closes_on": today() - timedelta(days=1)}, "ballot_days_in_order"),
        ({"seed": " "}, "ballot_lot_needs_seed"),
        ({"kind": BallotKind.POINTS}, "ballot_purse_missing"),
        ({"admits": frozenset()}, "ballot_nobody_votes"),
        ({"most": 0}, "ballot_most_at_least_one"),
    ],
)
def test_rules_that_cannot_hold_are_refused(db: Session, wrong: dict[str, Any], key: str) -> None:
    scene = make_ballot(db, is_open=False)
    with pytest.raises(RuleBroken, match=key):
        ballots.change(db, scene.officer, scene.ballot, draft(**wrong))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ballot SET budget_minor = 1",
        "UPDATE ballot SET closes_on = '2030-01-01'",
        "DELETE FROM ballot",
        "UPDATE ballot_project SET cost_minor = 1",
        "DELETE FROM ballot_project",
        "INSERT INTO ballot_project (id, commune_id, ballot_id, proposal_id, place, number, title, cost_minor,"
        " territory, sector, proposer, standing, reason, reason_language) SELECT 999, commune_id, ballot_id,"
        " proposal_id, 99, 'X',"
        " '{}', 1, '', 'water', 'resident', 'offered', '', '' FROM ballot_project LIMIT 1",
    ],
)
def test_the_database_refuses_any_change_of_an_open_ballot(db: Session, statement: str) -> None:
    make_ballot(db)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(statement))


def test_an_open_ballot_is_not_changed_by_its_office_either(db: Session) -> None:
    scene = make_ballot(db)
    for act in (
        lambda: ballots.change(db, scene.officer, scene.ballot, draft(most=1)),
        lambda: ballots.decide(db, scene.officer, scene.ballot, scene.numbers[0], standing="excluded", reason="non"),
        lambda: ballots.take_projects(db, scene.officer, scene.ballot),
        lambda: ballots.open_ballot(db, scene.officer, scene.ballot),
    ):
        with pytest.raises(RuleBroken, match="step_not_possible"):
            act()


def test_the_same_form_sent_twice_prepares_one_ballot(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    card, key = rounds.card(db, scene.round_), scene.ballot.idempotency_key or ""
    assert ballots.prepare(db, scene.officer, card, draft(), key=key).id == scene.ballot.id
    with pytest.raises(Conflict):
        ballots.prepare(db, scene.officer, card, draft(most=1), key=key)


def test_a_ballot_of_another_commune_is_not_found(db: Session) -> None:
    scene = make_ballot(db)
    with pytest.raises(NotFound):
        queries.find(db, make_commune(db).id, scene.ballot.id)


def test_a_ballot_without_projects_does_not_open(db: Session) -> None:
    scene = make_ballot(db, costs=(), is_open=False)
    with pytest.raises(RuleBroken, match="ballot_no_projects"):
        ballots.open_ballot(db, scene.officer, scene.ballot)


# Casting


def test_a_vote_by_account_ticks_the_roll_and_counts_the_classes(db: Session) -> None:
    scene = make_ballot(db)
    voter = make_voter(db, scene)
    classes = casting.Classes(VoterKind.WOMEN, AgeClass.OLDER)
    secret = new_secret()
    given = casting.cast_by_account(db, voter, scene.ballot, scene.numbers[:1], secret=secret, classes=classes)
    entry = own_entry(db, scene.ballot.id, voter.person_id)
    assert entry is not None
    assert entry[1] is VoteChannel.ACCOUNT
    found = counted(db, scene.ballot.id)
    assert found[TurnoutFacet.KIND] == {"women": 1}
    assert found[TurnoutFacet.AGE] == {"older": 1}
    assert found[TurnoutFacet.PLACE] == {str(scene.places[0].id): 1}
    assert receipt_hash(given.receipt) in db.scalars(select(Vote.receipt_hash)).all()


def test_casting_leaves_no_line_in_the_record(db: Session) -> None:
    scene = make_ballot(db)
    before = db.scalar(select(func.count()).select_from(Event))
    vote(db, scene, scene.numbers[:1])
    assert db.scalar(select(func.count()).select_from(Event)) == before


def test_who_is_not_on_the_roll_does_not_vote(db: Session) -> None:
    scene = make_ballot(db)
    with pytest.raises(Refused, match="not_on_roll"):
        vote(db, scene, [], actor_of(db, make_resident(db, scene.commune)))
    with pytest.raises(Refused, match="sign_in"):
        vote(db, scene, [], NOBODY)
    assert votes(db) == 0


def test_the_second_of_two_tabs_is_refused_and_one_vote_counts(db: Session) -> None:
    scene = make_ballot(db)
    voter = make_voter(db, scene)
    vote(db, scene, scene.numbers[:1], voter)
    with pytest.raises(RuleBroken, match="already_voted"):
        vote(db, scene, scene.numbers[1:], voter)
    assert contents(db) == [scene.numbers[:1]]


def test_the_same_confirmation_sent_twice_counts_once(db: Session) -> None:
    scene = make_ballot(db)
    voter, secret = make_voter(db, scene), new_secret()
    first = casting.cast_by_account(db, voter, scene.ballot, scene.numbers[:1], secret=secret)
    assert casting.cast_by_account(db, voter, scene.ballot, scene.numbers[:1], secret=secret) == first
    with pytest.raises(Conflict):
        casting.cast_by_account(db, voter, scene.ballot, [], secret=secret)
    assert votes(db) == 1


@pytest.mark.parametrize(
    ("content", "key", "rules"),
    [
        (["TZ-0000-000"], "vote_unknown_project", {}),
        ("all", "vote_too_many", {"most": 2}),
        ("all", "vote_over_purse", {"kind": BallotKind.KNAPSACK}),
        ("twice", "vote_named_twice", {}),
    ],
)
def test_a_vote_that_breaks_the_rules_is_refused_with_its_reason(
    db: Session, content: Any, key: str, rules: dict[str, Any]
) -> None:
    scene = make_ballot(db, **rules)
    chosen = {"all": scene.numbers, "twice": scene.numbers[:1] * 2}.get(content if isinstance(content, str) else "")
    voter = make_voter(db, scene)
    with pytest.raises(RuleBroken, match=key):
        vote(db, scene, chosen or content, voter)
    assert own_entry(db, scene.ballot.id, voter.person_id) is not None
    assert votes(db) == 0


def test_an_excluded_project_cannot_be_voted_for(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    ballots.decide(
        db, scene.officer, scene.ballot, scene.numbers[2], standing="excluded", reason="Déjà financé", language="fr"
    )
    with pytest.raises(RuleBroken, match="reason_needed"):
        ballots.decide(db, scene.officer, scene.ballot, scene.numbers[1], standing="pinned", reason=" ")
    ballots.open_ballot(db, scene.officer, scene.ballot)
    with pytest.raises(RuleBroken, match="vote_excluded_project"):
        vote(db, scene, scene.numbers[2:])


# Codes


def test_a_printed_code_votes_once_and_changes_its_vote(db: Session) -> None:
    scene = make_ballot(db)
    code = print_codes(db, scene)[0]
    given = casting.cast_by_code(db, scene.ballot, scene.numbers[:1], code=f" {code[:5].lower()}-{code[5:]}")
    assert casting.cast_by_code(db, scene.ballot, scene.numbers[:1], code=code) == given
    with pytest.raises(Trouble):
        casting.cast_by_code(db, scene.ballot, scene.numbers[1:], code=code)
    changed = casting.change(db, scene.ballot, scene.numbers[1:], secret=code)
    assert changed.receipt == given.receipt
    assert contents(db) == [scene.numbers[1:]]


def test_codes_that_open_nothing_say_why(db: Session) -> None:
    scene = make_ballot(db)
    printed = print_codes(db, scene)
    batch = db.scalars(select(VotingCode.batch_id)).first()
    assert batch is not None
    casting.cast_by_code(db, scene.ballot, [], code=printed[0])
    assert codes.void_batch(db, scene.officer, scene.ballot, batch, reason="perdus") == 2
    for code, key in ((new_secret(), "code_unknown"), ("0OIL1", "code_unknown"), (printed[1], "code_void")):
        with pytest.raises(RuleBroken, match=key):
            casting.cast_by_code(db, scene.ballot, [], code=code)
    with pytest.raises(RuleBroken, match="code_used"):
        casting.check_code(db, scene.ballot, printed[0])


def test_a_test_code_goes_all_the_way_and_leaves_nothing(db: Session) -> None:
    scene = make_ballot(db)
    code = codes.print_test_batch(db, scene.officer, scene.ballot, 1, label="Essai", key="essai")[0]
    for _ in range(2):
        assert casting.cast_by_code(db, scene.ballot, scene.numbers, code=code).is_test
    assert votes(db) == 0
    assert not counted(db, scene.ballot.id)[TurnoutFacet.CHANNEL]


def test_printed_codes_are_kept_nowhere_and_have_no_look_alike_letters(db: Session, store: Store) -> None:
    scene = make_ballot(db)
    printed = print_codes(db, scene, size=20)
    db.commit()
    assert not set("".join(printed)) & set("0O1IL")
    with pytest.raises(RuleBroken, match="batch_printed"):
        print_codes(db, scene)
    for table in ("voting_code", "code_batch", "event"):
        kept = str(db.execute(text(f"SELECT * FROM {table}")).all())
        assert not any(code in kept for code in printed)


# Changing


def test_a_change_code_changes_the_vote_and_a_wrong_one_does_not(db: Session) -> None:
    scene = make_ballot(db)
    given = vote(db, scene, scene.numbers[:1])
    casting.change(db, scene.ballot, [], secret=given.secret)
    assert contents(db) == [[]]
    for wrong in (new_secret(), given.receipt, "", "nothing"):
        with pytest.raises(RuleBroken, match="no_vote_to_change"):
            casting.change(db, scene.ballot, scene.numbers, secret=wrong)


# Days


def test_votes_come_in_on_the_days_of_the_ballot_only(db: Session) -> None:
    scene = make_ballot(db, opens_on=today() + timedelta(days=1))
    with pytest.raises(RuleBroken, match="ballot_not_open"):
        vote(db, scene, [])
    with clock.held_at(scene.ballot.closes_on):
        vote(db, scene, [])
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)), pytest.raises(RuleBroken, match="ballot_closed"):
        vote(db, scene, [])
    assert votes(db) == 1


def test_nobody_closes_before_the_last_day_has_passed(db: Session) -> None:
    scene = make_ballot(db)
    with clock.held_at(scene.ballot.closes_on), pytest.raises(Refused):
        closing.close(db, scene.officer, scene.ballot)
    assert closing.close_due(db) == 0
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        with pytest.raises(Refused):
            closing.close(db, scene.facilitator, scene.ballot)
        assert closing.close_due(db) == 1
        assert closing.close_due(db) == 0
    assert queries.card_of(db, scene.ballot).state is BallotState.CLOSED


def test_the_close_destroys_the_key_and_publishes_the_receipts(db: Session) -> None:
    scene = make_ballot(db)
    given = [vote(db, scene, scene.numbers[:1]) for _ in range(3)]
    with clock.held_at(scene.ballot.closes_on + timedelta(days=1)):
        closing.close(db, CLOCK, scene.ballot)
        for call in (
            lambda: casting.change(db, scene.ballot, [], secret=given[0].secret),
            lambda: vote(db, scene, []),
        ):
            with pytest.raises(RuleBroken, match="ballot_closed"):
                call()
    db.expire_all()
    assert db.scalar(select(BallotKey.id)) is None
    assert set(db.execute(select(Vote.locator, Vote.receipt_hash)).all()) == {(None, None)}
    assert db.scalars(select(BallotClose.receipts)).one() == sorted(receipt_hash(one.receipt) for one in given)
    assert votes(db) == 3


# The roll


def test_the_roll_takes_lists_and_accounts_and_nobody_twice(db: Session) -> None:
    scene = make_ballot(db, admits=frozenset({RollSource.RESIDENT, RollSource.GROUP}))
    place = scene.places[0].id
    names = ["Fadma Id Said", "  Fadma   Id Said ", "Lahcen Ait Oufkir", ""]
    assert roll.enrol_names(db, scene.officer, scene.ballot, names, locality_id=place) == 2
    assert roll.enrol_names(db, scene.officer, scene.ballot, names, locality_id=place) == 0
    make_resident(db, scene.commune)
    assert roll.enrol_accounts(db, scene.officer, scene.ballot) == 1
    assert roll.enrol_accounts(db, scene.officer, scene.ballot) == 0
    with pytest.raises(NotFound):
        roll.enrol_names(db, scene.officer, scene.ballot, ["X"], locality_id=10_000)


def test_who_was_struck_off_does_not_vote_and_who_voted_is_not_struck_off(db: Session) -> None:
    scene = make_ballot(db)
    voter, other = make_voter(db, scene), make_voter(db, scene)
    entry = own_entry(db, scene.ballot.id, voter.person_id)
    voted = own_entry(db, scene.ballot.id, other.person_id)
    assert entry is not None
    assert voted is not None
    vote(db, scene, [], other)
    roll.strike(db, scene.officer, scene.ballot, entry[0], reason="deux fois sur la liste")
    with pytest.raises(Refused, match="not_on_roll"):
        vote(db, scene, [], voter)
    with pytest.raises(RuleBroken, match="already_voted"):
        roll.strike(db, scene.officer, scene.ballot, voted[0], reason="trop tard")


def test_the_station_votes_for_who_stands_there_and_for_nobody_of_another_ballot(db: Session) -> None:
    scene, other = make_ballot(db), make_ballot(db)
    roll.enrol_names(db, scene.officer, scene.ballot, ["Fadma"])
    entry = db.scalars(select(RollEntry)).one()
    with pytest.raises(NotFound):
        casting.cast_at_station(db, other.facilitator, other.ballot, [], entry_id=entry.id, secret=new_secret())
    with pytest.raises(Refused):
        casting.cast_at_station(db, other.facilitator, scene.ballot, [], entry_id=entry.id, secret=new_secret())
    casting.cast_at_station(db, scene.facilitator, scene.ballot, [], entry_id=entry.id, secret=new_secret())
    assert db.scalar(select(RollEntry.taken)) is VoteChannel.STATION


def test_a_panel_member_and_a_treasurer_keep_no_ballot(db: Session) -> None:
    scene = make_ballot(db, is_open=False)
    for role in (Role.PANEL, Role.TREASURER, Role.COUNCILLOR):
        with pytest.raises(Refused):
            ballots.open_ballot(db, actor_of(db, make_official(db, scene.commune, role)), scene.ballot)
    assert db.scalars(select(Ballot.opened_at)).one() is None

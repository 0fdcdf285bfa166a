"""Casting a vote: by account, by a printed code, at a supervised station; changing it by its secret.

Nothing is written down beside the tick, the vote and the counters of the turnout: no audit line, no letter, no
moment (``models.urn`` says why). The close of a ballot and a vote that comes at the same time do not pass one
another: both hold the ballot's row.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import Conflict, NotFound, Refused, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot, BallotKey, CodeBatch, RollEntry, TurnoutCount, Vote, VotingCode
from cdp.priorities.models.urn import drawn
from cdp.priorities.policy import BALLOT_POLICY
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.rules import secret_codes
from cdp.priorities.rules.ballots import Content, tidy, vote_problem
from cdp.priorities.services.urn import shake
from cdp.priorities.states import AgeClass, BallotKind, BallotState, BallotStep, TurnoutFacet, VoteChannel, VoterKind
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.store.base import table_of
from cdp.store.engine import insert_of
from cdp.store.ready import Deed, Ready

PARTS = 16


class Named(Protocol):
    """A ballot, or its card: all that casting needs of it before it asks the database itself."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def commune_id(self) -> int:
        """Its commune."""


@dataclass(frozen=True)
class Classes:
    """What who votes liked to say about themselves, for the turnout alone."""

    kind: VoterKind = VoterKind.UNSAID
    age: AgeClass = AgeClass.UNSAID


@dataclass(frozen=True)
class Given:
    """What a voter takes away: the receipt, and the secret that changes the vote; ``is_test`` for a trial."""

    receipt: str
    secret: str
    is_test: bool = False


def cast_by_account(
    db: Session, actor: Actor, ballot: Named, content: Content, *, secret: str, classes: Classes | None = None
) -> Given:
    """The vote of a signed-in person on the roll. ``secret`` is drawn with the page that asks for confirmation.

    Refused("errors.sign_in", "priorities.not_on_roll"); RuleBroken("priorities.already_voted") with another secret.
    The same page sent twice counts once.
    """
    person_id = actor.known()
    card, key, wanted = _booth(db, ballot, content)
    if (again := _again(db, ballot, key, secret=secret, content=wanted)) is not None:
        return again
    entry = db.execute(
        select(RollEntry.id, RollEntry.taken, RollEntry.locality_id).where(
            RollEntry.ballot_id == ballot.id, RollEntry.person_id == person_id, RollEntry.struck_because == ""
        )
    ).one_or_none()
    if entry is None:
        raise Refused("priorities.not_on_roll")
    _tick(db, entry.id, VoteChannel.ACCOUNT)
    given = _drop(db, card, key, secret=secret, content=wanted)
    _finish(db, card, given[1], classes, channel=VoteChannel.ACCOUNT, place=entry.locality_id, roll=entry.id)
    return given[0]


def cast_at_station(
    db: Session,
    actor: Actor,
    ballot: Named,
    content: Content,
    *,
    entry_id: int,
    secret: str,
    classes: Classes | None = None,
) -> Given:
    """The vote of somebody on the roll, on the office's tablet; who supervises is refused without a mandate."""
    card, key, wanted = _booth(db, ballot, content)
    round_card = rounds.card(db, db.get_one(Round, card.round_id))
    authorize(BALLOT_POLICY, BallotStep.TICK, actor, queries.case_of(card, round_card))
    if (again := _again(db, ballot, key, secret=secret, content=wanted)) is not None:
        return again
    entry = db.execute(
        select(RollEntry.id, RollEntry.locality_id).where(
            RollEntry.id == entry_id, RollEntry.ballot_id == ballot.id, RollEntry.struck_because == ""
        )
    ).one_or_none()
    if entry is None:
        raise NotFound("priorities.not_on_roll")
    _tick(db, entry.id, VoteChannel.STATION)
    given = _drop(db, card, key, secret=secret, content=wanted)
    _finish(db, card, given[1], classes, channel=VoteChannel.STATION, place=entry.locality_id, roll=entry.id)
    return given[0]


def cast_by_code(db: Session, ballot: Named, content: Content, *, code: str, classes: Classes | None = None) -> Given:
    """The vote of who holds a printed code; nobody is asked who they are.

    RuleBroken: "priorities.code_unknown", "priorities.code_void", "priorities.code_used" (it changes its vote by
    :func:`change`). A test code goes all the way and leaves nothing behind.
    """
    card, key, wanted = _booth(db, ballot, content)
    secret, found = _code(db, ballot, key, code)
    if found.is_test:
        return Given(secret_codes.receipt(key, secret), secret, is_test=True)
    if found.is_used and (again := _again(db, ballot, key, secret=secret, content=wanted)) is not None:
        return again
    if found.is_used or _use.run(db, {"code": found.id}) != 1:
        raise RuleBroken("priorities.code_used")
    given = _drop(db, card, key, secret=secret, content=wanted)
    _finish(db, card, given[1], classes, channel=VoteChannel.CODE, place=found.locality_id, code=found.id)
    return given[0]


def change(db: Session, ballot: Named, content: Content, *, secret: str) -> Given:
    """Put another content in the place of the vote this secret finds; RuleBroken("priorities.no_vote_to_change")."""
    _card, key, wanted = _booth(db, ballot, content)
    tidied = secret_codes.read_secret(secret)
    found = _vote_of(db, ballot, secret_codes.locator(key, tidied)) if tidied else None
    if found is None or tidied is None:
        raise RuleBroken("priorities.no_vote_to_change")
    statement = update(Vote).where(Vote.id == found.id).values(content=wanted)
    db.execute(statement, execution_options={"synchronize_session": False})
    shake(db, ballot.id, vote=found.id)
    return Given(secret_codes.receipt(key, tidied), tidied)


def may_change(db: Session, ballot: Named, typed: str) -> bool:
    """Whether a secret finds a vote that may still be changed."""
    key = db.scalar(select(BallotKey.key).where(BallotKey.ballot_id == ballot.id))
    secret = secret_codes.read_secret(typed)
    if key is None or secret is None:
        return False
    return _vote_of(db, ballot, secret_codes.locator(key, secret)) is not None


def check_code(db: Session, ballot: Named, typed: str) -> bool:
    """Whether a printed code is a test; RuleBroken when it opens nothing. Asked before the booth is shown."""
    _card, key, _ = _booth(db, ballot, None)
    _secret, found = _code(db, ballot, key, typed)
    if found.is_used:
        raise RuleBroken("priorities.code_used")
    return bool(found.is_test)


def _booth(db: Session, ballot: Named, content: Content | None) -> tuple[BallotCard, str, Content]:
    """The ballot's card and key, once it takes votes and this one counts; its row is held against the close."""
    if db.get_bind().dialect.name == "postgresql":
        _held.rows(db, ballot=ballot.id)
    card = queries.find_card(db, ballot.commune_id, ballot.id)
    if card.state is BallotState.DRAFT or today() < card.draft.opens_on:
        raise RuleBroken("priorities.ballot_not_open", day=card.draft.opens_on)
    if not card.takes_votes(today()):
        raise RuleBroken("priorities.ballot_closed", day=card.draft.closes_on)
    if card.sheet.kind is BallotKind.HANDS:
        raise RuleBroken("priorities.ballot_by_hands")
    found = _key.first(db, ballot=ballot.id)
    if found is None:
        raise RuleBroken("priorities.ballot_closed", day=card.draft.closes_on)
    key = str(found.key)
    if content is None:
        return card, key, []
    wanted = tidy(card.sheet, content)
    if problem := vote_problem(card.sheet, wanted):
        raise RuleBroken(problem)
    return card, key, wanted


def _again(db: Session, ballot: Named, key: str, *, secret: str, content: Content) -> Given | None:
    """What was given when the same confirmation comes a second time; Conflict when it says something else."""
    found = _vote_of(db, ballot, secret_codes.locator(key, secret))
    if found is None:
        return None
    if found.content != content:
        raise Conflict("priorities.already_voted")
    return Given(secret_codes.receipt(key, secret), secret)


def _vote_of(db: Session, ballot: Named, locator: str) -> Any:
    return _vote.first(db, ballot=ballot.id, locator=locator)


def _code(db: Session, ballot: Named, key: str, typed: str) -> tuple[str, Any]:
    secret = secret_codes.read_secret(typed)
    if secret is None:
        raise RuleBroken("priorities.code_unknown")
    found = _printed.first(db, ballot=ballot.id, hash=secret_codes.code_hash(key, secret))
    if found is None:
        raise RuleBroken("priorities.code_unknown")
    if found.is_void:
        raise RuleBroken("priorities.code_void")
    return secret, found


def _tick(db: Session, entry_id: int, channel: VoteChannel) -> None:
    """Note on the roll that this voter has voted; RuleBroken("priorities.already_voted") for the second."""
    if _take.run(db, {"entry": entry_id, "channel": channel}) != 1:
        raise RuleBroken("priorities.already_voted")


def _drop(db: Session, card: BallotCard, key: str, *, secret: str, content: Content) -> tuple[Given, int]:
    """Put the vote into the urn; gives what the voter takes away, and the vote's key for the shaking."""
    receipt = secret_codes.receipt(key, secret)
    number = drawn()
    vote = {
        "id": number,
        "commune_id": card.commune_id,
        "ballot_id": card.id,
        "content": content,
        "locator": secret_codes.locator(key, secret),
        "receipt_hash": secret_codes.receipt_hash(receipt),
    }
    _into_urn.run(db, vote)
    return Given(receipt, secret), number


def _finish(
    db: Session,
    card: BallotCard,
    vote: int,
    classes: Classes | None,
    *,
    channel: VoteChannel,
    place: int | None,
    roll: int | None = None,
    code: int | None = None,
) -> None:
    """Shake the urn, and count the voter in the turnout, last, so that nobody waits long for a counter."""
    shake(db, card.id, vote=vote, roll=roll, code=code)
    said = classes or Classes()
    values = {TurnoutFacet.CHANNEL: channel.value, TurnoutFacet.KIND: said.kind.value, TurnoutFacet.AGE: said.age.value}
    values[TurnoutFacet.PLACE] = "" if place is None else str(place)
    count_voter(db, card.commune_id, card.id, values)


def count_voter(db: Session, commune_id: int, ballot_id: int, values: dict[TurnoutFacet, str], number: int = 1) -> None:
    """Add voters to the counters of each facet, always in the same order."""
    common = {"commune_id": commune_id, "ballot_id": ballot_id, "part": secrets.randbelow(PARTS), "count": number}
    _count.each(db, [common | {"facet": facet, "value": values[facet]} for facet in sorted(values)])


def _counting(dialect: str) -> Any:
    added = insert_of(dialect, table_of(TurnoutCount))
    counted = {"count": table_of(TurnoutCount).c.count + added.excluded.count}
    return added.on_conflict_do_update(index_elements=["ballot_id", "facet", "value", "part"], set_=counted)


def _using(_dialect: str) -> Any:
    code = table_of(VotingCode)
    free = (code.c.is_used.is_(False), code.c.is_void.is_(False))
    return update(code).where(code.c.id == bindparam("code"), *free).values(is_used=True)


def _taking(_dialect: str) -> Any:
    entry = table_of(RollEntry)
    return (
        update(entry)
        .where(entry.c.id == bindparam("entry"), entry.c.taken.is_(None))
        .values(taken=bindparam("channel", type_=entry.c.taken.type))
    )


_count, _use, _take = Deed(_counting), Deed(_using), Deed(_taking)
_into_urn = Deed(lambda _dialect: insert(table_of(Vote)))
_held = Ready(
    lambda: select(Ballot.id).where(Ballot.id == bindparam("ballot")).with_for_update(read=True, key_share=True)
)
_key = Ready(lambda: select(BallotKey.key).where(BallotKey.ballot_id == bindparam("ballot")))
_vote = Ready(
    lambda: select(Vote.id, Vote.content).where(
        Vote.ballot_id == bindparam("ballot"), Vote.locator == bindparam("locator")
    )
)
_printed = Ready(
    lambda: (
        select(VotingCode.id, VotingCode.is_used, VotingCode.is_void, CodeBatch.is_test, CodeBatch.locality_id)
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.ballot_id == bindparam("ballot"), VotingCode.code_hash == bindparam("hash"))
    )
)

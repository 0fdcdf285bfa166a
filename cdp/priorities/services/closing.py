"""The close of a ballot: no vote comes in, no vote can be changed, and nothing leads to a vote any more."""

import contextlib

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Trouble
from cdp.people.actor import CLOCK, Actor
from cdp.priorities.models import Ballot, BallotClose, BallotKey, Vote
from cdp.priorities.queries import ballots as queries
from cdp.priorities.services.ballots import enter
from cdp.priorities.services.urn import shuffle
from cdp.priorities.states import BallotStep
from cdp.store.audit import record


def close(db: Session, actor: Actor, ballot: Ballot) -> None:
    """Close after the last day: publish the hashes of the receipts, take them and the locators off the votes,
    destroy the key, shuffle. Run by the clock or by the office; never before the day that was published.
    """
    actor = enter(db, actor, ballot, BallotStep.CLOSE)
    receipts = db.scalars(select(Vote.receipt_hash).where(Vote.ballot_id == ballot.id)).all()
    closing = BallotClose(
        commune_id=ballot.commune_id,
        ballot_id=ballot.id,
        closed_by_id=actor.person_id,
        closed_at=now(),
        receipts=sorted(receipt for receipt in receipts if receipt is not None),
    )
    db.add(closing)
    statement = update(Vote).where(Vote.ballot_id == ballot.id).values(locator=None, receipt_hash=None)
    db.execute(statement, execution_options={"synchronize_session": False})
    db.execute(delete(BallotKey).where(BallotKey.ballot_id == ballot.id))
    shuffle(db, ballot.id)
    db.flush()
    record(db, actor, "priorities.close_ballot", ballot, votes=len(receipts))


def close_due(db: Session) -> int:
    """Close what the calendar has ended (for the clock); gives how many."""
    closed = 0
    for ballot in queries.to_close(db, today()):
        with contextlib.suppress(Trouble):
            close(db, CLOCK, ballot)
            closed += 1
    return closed


def shuffle_open(db: Session) -> int:
    """Shuffle the urns of today's ballots (for the clock); gives the votes that were written anew."""
    return sum(shuffle(db, ballot_id) for ballot_id in queries.voting_on(db, today()))

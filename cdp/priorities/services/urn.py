"""The urn is shaken: rows are rewritten among others, so that neither their transaction nor their place tells.

Only PostgreSQL tells (``xmin``, ``ctid``); on SQLite the rows lie by their random keys, and nothing is to be done.
"""

from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from cdp.priorities.models import Ballot, RollEntry, Vote, VotingCode
from cdp.priorities.models.urn import drawn

UNSEEN = {"synchronize_session": False}
OTHERS = 7
"""How many other rows are rewritten with each vote."""


def shake(db: Session, ballot_id: int, *, vote: int, roll: int | None = None, code: int | None = None) -> None:
    """Rewrite a fresh vote, and the tick or code it came with, each among seven others that lay there before."""
    if db.get_bind().dialect.name != "postgresql":
        return
    _rewrite(db, Vote, Vote.id, (Vote.ballot_id == ballot_id,), number=vote)
    if roll is not None:
        ticked = (RollEntry.ballot_id == ballot_id, RollEntry.taken.is_not(None))
        _rewrite(db, RollEntry, RollEntry.mix, ticked, number=roll)
    if code is not None:
        used = (VotingCode.ballot_id == ballot_id, VotingCode.is_used)
        _rewrite(db, VotingCode, VotingCode.mix, used, number=code)


def _rewrite(db: Session, table: Any, order: Any, among: tuple[Any, ...], *, number: int) -> None:
    """Write a row again together with others; those another voter holds just now are passed over."""
    start, found = drawn(), [number]
    for side, way in ((order >= start, order), (order < start, order.desc())):
        missing = OTHERS + 1 - len(found)
        if missing > 0:
            chosen = select(table.id).where(*among, side, table.id.not_in(found)).order_by(way).limit(missing)
            found += db.scalars(chosen.with_for_update(skip_locked=True)).all()
    key = table.__table__.c.ballot_id
    db.execute(
        update(table).where(table.id.in_(found)).values({key: key}), execution_options={"synchronize_session": False}
    )


def shuffle(db: Session, ballot_id: int) -> int:
    """Write the whole urn anew in random order within this transaction, and the ticks and codes; gives the votes.

    Who votes meanwhile waits: the ballot's row is held from here to the commit, no vote slips between.
    """
    if db.get_bind().dialect.name != "postgresql":
        return 0
    db.execute(select(Ballot.id).where(Ballot.id == ballot_id).with_for_update())
    kept = (Vote.commune_id, Vote.ballot_id, Vote.content, Vote.locator, Vote.receipt_hash)
    found = db.execute(select(*kept).where(Vote.ballot_id == ballot_id).order_by(func.random()))
    rows = [{"id": drawn(), **row} for row in found.mappings()]
    db.execute(delete(Vote).where(Vote.ballot_id == ballot_id), execution_options=UNSEEN)
    if rows:
        db.execute(insert(Vote), rows)
    for table in (RollEntry, VotingCode):
        key = table.__table__.c.ballot_id
        statement = update(table).where(table.ballot_id == ballot_id).values({key: key})
        db.execute(statement, execution_options=UNSEEN)
    return len(rows)

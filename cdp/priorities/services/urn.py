"""The urn is shaken: rows are rewritten among others, so that neither their transaction nor their place tells.

Only PostgreSQL tells (``xmin``, ``ctid``); on SQLite the rows lie by their random keys, and nothing is to be done.
"""

from typing import Any

from sqlalchemy import BigInteger, Table, bindparam, delete, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from cdp.priorities.models import Ballot, RollEntry, Vote, VotingCode
from cdp.priorities.models.urn import drawn
from cdp.store.base import table_of
from cdp.store.ready import Deed

UNSEEN = {"synchronize_session": False}
OTHERS = 7
"""How many other rows are rewritten with each vote."""


def shake(db: Session, ballot_id: int, *, vote: int, roll: int | None = None, code: int | None = None) -> None:
    """Rewrite a fresh vote, and the tick or code it came with, each among seven others that lay there before."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for deed, number in ((_votes, vote), (_ticks, roll), (_codes, code)):
        if number is not None:
            deed.run(db, {"ballot": ballot_id, "number": number, "start": drawn()})


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


def _rewriting(table: Table, order: Any, *among: Any) -> Any:
    """Write a row again together with others drawn at random: the next from a random key on, and down from there
    where the end is reached. Those another voter holds just now are passed over. One statement, in a random order.
    """
    number, start = bindparam("number", type_=BigInteger), bindparam("start", type_=BigInteger)
    others = (table.c.ballot_id == bindparam("ballot"), table.c.id != number, *among)

    def some(side: Any, way: Any) -> Any:
        found = select(table.c.id).where(*others, side).order_by(way).limit(OTHERS).with_for_update(skip_locked=True)
        return select(found.subquery().c.id)

    drawn_ones = union_all(some(order >= start, order), some(order < start, order.desc())).limit(OTHERS).subquery()
    together = union_all(select(drawn_ones.c.id), select(number)).subquery()
    mixed = select(together.c.id).order_by(func.random()).cte("mixed")
    return update(table).where(table.c.id == mixed.c.id).values(ballot_id=table.c.ballot_id)


def _of_votes(_dialect: str) -> Any:
    votes = table_of(Vote)
    return _rewriting(votes, votes.c.id)


def _of_ticks(_dialect: str) -> Any:
    roll = table_of(RollEntry)
    return _rewriting(roll, roll.c.mix, roll.c.taken.is_not(None))


def _of_codes(_dialect: str) -> Any:
    codes = table_of(VotingCode)
    return _rewriting(codes, codes.c.mix, codes.c.is_used)


_votes, _ticks, _codes = Deed(_of_votes), Deed(_of_ticks), Deed(_of_codes)

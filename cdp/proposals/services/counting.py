"""Counts kept with each change: what the board shows beside its filters, and the supports of a proposal."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm import Session

from cdp.proposals import queries
from cdp.proposals.models import BoardCount, Proposal
from cdp.proposals.states import ON_BOARD
from cdp.store.base import table_of
from cdp.store.engine import insert_of
from cdp.store.ready import Deed

Key = tuple[str, str]

UNSEEN = {"synchronize_session": False}


def keys_of(proposal: Proposal, places: Iterable[int]) -> frozenset[Key]:
    """The facets a proposal counts in: its state as soon as it is public, the others while it is on the board."""
    if proposal.submitted_at is None:
        return frozenset()
    keys = {("state", proposal.state.value)}
    if proposal.state in ON_BOARD:
        keys |= {("sector", proposal.sector), ("proposer", proposal.proposer_kind.value)}
        keys |= {("place", str(place)) for place in places}
    return frozenset(keys)


def places_of(db: Session, proposal: Proposal) -> frozenset[int]:
    """Numbers of the douars of a proposal; none at all means the whole commune."""
    return queries.locality_ids(db, proposal.id)


@contextmanager
def counted(db: Session, proposal: Proposal, *, places: frozenset[int] | None = None) -> Iterator[None]:
    """Keep the counts right over a change of the proposal or its places made inside.

    ``places`` are its douars where they are known and do not change inside.
    """
    before: frozenset[Key] = frozenset()
    if proposal.submitted_at is not None:
        before = keys_of(proposal, places_of(db, proposal) if places is None else places)
    yield
    db.flush()
    after = keys_of(proposal, places_of(db, proposal) if places is None else places)
    change = dict.fromkeys(after - before, 1) | dict.fromkeys(before - after, -1)
    add(db, proposal.commune_id, proposal.round_id, change)


def add(db: Session, commune_id: int, round_id: int, change: dict[Key, int]) -> None:
    """Add to the counts of a round, always in the same order so that two acts never wait for each other."""
    base: dict[str, Any] = {"commune_id": commune_id, "round_id": round_id}
    rows = [
        base | {"facet": facet, "value": value, "count": difference}
        for (facet, value), difference in sorted(change.items())
        if difference
    ]
    for is_more, alike in groupby(rows, key=lambda row: row["count"] > 0):
        if is_more:
            _count_up(db, list(alike))
        else:
            _fewer.each(db, [{f"{name}_": value for name, value in row.items()} for row in alike])


def _count_up(db: Session, rows: list[dict[str, Any]]) -> None:
    """Few rows, as one proposal has, in one statement."""
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        values = {f"{name}_{n}": value for n, row in enumerate(some) for name, value in row.items()}
        _more(len(some)).run(db, values)


AT_ONCE = 12


@cache
def _more(count: int) -> Deed:
    return Deed(lambda dialect: _counting_up(dialect, count))


def _counting_up(dialect: str, count: int) -> Any:
    """Count up, from nothing where a value is new."""
    table = table_of(BoardCount)
    kept = [column for column in table.c if column.name != "id"]
    rows = [{each.name: bindparam(f"{each.name}_{n}", type_=each.type) for each in kept} for n in range(count)]
    statement = insert_of(dialect, table).inline().values(rows)
    return statement.on_conflict_do_update(
        index_elements=["round_id", "facet", "value"], set_={"count": table.c.count + statement.excluded.count}
    )


def _counting_down(_dialect: str) -> Any:
    """Count down, never below nothing: the table's CHECK refuses."""
    table = table_of(BoardCount)
    row = (table.c[name] == bindparam(f"{name}_") for name in ("round_id", "facet", "value"))
    return update(table).where(*row).values(count=table.c.count + bindparam("count_"))


_fewer = Deed(_counting_down)


def recount(db: Session, round_id: int, commune_id: int) -> Counter[Key]:
    """Count a round anew from its proposals and supports, for a repair; returns the counts as they are now."""
    true = queries.true_counts(db, round_id)
    db.execute(delete(BoardCount).where(BoardCount.round_id == round_id))
    add(db, commune_id, round_id, dict(true))
    for proposal_id, stands in queries.miscounted_supports(db, round_id).items():
        db.execute(
            update(Proposal).where(Proposal.id == proposal_id).values(support_count=stands), execution_options=UNSEEN
        )
    db.expire_all()
    return true

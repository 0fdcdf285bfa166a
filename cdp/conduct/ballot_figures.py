"""Ballots on the desk of an office: which are to open, to close, to count and publish, which paper to settle."""

from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, false, func, select

from cdp.priorities.models import Ballot, BallotClose, PaperBatch, PaperEntry, Tally


def of_ballots(round_id: int | None, day: date) -> dict[str, ScalarSelect[Any]]:
    """Counts of a round's ballots that wait for an act, and the first of each: parts of one statement.

    To open: a draft whose first day is today or past, its last not. To close: open, its last day past.
    To publish: closed, its result not adopted.
    """
    of_round = Ballot.round_id == round_id if round_id else false()
    closed = select(BallotClose.ballot_id)
    published = select(Tally.ballot_id).where(Tally.published_at.is_not(None))
    to_open = (of_round, Ballot.opened_at.is_(None), Ballot.opens_on <= day, Ballot.closes_on >= day)
    to_close = (of_round, Ballot.opened_at.is_not(None), Ballot.closes_on < day, Ballot.id.not_in(closed))
    to_publish = (of_round, Ballot.id.in_(closed), Ballot.id.not_in(published))
    twice = select(PaperEntry.batch_id).where(PaperEntry.turn == 2)
    differs = (of_round, PaperBatch.settled_at.is_(None), PaperBatch.id.in_(twice))
    batches = select(PaperBatch.id).join(Ballot, Ballot.id == PaperBatch.ballot_id).where(*differs)
    of_batch = select(PaperBatch.ballot_id).join(Ballot, Ballot.id == PaperBatch.ballot_id).where(*differs)
    found: dict[str, ScalarSelect[Any]] = {
        "papers_differing": _count(batches),
        "paper_batch": _first(batches, PaperBatch.id),
        "paper_ballot": _first(of_batch, PaperBatch.id),
    }
    for name, where, due in (
        ("open", to_open, Ballot.opens_on),
        ("close", to_close, Ballot.closes_on),
        ("publish", to_publish, Ballot.closes_on),
    ):
        found[f"ballots_to_{name}"] = _count(select(Ballot.id).where(*where))
        found[f"ballot_to_{name}"] = _first(select(Ballot.id).where(*where), due, Ballot.id)
        found[f"ballot_{name}_due"] = _first(select(due).where(*where), due, Ballot.id)
    return found


def _count(rows: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _first(rows: Select[Any], *order: Any) -> ScalarSelect[Any]:
    return rows.order_by(*order).limit(1).scalar_subquery()

"""Entering moves into a commune's books: one chain a commune, checked, sealed, once for each key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from cdp.communes.models import Commune
from cdp.funding.models import LedgerEntry, Receipt
from cdp.funding.queries import as_entry, entries_of, find_project_to_write
from cdp.funding.rules.chain import GENESIS, seal
from cdp.funding.rules.ledger import Entry, Move, balances, reversal_of
from cdp.funding.rules.posting import asks_the_books, check_moves, check_reversal
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.programme.models import Project
from cdp.store.ready import Ready, connection, part_of, write


@dataclass(frozen=True)
class Beside:
    """What stands beside the sealed fields of an entry: who, on which paper, why."""

    actor: Actor
    second_id: int | None = None
    file_id: int | None = None
    agreement_id: int | None = None
    reason: str = ""


class Head(NamedTuple):
    """Where the books of a commune end: the number and the seal of their last entry."""

    last: int
    seal: str


def mark(person_id: int | None) -> str:
    """How a person stands in the sealed row: a number, never a name; the clock is the clock."""
    return "clock" if person_id is None else f"person:{person_id}"


def enter(db: Session, commune_id: int, moves: Sequence[Move], beside: Beside) -> list[LedgerEntry]:
    """Post moves together, in order; RuleBroken with what stands against the first that fails.

    The same keys with the same contents give the entries of the first time; with other contents Conflict.
    """
    if not moves:
        return []
    lock(db, commune_id)
    last, previous, known_id = _head.first(db, commune=commune_id, key=moves[0].key) or (0, GENESIS, None)
    if (len(moves) > 1 or known_id is not None) and (known := _posted_before(db, moves)):
        return known
    return enter_new(db, commune_id, moves, beside, Head(last, previous))


def enter_new(db: Session, commune_id: int, moves: Sequence[Move], beside: Beside, head: Head) -> list[LedgerEntry]:
    """Post moves that cannot have been posted before, behind the head of books that are held (:func:`lock`)."""
    _check_days(moves)
    projects = dict.fromkeys(move.project for move in moves) if asks_the_books(moves) else ()
    books = balances(entry for project_id in projects for entry in entries_of(db, commune_id, project_id))
    if problem := check_moves(books, moves):
        raise RuleBroken(problem)
    return _seal_all(db, commune_id, moves, beside, after=head)


def reverse(db: Session, commune_id: int, row: LedgerEntry, beside: Beside) -> LedgerEntry:
    """Take an entry back: the same operation run backwards; the original stays. Once, and never a reversal."""
    lock(db, commune_id)
    original = as_entry(row)
    move = reversal_of(
        original, actor=mark(beside.actor.person_id), key=f"reverse:{commune_id}:{original.seq}", effective_date=today()
    )
    past = entries_of(db, commune_id, original.project)
    reversed_before = {entry.reverses for entry in past if entry.reverses is not None}
    if problem := check_reversal(balances(past), original, move, reversed_seqs=reversed_before):
        raise RuleBroken(problem)
    _cancel_receipt(db, row, beside)
    last, previous, _known = _head.first(db, commune=commune_id, key=move.key)
    return _seal_all(db, commune_id, [move], beside, after=Head(last, previous))[0]


def _cancel_receipt(db: Session, row: LedgerEntry, beside: Beside) -> None:
    """The receipt of an entry that is taken back holds no more; its number stays."""
    receipt = db.scalar(select(Receipt).where(Receipt.entry_id == row.id, Receipt.cancelled_at.is_(None)))
    if receipt is not None:
        receipt.cancelled_at, receipt.cancelled_by_id = now(), beside.actor.person_id
        receipt.cancel_reason = beside.reason[:200] or "\u2014"


def lock(db: Session, commune_id: int) -> None:
    """One writer at a time in a commune's books, until the act is committed; asked twice, the row is held once.

    SQLite has one writer anyway: its transaction holds the whole database.
    """
    held = connection(db)
    part = (part_of(db), commune_id)
    if held.dialect.name != "sqlite" and db.info.get(LOCKED) != part:
        db.flush()
        _lock.rows(db, commune=commune_id)
        db.info[LOCKED] = part


def begin_at(db: Session, commune_id: int, number: str) -> Project:
    """A project an act is about to write about, with the books of its commune held: one statement instead of two."""
    project = find_project_to_write(db, commune_id, number)
    db.info[LOCKED] = (part_of(db), commune_id)
    return project


LOCKED = "books held"
"""Under this name a session notes which books it holds, and in which (part of a) transaction."""


_lock = Ready(lambda: select(Commune.id).where(Commune.id == bindparam("commune")).with_for_update(key_share=True))
"""FOR NO KEY UPDATE: a promise just written points at the commune, and two of them would wait for each other."""


@cache
def _of_keys() -> Select[Any]:
    return select(LedgerEntry).where(LedgerEntry.key.in_(bindparam("keys", expanding=True)))


def _of_key() -> Any:
    other = aliased(LedgerEntry)
    return select(other.id).where(other.key == bindparam("key")).scalar_subquery()


def _at_the_end(*columns: Any) -> Select[Any]:
    own = select(*columns).where(LedgerEntry.commune_id == bindparam("commune"))
    return own.order_by(LedgerEntry.sequence.desc()).limit(1)


def last_of_books(column: Any) -> ScalarSelect[Any]:
    """A column of the last entry of the books of ``bindparam("commune")``, for a statement that asks more."""
    return _at_the_end(column).scalar_subquery()


_head = Ready(lambda: _at_the_end(LedgerEntry.sequence, LedgerEntry.hash, _of_key()))
"""Number and seal of the last entry of a commune's books, and the entry a key led to before; no row: empty books."""


def _posted_before(db: Session, moves: Sequence[Move]) -> list[LedgerEntry]:
    """The entries of these keys, when all were posted before with the same contents."""
    rows = db.scalars(_of_keys(), {"keys": [move.key for move in moves]}).all()
    if not rows:
        return []
    known = {row.key: row for row in rows}
    for move in moves:
        row = known.get(move.key)
        if row is None or _content(as_entry(row)) != _content(move):
            raise Conflict("errors.sent_before")
    return [known[move.key] for move in moves]


def _content(move: Move) -> tuple[object, ...]:
    return (move.op, move.purse, move.amount_minor, move.actor, move.reverses, move.evidence)


def _check_days(moves: Sequence[Move]) -> None:
    if any(move.effective_date > today() for move in moves):
        raise RuleBroken("funding.day_in_the_future")


def _seal_all(db: Session, commune_id: int, moves: Sequence[Move], beside: Beside, *, after: Head) -> list[LedgerEntry]:
    last, previous = after
    rows = []
    for number, move in enumerate(moves, last + 1):
        fields = {name: getattr(move, name) for name in Move.__slots__}
        entry = Entry(**fields, seq=number, recorded_at=now(), prev_hash=previous)
        entry = replace(entry, hash=seal(previous, entry))
        previous = entry.hash
        rows.append(_row(commune_id, entry, beside))
    if len(rows) == 1:
        return [write(db, LedgerEntry, **rows[0])]
    entries = [LedgerEntry(**row) for row in rows]
    db.add_all(entries)
    db.flush()
    return entries


def _row(commune_id: int, entry: Entry, beside: Beside) -> dict[str, Any]:
    return {
        "commune_id": commune_id,
        "sequence": entry.seq,
        "op": entry.op,
        "project_id": entry.project,
        "line_id": entry.line,
        "pledge_id": entry.pledge,
        "unit": entry.unit,
        "amount_minor": entry.amount_minor,
        "effective_on": entry.effective_date,
        "recorded_at": entry.recorded_at,
        "recorded_by_id": beside.actor.person_id,
        "second_by_id": beside.second_id if entry.second_actor else None,
        "rate": entry.rate,
        "rate_day": entry.rate_date,
        "rate_source": entry.rate_source,
        "dirhams_minor": entry.mad_minor,
        "reverses": entry.reverses,
        "linked": entry.linked,
        "key": entry.key,
        "evidence": entry.evidence,
        "evidence_file_id": beside.file_id,
        "agreement_id": beside.agreement_id,
        "statement_line": entry.statement_line,
        "reason": beside.reason,
        "previous_hash": entry.prev_hash,
        "hash": entry.hash,
    }

"""The seal on every entry: SHA-256 over the seal before and the canonical row; no byte can change unseen.

Canonical row: a JSON array (no spaces, ASCII) of the fields in the order of ``canonical``; days and moments
in ISO 8601 (UTC), absent values null. Anyone can work it out again from the published rows.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cdp.funding.rules.ledger import Entry

GENESIS = "0" * 64
FORM = "cdp-ledger-1"
_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An entry whose seal does not hold: ``gap``, ``previous`` or ``content``."""

    seq: int
    what: str


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment in the books is aware")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(row: Entry) -> bytes:
    """The bytes that are sealed: every field of the row except the seals themselves."""
    values = [
        FORM,
        row.seq,
        row.op.value,
        row.project,
        row.line,
        row.pledge,
        row.unit,
        row.amount_minor,
        row.effective_date.isoformat(),
        _moment(row.recorded_at),
        row.actor,
        row.second_actor,
        row.rate,
        _day(row.rate_date),
        row.rate_source,
        row.mad_minor,
        row.reverses,
        row.linked,
        row.key,
        row.evidence,
        row.statement_line,
    ]
    return _ENCODE(values).encode("ascii")


def seal(previous_hash: str, row: Entry) -> str:
    """The seal of a row after a seal: 64 hexadecimal digits. The first row follows ``GENESIS``."""
    return hashlib.sha256(previous_hash.encode("ascii") + b"\n" + canonical(row)).hexdigest()


def broken_links(rows: Iterable[Entry], *, after: str = GENESIS, first: int = 1) -> list[BrokenLink]:
    """Every row that was changed, removed or put in between, by number; empty when the chain holds.

    Rows come in their order. ``after`` and ``first`` start from a published checkpoint, not the beginning.
    """
    broken: list[BrokenLink] = []
    expected, previous = first, after
    for row in rows:
        if what := link_problem(row, expected, previous):
            broken.append(BrokenLink(row.seq, what))
        expected, previous = row.seq + 1, row.hash
    return broken


def link_problem(row: Entry, expected_seq: int, previous_hash: str) -> str | None:
    """What is wrong with one link: a number left out, another past than the books', or a changed row."""
    if row.seq != expected_seq:
        return "gap"
    if row.prev_hash != previous_hash:
        return "previous"
    return None if row.hash == seal(previous_hash, row) else "content"

"""Small makers for the tests of the books."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

from cdp.funding.rules.chain import GENESIS, seal
from cdp.funding.rules.ledger import Entry, Move, Op
from cdp.funding.rules.units import MAD, to_mad

DAY = date(2027, 3, 1)
MOMENT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def make_move(op: Op, amount: int = 100, **over: object) -> Move:
    """A move that lacks nothing; say only what the test is about."""
    unit = str(over.get("unit", MAD))
    values: dict[str, object] = {
        "op": op,
        "project": 1,
        "line": 1,
        "pledge": 1,
        "unit": unit,
        "amount_minor": amount,
        "effective_date": DAY,
        "actor": "a",
        "second_actor": "b",
        "key": f"{op}-{amount}",
        "evidence": "paper",
        "mad_minor": amount if unit == MAD else None,
    }
    if unit == "EUR":
        rate = str(over.get("rate", "10.8"))
        mad = to_mad(amount, unit, rate)
        values |= {"rate": rate, "rate_date": DAY, "rate_source": "Bank Al-Maghrib", "mad_minor": mad}
    return Move(**values | over)  # type: ignore[arg-type]


def written(moves: Iterable[Move]) -> list[Entry]:
    """The moves as they stand in the books: numbered and sealed."""
    entries: list[Entry] = []
    previous = GENESIS
    for seq, move in enumerate(moves, 1):
        values = asdict(move) | {"key": f"{seq}:{move.key}"}
        entry = Entry(**values, seq=seq, recorded_at=MOMENT, prev_hash=previous)
        previous = seal(previous, entry)
        entries.append(replace(entry, hash=previous))
    return entries

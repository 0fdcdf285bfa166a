"""A million entries: pages of their money, their proof, promises that wait for each other: ``tests.bench ledger``.

Not collected by pytest. Exit code 1 when it takes longer, or more memory, than allowed.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cdp.funding.models import FundingLine
from cdp.funding.rules.chain import GENESIS, seal
from cdp.funding.rules.conditions import Need, Ratio, Waiting, solve
from cdp.funding.rules.ledger import Entry, Op
from cdp.jobs.books import prove
from cdp.kernel.clock import now, today
from cdp.rounds.states import Source
from cdp.store.engine import Store
from cdp.store.migrations import upgrade
from tests.bench.fill import Scene
from tests.bench.pages import start, start_floor
from tests.factories import make_commune, make_project, make_round

ENTRIES, PROJECTS = int(os.environ.get("BENCH_ENTRIES", "1000000")), 50
ALLOWED_FLOORS = 2.0
ALLOWED_SECONDS, ALLOWED_MB = 60.0, 500.0
PROMISES, ALLOWED_SOLVING = 5_000, 1.0
WAY = (Op.SIGN, Op.RECEIVE, Op.SPEND)


def entries(places: list[tuple[int, int]]) -> Iterator[Entry]:
    """Agreements signed, received and spent, over and over, in a sealed chain."""
    previous, moment, day = GENESIS, now(), today()
    for seq in range(1, ENTRIES + 1):
        project, line = places[(seq - 1) // len(WAY) % len(places)]
        amount = 1_000 + (seq - 1) // len(WAY) % 997
        entry = Entry(
            op=WAY[(seq - 1) % len(WAY)], project=project, line=line, pledge=None, unit="MAD", amount_minor=amount,
            effective_date=day, actor="clock", key=f"bench:{seq}", mad_minor=amount, evidence="OV", seq=seq,
            recorded_at=moment + timedelta(microseconds=seq), prev_hash=previous,
        )  # fmt: skip
        previous = seal(previous, entry)
        yield replace(entry, hash=previous)


SQL = (
    "INSERT INTO entry (commune_id, sequence, op, project_id, line_id, unit, amount_minor, effective_on, recorded_at,"
    " dirhams_minor, key, evidence, reason, previous_hash, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)"
)


def row(commune_id: int, entry: Entry) -> tuple[Any, ...]:
    """An entry as it stands in the table of SQLite."""
    moment = entry.recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return (
        commune_id, entry.seq, entry.op.value, entry.project, entry.line, entry.unit, entry.amount_minor,
        entry.effective_date.isoformat(), moment, entry.mad_minor, entry.key, entry.evidence, entry.prev_hash,
        entry.hash,
    )  # fmt: skip


def fill(db: Session) -> tuple[int, str]:
    """A commune with a million entries; gives its number and that of its first project."""
    commune = make_commune(db, slug="bench")
    round_ = make_round(db, commune)
    places, first = [], ""
    for _ in range(PROJECTS):
        project = make_project(db, round_)
        line = FundingLine(commune_id=commune.id, project_id=project.id, source=Source.PROVINCE, party="Province")
        db.add(line)
        db.flush()
        places.append((project.id, line.id))
        first = first or project.number
    batch: list[tuple[Any, ...]] = []
    for entry in entries(places):
        batch.append(row(commune.id, entry))
        if len(batch) == 5000:
            db.connection().exec_driver_sql(SQL, batch)
            batch.clear()
    if batch:
        db.connection().exec_driver_sql(SQL, batch)
    return commune.id, first


PAGES = {
    "project": "/fr/bench/projects/{number}",
    "money of the project": "/fr/bench/accounts/projects/{number}/spent",
    "commune's money": "/fr/bench/accounts/",
}
BOUND = ("project", "money of the project")
"""The pages that are held to :data:`ALLOWED_FLOORS`; the others are told."""


def pages(url: str, folder: Path, number: str, *, blocks: int = 8, each: int = 20) -> float:
    """Processor time of each page in floors, asked in turn with the floor; gives the largest of those that are held."""
    factors: dict[str, list[float]] = {name: [] for name in PAGES}
    with ExitStack() as stack:
        ours = start(stack, Scene(url, "bench", "", (), (), number, 0), folder).served
        below = start_floor(stack, f"sqlite:///{folder / 'floor.sqlite3'}")

        def cost(served: Any, address: str) -> float:
            before = served.used()
            for _ in range(each):
                status, _body, _location = served.ask(address)
                assert status == 200, address
            return float(served.used() - before)

        for block in range(-1, blocks):
            floor = cost(below, "/")
            for name, address in PAGES.items():
                factor = cost(ours, address.format(number=number)) / floor
                if block >= 0:
                    factors[name].append(factor)
    middle = {name: statistics.median(found) for name, found in factors.items()}
    for name, factor in middle.items():
        print(f"{name}: {factor:.2f} x floor" + (f" (allowed {ALLOWED_FLOORS})" if name in BOUND else ""))
    return max(middle[name] for name in BOUND)


def solving() -> float:
    """Seconds to solve promises of which each waits for a sum, for people of its village, or for others' money."""
    source = random.Random(2027)
    waiting = []
    for pledge in range(PROMISES):
        village = f"v{source.randrange(60)}"
        need = source.choice(
            (Need("total", "", source.randrange(10**9)), Need("people", village, source.randrange(1, 90)))
        )
        ratio = Ratio(1, 2, f"v{source.randrange(60)}") if pledge % 5 == 0 else None
        amount = source.randrange(1_000, 200_000)
        waiting.append(Waiting(pledge, amount, groups=frozenset({village}), needs=(need,), ratio=ratio))
    start = time.perf_counter()
    fired = len(solve(waiting).fires)
    took = time.perf_counter() - start
    print(f"{PROMISES} promises that wait: {took:.2f} s (allowed {ALLOWED_SOLVING}), {fired} fire")
    return took


def main() -> None:
    """Fill, ask the pages, prove in this process, print the figures."""
    took_solving = solving()
    with tempfile.TemporaryDirectory(prefix="cdp-ledger-") as folder:
        url = f"sqlite:///{Path(folder) / 'books.sqlite3'}"
        store = Store(url)
        upgrade(store.engine)
        with store.begin() as db:
            commune_id, number = fill(db)
        floors = pages(url, Path(folder), number)
        start, used = time.perf_counter(), time.process_time()
        with store.reader() as db:
            proof = prove(db, commune_id, today())
        took, used = time.perf_counter() - start, time.process_time() - used
        store.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{proof.entries} entries proved in {took:.1f} s (allowed {ALLOWED_SECONDS:.0f}), {used:.1f} s of the processor"
    )
    print(f"largest memory {memory:.0f} MB (allowed {ALLOWED_MB:.0f})")
    print(f"asked: {' '.join(proof.asked)}; broken: {proof.found}")
    is_slow = took > ALLOWED_SECONDS or took_solving > ALLOWED_SOLVING or floors > ALLOWED_FLOORS
    if is_slow or memory > ALLOWED_MB or proof.found:
        sys.exit(1)


if __name__ == "__main__":
    main()

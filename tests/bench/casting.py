"""People vote all at once, by printed codes, over HTTP, with two workers: ``python -m tests.bench.casting``.

Every vote is due at its moment, whether the ones before have been answered or not, so that a slow answer is not
forgiven by waiting. Afterwards the urn is counted: no vote lost, none doubled, none mixed up. ``--people 50000
--rate 100`` is the whole trial (about ten minutes an engine); the default is a short one. PostgreSQL writes to the
disk as in use (``fsync``). Beside the times stands what a vote costs of the processor, by who spends it: the machine
may be busy with other things, and then the times tell of those.
"""

import argparse
import contextlib
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cdp.app import create_app
from cdp.config import Settings
from cdp.priorities.models import Vote, VotingCode
from cdp.priorities.queries.turnout import counted
from cdp.priorities.services import codes
from cdp.priorities.states import TurnoutFacet
from cdp.store.engine import Store
from cdp.store.migrations import upgrade
from tests.bench.pages import RAW, SECRET, databases
from tests.bench.served import Served, free_port, seconds, serve
from tests.priorities.ballots import Scene, make_ballot

GOAL_MS = 500
THREADS = 48
BATCH = 2000


@dataclass
class Trial:
    """What came of it: times in seconds from when each vote was due, answers that were no receipt, and the
    processor's milliseconds a vote by who spent them."""

    took: list[float]
    refused: Counter[str]
    seconds: float
    spent: dict[str, float] = field(default_factory=dict)


def fill(url: str, people: int) -> tuple[Scene, list[str]]:
    """A ballot with three projects and a code for everybody."""
    store = Store(url)
    upgrade(store.engine)
    printed: list[str] = []
    with Session(store.engine, expire_on_commit=False) as db:
        scene = make_ballot(db)
        while len(printed) < people:
            size = min(BATCH, people - len(printed))
            printed += codes.print_batch(
                db, scene.officer, scene.ballot, size, label="x", locality_id=scene.places[0].id, key=f"k{len(printed)}"
            )
            db.commit()
    store.dispose()
    return scene, printed


@dataclass
class Sender:
    """Votes as bytes over a bare socket, so that who asks takes little of the processor from who answers."""

    port: int
    address: str
    cookie: str
    token: str

    def send(self, code: str, choice: str) -> str:
        """One vote on a connection of its own; empty when it was answered with a receipt, else the first line."""
        form = {"csrf_token": self.token, "code": code, "step": "cast", "choice": choice}
        body = urlencode(form).encode()
        head = (
            f"POST {self.address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            f"Cookie: {self.cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        parts = []
        try:
            with socket.create_connection(("127.0.0.1", self.port), 60) as line:
                line.sendall(head.encode() + body)
                while part := line.recv(65536):
                    parts.append(part)
        except OSError as error:
            return type(error).__name__
        first, _, rest = b"".join(parts).partition(b"\r\n\r\n")[0].decode("latin-1").partition("\r\n")
        is_given = " 302 " in first and "/receipt\r\n" in rest + "\r\n"
        return "" if is_given else first or "no answer"


def vote(sender: Sender, printed: Sequence[str], numbers: Sequence[str], *, rate: float) -> Trial:
    """Send all votes, each at its moment."""
    trial = Trial([0.0] * len(printed), Counter(), 0.0)
    turn = iter(range(len(printed)))
    lock = threading.Lock()
    start = time.perf_counter() + 0.5

    def voter() -> None:
        while True:
            with lock:
                place = next(turn, None)
            if place is None:
                return
            due = start + place / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            trouble = sender.send(printed[place], numbers[place % 3])
            trial.took[place] = time.perf_counter() - due
            if trouble:
                with lock:
                    trial.refused[trouble] += 1

    threads = [threading.Thread(target=voter) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trial.seconds = time.perf_counter() - start
    return trial


@contextlib.contextmanager
def on_disk(store: Store) -> Iterator[None]:
    """PostgreSQL as in use: what is answered is on the disk. The tests' own server does not wait for it."""
    if store.engine.dialect.name != "postgresql":
        yield
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        for verb in ("SET {} = on", "RESET {}"):
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                line.execute(text("ALTER SYSTEM " + verb.format(name)))
            line.execute(text("SELECT pg_reload_conf()"))
            if verb.startswith("SET"):
                yield


def of_database(store: Store) -> float:
    """Processor seconds of the processes of PostgreSQL that serve this database; 0 for SQLite."""
    if store.engine.dialect.name != "postgresql":
        return 0.0
    with store.engine.connect() as line:
        pids = line.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
    return sum(seconds(pid) for pid in pids)


def measured(served: Served, store: Store, sender: Sender, scene: Scene, printed: Sequence[str], rate: float) -> Trial:
    """The trial, with what it spent."""
    with on_disk(store):
        before = served.used(), time.process_time(), of_database(store)
        trial = vote(sender, printed, scene.numbers, rate=rate)
        after = served.used(), time.process_time(), of_database(store)
    names = ("workers", "who asks", "database")
    trial.spent = {
        name: 1000 * (late - early) / len(printed) for name, late, early in zip(names, after, before, strict=True)
    }
    return trial


def check(url: str, scene: Scene, people: int) -> list[str]:
    """What is wrong in the urn; nothing when every vote is there once."""
    store = Store(url)
    with store.reader() as db:
        contents = Counter(content[0] for content in db.scalars(select(Vote.content)))
        used = db.scalar(select(func.count()).select_from(VotingCode).where(VotingCode.is_used))
        turnout = counted(db, scene.ballot.id)[TurnoutFacet.CHANNEL]["code"]
    store.dispose()
    wanted = Counter(scene.numbers[place % 3] for place in range(people))
    found = {"votes": contents == wanted, "codes used": used == people, "turnout": turnout == people}
    return [name for name, holds in found.items() if not holds]


def run(engine: str, people: int, rate: float) -> bool:
    """One engine; whether nothing was lost, nothing doubled, and the goal was met."""
    with ExitStack() as stack:
        url = stack.enter_context(databases(engine))("casting")
        scene, printed = fill(url, people)
        instance = stack.enter_context(tempfile.TemporaryDirectory(prefix="cdp-casting-"))
        app = create_app(Settings(instance=Path(instance), database_url=url, secret_key=SECRET, password_salt="salt"))
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'csrf_token': RAW})}"
        app.extensions["store"].dispose()
        port = free_port()
        given = {
            "CDP_INSTANCE": instance,
            "CDP_DATABASE_URL": url,
            "CDP_SECRET_KEY": SECRET,
            "CDP_PASSWORD_SALT": "salt",
        }
        served = stack.enter_context(serve(["-m", "cdp", "serve", "--port", str(port)], port, given))
        store = Store(url)
        stack.callback(store.dispose)
        token = str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW))
        sender = Sender(port, f"/fr/{scene.commune.slug}/ballots/{scene.ballot.id}/code", cookie, token)
        trial = measured(served, store, sender, scene, printed, rate)
        wrong = check(url, scene, people)
    times = sorted(trial.took)
    p50, p99 = (1000 * times[int(len(times) * share) - 1] for share in (0.5, 0.99))
    print(
        f"{engine:10} {people} people, {people / trial.seconds:.0f} votes/s of {rate:.0f} asked,"
        f" p50 {p50:.0f} ms, p99 {p99:.0f} ms (goal {GOAL_MS}), refused {dict(trial.refused) or 0},"
        f" lost or doubled: {', '.join(wrong) or 'none'};"
        f" processor a vote: {', '.join(f'{name} {ms:.1f} ms' for name, ms in trial.spent.items())}"
    )
    return not wrong and not trial.refused and p99 < GOAL_MS


def main() -> None:
    """Both engines, unless one is named."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--people", type=int, default=3000)
    wanted.add_argument("--rate", type=float, default=100)
    wanted.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    chosen = wanted.parse_args()
    results = [run(engine, chosen.people, chosen.rate) for engine in chosen.engine or ("sqlite", "postgresql")]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()

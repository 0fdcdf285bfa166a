"""People vote all at once, by printed codes, over HTTP, with two workers: ``python -m tests.bench.casting``.

Every vote is due at its moment, whether the ones before have been answered or not, so that a slow answer is not
forgiven by waiting. Afterwards the urn is counted: no vote lost, none doubled, none mixed up. ``--people 50000
--rate 100`` is the whole trial (about nine minutes an engine); the default is a short one.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
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
from tests.bench.served import Served, free_port, serve
from tests.priorities.ballots import Scene, make_ballot

GOAL_MS = 500
THREADS = 48
BATCH = 2000


@dataclass
class Trial:
    """What came of it: times in seconds from when each vote was due, and answers that were no receipt."""

    took: list[float]
    refused: Counter[int]
    seconds: float


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


def vote(served: Served, scene: Scene, printed: Sequence[str], headers: dict[str, str], *, rate: float) -> Trial:
    """Send all votes, each at its moment."""
    address = f"/fr/{scene.commune.slug}/ballots/{scene.ballot.id}/code"
    token = str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW))
    took: list[float] = [0.0] * len(printed)
    refused: Counter[int] = Counter()
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
            form = {"csrf_token": token, "code": printed[place], "step": "cast", "choice": scene.numbers[place % 3]}
            status, _body, location = served.ask(address, form=form, headers=headers)
            took[place] = time.perf_counter() - due
            if status != 302 or not location.endswith("/receipt"):
                with lock:
                    refused[status] += 1

    threads = [threading.Thread(target=voter) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Trial(took, refused, time.perf_counter() - start)


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
        trial = vote(served, scene, printed, {"Cookie": cookie}, rate=rate)
        wrong = check(url, scene, people)
    times = sorted(trial.took)
    p50, p99 = (1000 * times[int(len(times) * share) - 1] for share in (0.5, 0.99))
    print(
        f"{engine:10} {people} people, {people / trial.seconds:.0f} votes/s of {rate:.0f} asked,"
        f" p50 {p50:.0f} ms, p99 {p99:.0f} ms (goal {GOAL_MS}), refused {sum(trial.refused.values())},"
        f" lost or doubled: {', '.join(wrong) or 'none'}"
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

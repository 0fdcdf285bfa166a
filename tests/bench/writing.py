"""Eight people writing at once for a minute: ``python -m tests.bench writing``. Nothing lost, nothing doubled.

Each client, signed in as a person of its own, supports and promises as fast as two workers answer;
every fourth act is sent twice. At the end the books, the counts and the audit must say exactly what was answered.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.funding.queries.proof import stream
from cdp.funding.rules.chain import broken_links
from cdp.proposals import queries as proposals
from cdp.store.engine import Store
from tests.bench.fill import Scene, fill, membership
from tests.bench.pages import ASKED, Asked, Ours, databases, signed, start
from tests.bench.table import Line, show
from tests.factories import make_resident

CLIENTS, SECONDS = 8, 60
KINDS = {asked.name: asked for asked in ASKED if asked.form}


@dataclass
class Client:
    """One person and what was answered to them."""

    number: int
    ours: Ours
    seconds: float
    answers: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Write until the time is over."""
        until = time.monotonic() + self.seconds
        for turn in count():
            if time.monotonic() > until:
                return
            asked = KINDS["POST pledge" if turn % 3 == 2 else "POST support"]
            n = turn // 3 if turn % 3 == 2 else turn - turn // 3
            if asked.name == "POST support" and n >= len(self.ours.scene.numbers):
                continue
            self.answers[asked.name] += 1
            for _ in range(2 if turn % 4 == 3 else 1):
                self.send(asked, n)

    def send(self, asked: Asked, n: int) -> None:
        """One form; what is no success is told."""
        values = {"lang": "fr", "commune": self.ours.scene.slug} | asked.values(self.ours.scene, n)
        address = self.ours.app.url_map.bind("localhost").build(asked.endpoint, values)
        form = (asked.form(n) if asked.form else {}) | {"csrf_token": self.ours.token}
        if "form_key" in form:
            form["form_key"] = f"writing-{self.number}-{n:06}"
        begun = time.monotonic()
        status, _body, location = self.ours.served.ask(address, form=form, headers={"Cookie": self.ours.cookie})
        self.times.append(time.monotonic() - begun)
        if status != 302 or "/account/" in location:
            self.told.append(f"{asked.name} answered {status}")


def run(engine: str, *, seconds: float = SECONDS) -> Iterator[Line]:
    """The lines of one engine."""
    with ExitStack() as stack:
        url = stack.enter_context(databases(engine))("writing")
        scene = fill(url, proposals=2_000, in_round=2_000)
        store = Store(url)
        stack.callback(store.dispose)
        with store.begin() as db:
            writers = [_writer(db, scene) for _ in range(CLIENTS)]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cdp-bench-")))
        ours = start(stack, scene, folder)
        with store.reader() as db:
            before = _standing(db)
        clients = [Client(n, replace(ours, cookie=signed(ours.app, who)), seconds) for n, who in enumerate(writers)]
        begun = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            for done in [pool.submit(client.run) for client in clients]:
                done.result()
        took = time.monotonic() - begun
        with store.reader() as db:
            after = _standing(db)
            wrong = _wrong(db, scene, known=before["entries"])
    yield from _lines(engine, clients, took=took, change={key: after[key] - before[key] for key in after}, wrong=wrong)


def _lines(
    engine: str, clients: list[Client], *, took: float, change: dict[str, int], wrong: list[str]
) -> Iterator[Line]:
    answered: Counter[str] = Counter()
    for client in clients:
        answered.update(client.answers)
    times = sorted(each for client in clients for each in client.times)
    told = Counter(each for client in clients for each in client.told)
    wanted = dict.fromkeys(("supports", "support acts", "supports counted"), answered["POST support"])
    wanted |= dict.fromkeys(("promises", "promise acts", "entries", "notices"), answered["POST pledge"])
    yield Line(engine, "8 clients, answers", f"{len(times)} in {took:.0f} s, {len(times) / took:.0f}/s", "", None)
    middle, late = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    yield Line(engine, "8 clients, time", f"median {middle:.0f} ms, p99 {late:.0f} ms", "", None)
    yield Line(engine, "8 clients, refused", "; ".join(f"{n} × {t}" for t, n in told.items()) or "0", "0", not told)
    lost = {name: change[name] - number for name, number in wanted.items() if change[name] != number}
    yield Line(engine, "8 clients, lost or doubled", str(lost or f"0 of {answered.total()} acts"), "0", not lost)
    yield Line(engine, "8 clients, books and counts", "; ".join(wrong) or "whole", "whole", not wrong)


def _writer(db: Session, scene: Scene) -> str:
    """A resident who is in the project's team; gives the identifier of their session."""
    writer = make_resident(db, db.get_one(Commune, _commune(db, scene)))
    db.add(membership(db, writer, scene.project))
    db.flush()
    return str(writer.fs_uniquifier)


COUNTED = {
    "supports": "SELECT count(*) FROM support",
    "supports counted": "SELECT sum(support_count) FROM proposal",
    "support acts": "SELECT count(*) FROM event WHERE act = 'proposals.support'",
    "promises": "SELECT count(*) FROM pledge",
    "promise acts": "SELECT count(*) FROM event WHERE act = 'funding.pledge'",
    "entries": "SELECT count(*) FROM entry",
    "notices": "SELECT count(*) FROM notice WHERE kind = 'pledge_received'",
}


def _standing(db: Session) -> dict[str, int]:
    return {name: int(db.scalar(text(statement)) or 0) for name, statement in COUNTED.items()}


def _wrong(db: Session, scene: Scene, *, known: int) -> list[str]:
    """What does not hold: counts of supports, and the seals of the entries since the ``known`` ones of the filling."""
    commune_id = _commune(db, scene)
    wrong = []
    newest = db.execute(text("SELECT max(id) FROM round WHERE commune_id = :c"), {"c": commune_id}).scalar_one()
    if bad := proposals.miscounted_supports(db, newest):
        wrong.append(f"{len(bad)} proposals with wrong supports")
    fresh = [entry for entry in stream(db, commune_id) if entry.seq > known]
    if broken := broken_links(fresh, after="0" * 64, first=known + 1):
        wrong.append(f"{len(broken)} broken seals")
    return wrong


def _commune(db: Session, scene: Scene) -> int:
    return int(db.execute(text("SELECT id FROM commune WHERE slug = :s"), {"s": scene.slug}).scalar_one())


def main() -> None:
    """Both engines."""
    for engine in ("sqlite", "postgresql"):
        for line in run(engine):
            show(line)


if __name__ == "__main__":
    main()

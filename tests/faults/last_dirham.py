"""Two hundred people at once for the last 1,000 dirhams of a target, on two workers that serve.

Never over the target, none lost, none doubled, each told the truth. Exit code 1 otherwise.
"""

import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from cdp.app import create_app
from cdp.config import Settings
from cdp.funding import queries
from cdp.funding.models import LedgerEntry, Pledge
from cdp.funding.services import room
from cdp.funding.states import OverFunding
from cdp.http.context import load_actor
from cdp.i18n.catalogs import merged
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.store.engine import Store
from tests.bench.served import Served, free_port, serve
from tests.faults.databases import Filled, fill, fresh

PEOPLE, TARGET, EACH = 200, 100_000, 5_000
"""Two hundred people, a target of 1,000.00 dirhams, 50.00 each: twenty get through."""

SECRET = "a secret of the last dirham that is long enough"


@dataclass(frozen=True)
class Told:
    """What one person was told: status of the answer, and whether it leads to a receipt."""

    person: int
    status: int
    is_promised: bool
    says_full: bool
    seconds: float


def run(engine: str) -> list[str]:
    """What went wrong; prints the figures."""
    with fresh(engine) as url, tempfile.TemporaryDirectory(prefix="cdp-last-") as folder:
        store = Store(url)
        with store.writer() as db:
            filled = fill(db, members=PEOPLE, cost_minor=TARGET)
            project = queries.find_project(db, filled.commune_id, filled.number)
            room.choose(db, load_actor(db, filled.treasurer_id), project, OverFunding.STOP)
            db.commit()
        given = {"CDP_INSTANCE": folder, "CDP_DATABASE_URL": url, "CDP_SECRET_KEY": SECRET}
        given |= {"CDP_PASSWORD_SALT": "salt", "CDP_STRONG_SIGN_IN": "false", "CDP_SECURE_COOKIES": "false"}
        port = free_port()
        with serve(["-m", "cdp", "serve", "--port", str(port), "--workers", "2"], port, given) as served:
            time.sleep(4)
            start = time.monotonic()
            with ThreadPoolExecutor(PEOPLE) as pool:
                told = list(pool.map(_asking(served, filled, url, folder), filled.members))
            took = time.monotonic() - start
        found = judge(store, filled, told)
        store.dispose()
    slowest = max(each.seconds for each in told)
    promised = sum(each.is_promised for each in told)
    print(
        f"{engine}: {PEOPLE} people at once, {promised} promises of {EACH / 100:.0f} to a target of {TARGET / 100:.0f},"
    )
    print(f"  {took:.1f} s in all, slowest answer {slowest:.1f} s, answers {dict(Counter(t.status for t in told))}")
    for problem in found:
        print(f"  WRONG: {problem}")
    return found


def _asking(served: Served, filled: Filled, url: str, folder: str) -> object:
    settings = Settings(
        instance=Path(folder), database_url=url, secret_key=SECRET, password_salt="salt", secure_cookies=False
    )
    app = create_app(settings)
    app.extensions["store"].dispose()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    raw = "0" * 40
    token = str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw))
    address = f"/fr/faults/projects/{filled.number}/promise"
    reached = str(merged("fr")["funding.target_reached"].string).partition("%")[0]

    def ask(member: tuple[int, str]) -> Told:
        person, identifier = member
        held = {"_user_id": identifier, "_fresh": True, "fs_cc": "set", "csrf_token": raw}
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"
        form = {
            "csrf_token": token, "form_key": f"last-{person}", "step": "3", "group_id": "0", "amount": "50",
            "currency": "MAD", "hours": "", "note": "", "condition": "none", "condition_count": "",
            "until": (today() + timedelta(days=90)).isoformat(), "shown_as": "first",
        }  # fmt: skip
        start = time.monotonic()
        status, body, location = served.ask(address, form=form, headers={"Cookie": cookie})
        full = reached in body.decode() and "alert" in body.decode()
        return Told(person, status, status == 302 and "/promise/" in location, full, time.monotonic() - start)

    return ask


def judge(store: Store, filled: Filled, told: list[Told]) -> list[str]:
    """What is not as it must be."""
    with store.reader() as db:
        rows = db.execute(select(Pledge.person_id, func.count()).group_by(Pledge.person_id)).all()
        entries = db.scalar(select(func.count()).select_from(LedgerEntry)) or 0
        sheet = queries.money_sheet(db, queries.find_project(db, filled.commune_id, filled.number), today())
        proof = prove(db, filled.commune_id, today())
    kept, promised = {person for person, _ in rows}, {each.person for each in told if each.is_promised}
    room_for = TARGET // EACH
    doubts = {
        f"{sheet.pledged.minor} promised of {TARGET}": sheet.pledged.minor != TARGET,
        f"over by {sheet.over.minor}": bool(sheet.over),
        f"{len(kept)} promises for {room_for} places": len(kept) != room_for,
        "somebody promised twice": any(count > 1 for _, count in rows),
        f"{len(promised - kept)} were told they promised and did not": bool(promised - kept),
        f"{len(kept - promised)} promised and were not told so": bool(kept - promised),
        "promises without their entry": entries != len(kept),
        "somebody was not told that the target is reached": any(
            not each.is_promised and not (each.status == 200 and each.says_full) for each in told
        ),
        f"books broken: {proof.broken[:3]}": bool(proof.broken),
    }
    return [why for why, holds in doubts.items() if holds]

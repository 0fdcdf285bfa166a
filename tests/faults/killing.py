"""A worker killed (SIGKILL) at every step of a promise, of an import and of a match, on a real database.

A child process is forked, runs one act and kills itself after its n-th statement, or just before or after the
commit. After each death the books are proved, nothing is half there, and the act is sent again with its key: it
counts once. Exit code 1 otherwise.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from cdp.funding import queries
from cdp.funding.models import BankStatement, LedgerEntry, PayeeAccount, Pledge, StatementLine
from cdp.funding.queries import banking
from cdp.funding.rules.references import grouped
from cdp.funding.services import placing, promises, statements
from cdp.funding.services.placing import Part
from cdp.funding.services.promises import Promise
from cdp.funding.services.statements import Brought
from cdp.http.context import load_actor
from cdp.jobs.books import prove
from cdp.kernel.clock import today
from cdp.notices.models import Notice
from cdp.people.states import ShownAs
from cdp.store.engine import Store
from tests.faults.databases import Filled, fill, fresh

COUNTED = (Pledge, LedgerEntry, BankStatement, StatementLine, Notice)
Act = Callable[[Session], None]
Counts = tuple[int, ...]


@dataclass
class Tally:
    """How often a worker died, and what went wrong."""

    deaths: int = 0
    steps: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def run(engine: str, times: int) -> list[str]:
    """Kill at every step, round after round, until so many have died; prints the figures."""
    start, tally = time.monotonic(), Tally()
    with fresh(engine) as url:
        store = Store(url)
        with store.writer() as db:
            filled = fill(db, members=1, cost_minor=10**9)
        store.dispose()
        turn = 0
        while tally.deaths < times and not tally.wrong:
            turn += 1
            for name, act in acts(url, filled, turn):
                every_step(url, filled, act, name=name, tally=tally)
    said = ", ".join(f"{name} {steps} steps" for name, steps in tally.steps.items())
    print(f"{engine}: killed {tally.deaths} times in {turn} rounds ({said}), {time.monotonic() - start:.0f} s")
    for why in tally.wrong:
        print(f"  WRONG: {why}")
    return tally.wrong


def acts(url: str, filled: Filled, turn: int) -> list[tuple[str, Act]]:
    """The three acts of a round, each with its own key."""

    def promise(db: Session) -> None:
        actor = load_actor(db, filled.members[0][0])
        project = queries.find_project(db, filled.commune_id, filled.number)
        given = Promise("MAD", 10_000 + turn, today() + timedelta(days=90), ShownAs.FIRST)
        promises.pledge(db, actor, project, given, key=f"killed-{turn}")

    def bring(db: Session) -> None:
        pledge = db.scalars(select(Pledge).where(Pledge.idempotency_key == f"killed-{turn}")).one()
        day = today().strftime("%d/%m/%Y")
        data = f"Date;Libelle;Montant;Devise\n{day};VIR {grouped(pledge.reference)};90,00;MAD\n{day};X{turn};5,00;MAD\n"
        payee = db.get_one(PayeeAccount, filled.payee_id)
        statements.bring(db, load_actor(db, filled.treasurer_id), payee, Brought(f"{turn}.csv", data.encode()))

    def match(db: Session) -> None:
        pledge = db.scalars(select(Pledge).where(Pledge.idempotency_key == f"killed-{turn}")).one()
        line = db.scalars(
            select(StatementLine).where(StatementLine.amount_minor == 9_000).order_by(StatementLine.id.desc())
        ).first()
        assert line is not None
        parts = [Part(8_000, pledge_id=pledge.id)]
        placing.place(db, load_actor(db, filled.treasurer_id), line, parts, key=f"killed-{turn}")

    return [("promise", promise), ("import", bring), ("match", match)]


def every_step(url: str, filled: Filled, act: Act, *, name: str, tally: Tally) -> None:
    """Kill at step 1, 2, 3, … until the act gets through; judge after each death."""
    before = counts(url)
    step = 0
    while True:
        step += 1
        died = forked(url, act, step)
        after = counts(url)
        if died:
            tally.deaths += 1
            if after != before and not _is_done(url, filled, act, after):
                tally.wrong.append(f"{name}, step {step}: half of it is there: {before} -> {after}")
            _prove(url, filled, f"{name}, step {step}", tally)
        if after != before or not died:
            break
    again = counts(url)
    forked(url, act, 10**6)
    if counts(url) != again:
        tally.wrong.append(f"{name}: sent again it counted twice: {again} -> {counts(url)}")
    tally.steps[name] = step


def _is_done(url: str, filled: Filled, act: Act, after: Counts) -> bool:
    """Whether what is there is the whole act: sending it again changes nothing."""
    forked(url, act, 10**6)
    return counts(url) == after


def _prove(url: str, filled: Filled, where: str, tally: Tally) -> None:
    store = Store(url)
    with store.reader() as db:
        proof = prove(db, filled.commune_id, today())
        loose = banking.unallocated(db, filled.commune_id)
    store.dispose()
    if proof.broken or any(amount < 0 for amount in loose.values()):
        tally.wrong.append(f"{where}: the books do not hold: {proof.broken[:2]}")


def counts(url: str) -> Counts:
    """How many rows there are of everything an act writes."""
    store = Store(url)
    with store.reader() as db:
        found = tuple(db.scalar(select(func.count()).select_from(model)) or 0 for model in COUNTED)
    store.dispose()
    return found


def forked(url: str, act: Act, step: int) -> bool:
    """Run an act in a process of its own that kills itself at a step; whether it died."""
    child = os.fork()
    if not child:
        try:
            _act_and_die(url, act, step)
            os._exit(0)
        except BaseException as error:
            print(f"  {type(error).__name__}: {error}", flush=True)
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the act itself failed")
    return os.WIFSIGNALED(status)


def _act_and_die(url: str, act: Act, step: int) -> None:
    """Statements and both sides of the commit are the steps."""
    store, left = Store(url), [step]

    def die(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "after_cursor_execute", die)
    event.listen(store.engine, "commit", die)
    with store.begin() as db:
        act(db)
    die()
    store.dispose()

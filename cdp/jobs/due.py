"""What is due now: phases by their dates, letters, the duties of a day. The truth lies in rows, never in a queue."""

import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cdp.conduct import services as conduct
from cdp.conduct.duties import DUTIES
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.rounds import queries as rounds
from cdp.store.engine import Store

LOG = logging.getLogger("cdp.jobs")


@dataclass(frozen=True)
class Done:
    """What one piece of work did: its name, and how many things it touched."""

    what: str
    count: int

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"


def enter_phases(store: Store) -> list[Done]:
    """Enter the phases that are due, each round in its own transaction; one that fails stops no other."""
    with store.reader() as db:
        waiting = [round_.id for round_ in rounds.under_way(db, today())]
    done = []
    for round_id in waiting:
        try:
            entered = store.attempt(lambda db, number=round_id: _advance(db, number))  # type: ignore[misc]
        except Exception:
            LOG.exception("round %s could not be advanced", round_id)
            done.append(Done(f"round {round_id} failed", 1))
        else:
            done += [Done(f"round {each.round_id} entered {each.phase}, told", each.told) for each in entered]
    return done


def _advance(db: Session, round_id: int) -> tuple[conduct.Entered, ...]:
    return conduct.advance(db, CLOCK, rounds.get(db, round_id))


def do_duties(store: Store) -> list[Done]:
    """The duties of a day, each in its own transaction; one that fails stops no other."""
    done = []
    for name, duty in DUTIES.items():
        try:
            count = store.attempt(duty)
        except Exception:
            LOG.exception("duty failed: %s", name)
            done.append(Done(f"{name}, failed", 1))
        else:
            done.append(Done(name, count))
    return done

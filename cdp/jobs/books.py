"""The nightly proof of the books: every invariant on the real rows, and what the public and the exports show."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cdp.funding.queries import proof
from cdp.funding.queries.proof import Proof
from cdp.funding.rules.invariants import Broken
from cdp.funding.services import checks
from cdp.jobs.due import Done
from cdp.kernel.clock import today
from cdp.store.engine import Store
from cdp.transparency.queries import names

LOG = logging.getLogger("cdp.jobs")


def prove(db: Session, commune_id: int, day: date) -> Proof:
    """All that can be proved of a commune's books: the funding's own questions, then the doors'."""
    found = proof.prove(db, commune_id, day)
    seen = {"L17": names.unnamed_who_show(db, commune_id, day)}
    return _with(found, seen)


def _with(found: Proof, seen: dict[str, Iterable[str]]) -> Proof:
    more = tuple(Broken(name, 0, why) for name, whys in seen.items() for why in whys)
    asked = sorted({*found.asked, *seen}, key=lambda name: int(name[1:]))
    return replace(found, asked=tuple(asked), broken=found.broken + more, found=found.found + len(more))


def check_books(store: Store) -> list[Done]:
    """The day's check of every commune that has books, each in its own transaction; once a day."""
    day = today()
    with store.reader() as db:
        waiting = [number for number in proof.communes_with_books(db) if not checks.is_checked(db, number, day)]
    done = []
    for commune_id in waiting:
        try:
            with store.reader() as db:
                found = prove(db, commune_id, day)
            store.attempt(lambda db, number=commune_id, what=found: checks.keep(db, number, day, what))  # type: ignore[misc]
        except Exception:
            LOG.exception("the books of commune %s could not be checked", commune_id)
            done.append(Done(f"books of commune {commune_id}, check failed", 1))
        else:
            done.append(Done(f"books of commune {commune_id} checked, entries", found.entries))
            done.append(Done(f"books of commune {commune_id}, broken", found.found))
    return done

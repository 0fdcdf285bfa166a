"""The nightly proof of the books: every invariant on the real rows, and what the public and the exports show."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cdp.funding.queries import proof
from cdp.funding.queries.proof import Proof, all_flows
from cdp.funding.rules.invariants import Broken
from cdp.funding.rules.ledger import Op
from cdp.funding.rules.standing import RECEIVED
from cdp.funding.services import checks
from cdp.jobs.due import Done
from cdp.kernel.clock import today
from cdp.kernel.undisturbed import undisturbed
from cdp.store.engine import Store
from cdp.transparency.queries import names
from cdp.transparency.queries.moves import moves
from cdp.transparency.sheets import MoveKind

LOG = logging.getLogger("cdp.jobs")


def prove(db: Session, commune_id: int, day: date) -> Proof:
    """All that can be proved of a commune's books: the funding's own questions, then the doors'."""
    with undisturbed():
        found = proof.prove(db, commune_id, day)
        seen = {"L17": names.unnamed_who_show(db, commune_id, day), "L21": exported_is_booked(db, commune_id)}
        return _with(found, seen)


def exported_is_booked(db: Session, commune_id: int) -> Iterable[str]:
    """L21: what the exports say was received and spent is what the books say, by currency."""
    told: defaultdict[tuple[MoveKind, str], int] = defaultdict(int)
    for move in moves(db, commune_id):
        told[move.kind, move.unit] += move.amount_minor
    booked: defaultdict[tuple[MoveKind, str], int] = defaultdict(int)
    for purse, ops in all_flows(db, commune_id).items():
        for kind, signs in ((MoveKind.RECEIVED, RECEIVED), (MoveKind.SPENT, {Op.SPEND: 1})):
            booked[kind, purse.unit] += sum(sign * ops[op].amount_minor for op, sign in signs.items() if op in ops)
    for place, amount in booked.items():
        if told[place] != amount:
            yield f"{place[0]} {place[1]}: exported {told[place]}, booked {amount}"


def _with(found: Proof, seen: dict[str, Iterable[str]]) -> Proof:
    more = tuple(Broken(name, 0, why) for name, whys in seen.items() for why in proof.answers(whys))
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

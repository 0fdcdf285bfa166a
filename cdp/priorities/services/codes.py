"""Codes printed in batches: shown once, to be printed; only their keyed hashes are kept."""

import random
import secrets

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Locality
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import Actor
from cdp.priorities.models import Ballot, CodeBatch, VotingCode
from cdp.priorities.rules import secret_codes
from cdp.priorities.services.ballots import enter, key_of
from cdp.priorities.states import BallotStep
from cdp.store.audit import record

LARGEST_BATCH = 2000


def print_batch(
    db: Session, actor: Actor, ballot: Ballot, size: int, *, label: str, locality_id: int | None = None, key: str
) -> list[str]:
    """Make a batch of codes; gives them, shuffled, once. The same form again prints nothing.

    RuleBroken: "priorities.batch_size", "priorities.batch_printed" (its codes are known to nobody any more).
    """
    return _print(db, actor, ballot, CodeBatch(size=size, label=label, locality_id=locality_id, idempotency_key=key))


def print_test_batch(db: Session, actor: Actor, ballot: Ballot, size: int, *, label: str, key: str) -> list[str]:
    """Make codes for a rehearsal: they go all the way and never count."""
    return _print(db, actor, ballot, CodeBatch(size=size, label=label, idempotency_key=key, is_test=True))


def _print(db: Session, actor: Actor, ballot: Ballot, batch: CodeBatch) -> list[str]:
    actor = enter(db, actor, ballot, BallotStep.PRINT_CODES)
    if not 1 <= batch.size <= LARGEST_BATCH:
        raise RuleBroken("priorities.batch_size", most=LARGEST_BATCH)
    if db.scalar(select(CodeBatch.id).where(CodeBatch.idempotency_key == batch.idempotency_key)) is not None:
        raise RuleBroken("priorities.batch_printed")
    if batch.locality_id is not None:
        place = (Locality.id == batch.locality_id, Locality.commune_id == ballot.commune_id)
        if db.scalar(select(Locality.id).where(*place)) is None:
            raise NotFound
    batch.commune_id, batch.ballot_id, batch.label = ballot.commune_id, ballot.id, batch.label.strip()[:80]
    db.add(batch)
    db.flush()
    key = key_of(db, ballot)
    codes = [secret_codes.new_secret() for _ in range(batch.size)]
    db.add_all(
        VotingCode(
            commune_id=ballot.commune_id,
            ballot_id=ballot.id,
            batch_id=batch.id,
            code_hash=secret_codes.code_hash(key, code),
        )
        for code in codes
    )
    db.flush()
    record(db, actor, "priorities.print_codes", batch, size=batch.size, is_test=batch.is_test)
    random.Random(secrets.randbits(128)).shuffle(codes)  # noqa: S311 (seeded by the system's own source)
    return codes


def void_batch(db: Session, actor: Actor, ballot: Ballot, batch_id: int, *, reason: str) -> int:
    """Void the unused codes of a batch (lost, stolen, left over), with the reason; gives how many."""
    actor = enter(db, actor, ballot, BallotStep.PRINT_CODES)
    batch = db.scalar(select(CodeBatch).where(CodeBatch.id == batch_id, CodeBatch.ballot_id == ballot.id))
    if batch is None:
        raise NotFound
    if not reason.strip():
        raise RuleBroken("priorities.reason_needed")
    batch.void_because = reason.strip()
    unused = (VotingCode.batch_id == batch_id, VotingCode.is_used.is_(False), VotingCode.is_void.is_(False))
    statement = update(VotingCode).where(*unused).values(is_void=True)
    voided = db.execute(statement, execution_options={"synchronize_session": False})
    db.flush()
    number = int(voided.rowcount)  # type: ignore[attr-defined]
    record(db, actor, "priorities.void_codes", batch, number=number)
    return number

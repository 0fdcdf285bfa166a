"""Telling people: written with the act, sent by the job."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.kernel.clock import now
from cdp.notices.models import Mail, Notice
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.store.base import table_of
from cdp.store.engine import insert_of
from cdp.store.ready import Deed


def post(
    db: Session, person_id: int, kind: str, *, commune_id: int | None = None, once: str | None = None, **values: Any
) -> bool:
    """Put a notice into the outbox; the same ``once`` key is never posted twice (False then).

    ``kind`` names ``templates/mail/<kind>.txt`` and the catalog key ``notices.<kind>``; ``values`` are plain
    (numbers, texts, ISO days) and go into its sentence.
    """
    row = {
        "commune_id": commune_id,
        "person_id": person_id,
        "kind": kind,
        "values": values,
        "once": once,
        "at": now(),
    }
    return bool(_post.rows(db, row))


def _posting(dialect: str) -> Any:
    table = table_of(Notice)
    return insert_of(dialect, table).on_conflict_do_nothing(index_elements=["once"]).returning(table.c.id)


_post = Deed(_posting)


def mark_read(db: Session, person_id: int) -> None:
    """Everything in a person's space counts as seen now."""
    for notice in db.scalars(select(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))):
        notice.read_at = now()


def write(db: Session, address: str, kind: str, *, subject: str, text: str, person_id: int | None = None) -> Mail:
    """Put a finished letter beside the act; the job sends it. ``kind`` says why it was written."""
    mail = Mail(
        person_id=person_id, kind=kind, address=address, subject=subject[:200], text=text, at=now(), not_before=now()
    )
    db.add(mail)
    db.flush()
    return mail


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of a person who asked to be erased: all notices and letters to them go, sent or not; nothing stays."""
    commissioned(db, actor, person)
    for table in (Mail, Notice):
        db.execute(delete(table).where(table.person_id == person.id))
    db.flush()


def take_as_sent(db: Session) -> None:
    """Take all notices so far as sent and seen long ago (demonstration only): nobody gets letters of the past."""
    db.execute(update(Notice).where(Notice.sent_at.is_(None)).values(sent_at=Notice.at))

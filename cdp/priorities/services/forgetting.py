"""What the panel keeps of a person who asked to be erased."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.priorities.models import Mark, MarkSheet


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of the sheets the person never handed in.

    Stays: sheets handed in, with their marks and published reasons, and declared interests, by "a member": the
    ranking was made of them.
    """
    commissioned(db, actor, person)
    open_sheets = select(MarkSheet.id).where(MarkSheet.member_id == person.id, MarkSheet.handed_in_at.is_(None))
    numbers = list(db.scalars(open_sheets))
    db.execute(delete(Mark).where(Mark.sheet_id.in_(numbers)))
    db.execute(delete(MarkSheet).where(MarkSheet.id.in_(numbers)))
    db.flush()

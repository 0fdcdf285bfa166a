"""What the panel keeps of a person who asked to be erased."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.priorities.models import Mark, MarkSheet, RollEntry


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of the sheets the person never handed in.

    Stays: sheets handed in, with their marks and published reasons, and declared interests, by "a member": the
    ranking was made of them. On the roll of a ballot a line without a name stays, so that its figures hold; what
    was voted cannot be found, by nobody.
    """
    commissioned(db, actor, person)
    nameless = update(RollEntry).where(RollEntry.person_id == person.id).values(person_id=None, name="", sort_key="")
    db.execute(nameless.execution_options(synchronize_session=False))
    open_sheets = select(MarkSheet.id).where(MarkSheet.member_id == person.id, MarkSheet.handed_in_at.is_(None))
    numbers = list(db.scalars(open_sheets))
    db.execute(delete(Mark).where(Mark.sheet_id.in_(numbers)))
    db.execute(delete(MarkSheet).where(MarkSheet.id.in_(numbers)))
    db.flush()

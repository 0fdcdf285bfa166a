"""What the panel and the ballots keep of a person who asked to be erased."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.priorities.models import Mark, MarkSheet, RollEntry

UNSAID = "\u2014"
"""Stands for a reason that may tell of somebody who was erased: they stay struck off."""


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Let go of the sheets the person never handed in.

    Goes too: the name on every roll, and the words said when somebody was struck off one.
    Stays: sheets handed in, with their marks and published reasons, and declared interests, by "a member": the
    ranking was made of them. On the roll of a ballot a line without a name stays, so that its figures hold; what
    was voted cannot be found, by nobody. Printed codes, sheets of paper and the counts hold no names at all. A line
    the office copied from a paper list stays: it belongs to no account, and may be somebody else's of the same name.
    """
    commissioned(db, actor, person)
    struck = update(RollEntry).where(RollEntry.person_id == person.id, RollEntry.struck_because != "")
    db.execute(struck.values(struck_because=UNSAID).execution_options(synchronize_session=False))
    nameless = update(RollEntry).where(RollEntry.person_id == person.id).values(person_id=None, name="", sort_key="")
    db.execute(nameless.execution_options(synchronize_session=False))
    open_sheets = select(MarkSheet.id).where(MarkSheet.member_id == person.id, MarkSheet.handed_in_at.is_(None))
    numbers = list(db.scalars(open_sheets))
    db.execute(delete(Mark).where(Mark.sheet_id.in_(numbers)))
    db.execute(delete(MarkSheet).where(MarkSheet.id.in_(numbers)))
    db.flush()

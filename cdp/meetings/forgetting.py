"""What meetings keep of a person who asked to be erased."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from cdp.meetings.models import Meeting
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned, communes_asked, names_of


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Take out the name of who chaired a meeting, where it is the person's to the letter.

    Stays: who was present, for it is counted in classes and names nobody. By law stay the minutes, in their own words
    (a commune's records are public archives, law 69-99); what people said is kept without their names from the first.
    """
    commissioned(db, actor, person)
    chaired = (Meeting.commune_id.in_(communes_asked(person)), Meeting.chaired_by.in_(names_of(person)))
    db.execute(update(Meeting).where(*chaired).values(chaired_by="").execution_options(synchronize_session=False))
    db.flush()

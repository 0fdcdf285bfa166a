"""What the path on paper keeps of a person who asked to be erased."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from cdp.papers.models import LegalRule
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned, communes_asked, names_of

UNSAID = "\u2014"
"""Stands for who checked a rule: that somebody did is not taken back."""


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Take out the name of who read an article of the legal calendar, where it is the person's to the letter.

    By law stay the signed papers that came back, as they are, and the days of the path with what was noted of them
    (a commune's records are public archives, law 69-99); papers made from the data hold no names of their own.
    """
    commissioned(db, actor, person)
    checked = (LegalRule.commune_id.in_(communes_asked(person)), LegalRule.checked_by.in_(names_of(person)))
    db.execute(update(LegalRule).where(*checked).values(checked_by=UNSAID).execution_options(synchronize_session=False))
    db.flush()

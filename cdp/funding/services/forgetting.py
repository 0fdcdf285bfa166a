"""What funding keeps of a person who asked to be erased."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import Pledge
from cdp.funding.services.promises import lapse
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned
from cdp.people.states import ShownAs


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Unname the person's promises and let those nobody has called lapse: nobody could be asked for them any more.

    Goes: the name shown beside a promise, the words written with it, what was still only promised.
    Stays: what was called, received or given, and every entry of the sealed books, which know a number alone; the
    promises of a group stay the group's, under the group's name.
    """
    actor = commissioned(db, actor, person)
    made = select(Pledge).where(Pledge.person_id == person.id).order_by(Pledge.commune_id, Pledge.id)
    for pledge in list(db.scalars(made)):
        pledge.note = ""
        if pledge.group_id is None:
            pledge.shown_as = ShownAs.ANONYMOUS
            lapse(db, actor, pledge, key="erased")
    db.flush()

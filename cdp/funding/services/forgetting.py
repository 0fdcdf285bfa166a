"""What funding keeps of a person who asked to be erased."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.funding.models import ClubShare, Pledge, SetAside
from cdp.funding.services.promises import lapse
from cdp.people.actor import Actor
from cdp.people.models import Person
from cdp.people.services.forgetting import commissioned, communes_asked, names_of
from cdp.people.states import ShownAs

UNNAMED = "\u2026"
"""Stands where a name stood in words of the office."""


def forget(db: Session, actor: Actor, person: Person) -> None:
    """Unname the person's promises and let those nobody has called lapse: nobody could be asked for them any more.

    Goes: the name shown beside a promise, the words written with it, what was still only promised.
    Goes too: the person's name in the reasons for which lines of the bank were set aside, and in the private lists of
    groups' promises.
    Stays: what was called, received or given, and every entry of the sealed books, which know a number alone; the
    promises of a group stay the group's, under the group's name. By law stays, as evidence of public accounts (decree
    2-17-451), what a bank or a signed paper says, names included, read by the treasurer's office alone: lines of bank
    statements with their payer, holders of accounts, suppliers of spending, who signed an agreement.
    """
    actor = commissioned(db, actor, person)
    made = select(Pledge).where(Pledge.person_id == person.id).order_by(Pledge.commune_id, Pledge.id)
    for pledge in list(db.scalars(made)):
        pledge.note = ""
        if pledge.group_id is None:
            pledge.shown_as = ShownAs.ANONYMOUS
            lapse(db, actor, pledge, key="erased")
    _unname_set_aside(db, person)
    _unname_shares(db, person)
    db.flush()


def _unname_set_aside(db: Session, person: Person) -> None:
    """Reasons of lines set aside without the person's name."""
    for name in names_of(person):
        naming = SetAside.reason.contains(name, autoescape=True)
        asked = select(SetAside).where(SetAside.commune_id.in_(communes_asked(person)), naming)
        for each in db.scalars(asked):
            each.reason = each.reason.replace(name, UNNAMED)


def _unname_shares(db: Session, person: Person) -> None:
    """Private lists of groups without the person's name; how much somebody gave within the promise stays."""
    asked = select(ClubShare).where(
        ClubShare.commune_id.in_(communes_asked(person)), ClubShare.name.in_(names_of(person))
    )
    for each in db.scalars(asked):
        each.name = UNNAMED

"""The partners of a commune, and what they are called."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.programme.models import Partner
from cdp.programme.rules.partners import Names
from cdp.store.keeping import Keep


class PartnerRow(NamedTuple):
    """A partner: its number, the name shares and books keep it by, what it is called."""

    id: int
    party: str
    name: Words


def partners(db: Session, commune_id: int) -> list[PartnerRow]:
    """In the order they were first written (one statement)."""
    asked = select(Partner.id, Partner.party, Partner.name).where(Partner.commune_id == commune_id)
    return [PartnerRow(*row) for row in db.execute(asked.order_by(Partner.id))]


def find_partner(db: Session, commune_id: int, partner_id: int) -> PartnerRow:
    """A partner of this commune; NotFound else."""
    found = next((row for row in partners(db, commune_id) if row.id == partner_id), None)
    if found is None:
        raise NotFound
    return found


def partner_names(db: Session, commune_id: int) -> Names:
    """By party, in the order they were first written."""
    return Names((row.party, row.name) for row in partners(db, commune_id))


_names: Keep[Names] = Keep()


def kept_names(db: Session, commune_id: int, revision: int) -> Names:
    """The same for pages; kept by the worker. A partner that is new since is called as it was written anyhow."""
    return _names.of(db, commune_id, revision, lambda: partner_names(db, commune_id))

"""What the partners of a commune are called."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.programme.models import Partner
from cdp.programme.rules.partners import Names
from cdp.store.keeping import Keep


def partner_names(db: Session, commune_id: int) -> Names:
    """By party, in the order they were first written (one statement)."""
    rows = db.execute(select(Partner.party, Partner.name).where(Partner.commune_id == commune_id).order_by(Partner.id))
    return Names((party, name) for party, name in rows)


_names: Keep[Names] = Keep()


def kept_names(db: Session, commune_id: int, revision: int) -> Names:
    """The same for pages; kept by the worker. A partner that is new since is called as it was written anyhow."""
    return _names.of(db, commune_id, revision, lambda: partner_names(db, commune_id))

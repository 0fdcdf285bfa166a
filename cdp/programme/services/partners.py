"""Partners of a commune: who is meant by a name, and what they are called in each language."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.communes.services import touch
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme.models import Partner
from cdp.programme.queries.partners import partner_names
from cdp.programme.rules.partners import meant, name_problem, written
from cdp.store.audit import record
from cdp.store.base import table_of
from cdp.store.engine import insert_or


def party_of(db: Session, commune_id: int, typed: str) -> str:
    """The partner meant by a name in any language, as shares and books keep it; a new one is kept. "" is nobody."""
    if not typed.strip():
        return ""
    names = partner_names(db, commune_id)
    party = meant(typed, names)
    if party not in names:
        row = {"commune_id": commune_id, "party": party, "name": written(party)}
        db.execute(insert_or(db, table_of(Partner)).values(row).on_conflict_do_nothing())
    return party


def name_partner(db: Session, actor: Actor, commune: Commune, party: str, name: Words) -> None:
    """Say what a partner is called in each language, everywhere at once; what was frozen keeps the names it had.

    NotFound: no such partner. RuleBroken: no name, one that is too long, or one that means another partner.
    """
    actor = actor.under_mandate(commune.id, Role.TREASURER, Role.OFFICER)
    row = db.scalar(select(Partner).where(Partner.commune_id == commune.id, Partner.party == party))
    if row is None:
        raise NotFound
    if problem := name_problem(party, name, partner_names(db, commune.id)):
        raise RuleBroken(problem)
    row.name = name
    touch(db, commune.id)
    record(db, actor, "programme.name_partner", row, name=dict(name))
    db.flush()

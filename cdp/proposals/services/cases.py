"""What the services share: a proposal locked for this act, its case, the capacity somebody writes in."""

from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.people.actor import Actor
from cdp.proposals.models import Proposal
from cdp.proposals.policy import WRITERS_FOR_OTHERS, Case
from cdp.proposals.queries.one import HELD
from cdp.proposals.states import Channel
from cdp.rounds import queries as rounds
from cdp.store.base import table_of
from cdp.store.ready import Ready, part_of, told

CHANGING = ("state", "number", "group_id", "correct_until", "merged_into_id", "submitted_at", "support_count")


def _holding() -> Select[Any]:
    table, commune = table_of(Proposal), table_of(Commune)
    return (
        select(*(table.c[name] for name in CHANGING), commune.c.revision)
        .join(commune, commune.c.id == table.c.commune_id)
        .where(table.c.id == bindparam("proposal"))
        .with_for_update(of=table)
    )


_held = Ready(_holding)


def held(db: Session, proposal: Proposal) -> Case:
    """The proposal as it stands now, its row held until the act is committed, with the card of its round, today."""
    db.flush()
    if db.info.get(HELD) == (part_of(db), proposal.id):
        revision = db.get_one(Commune, proposal.commune_id).revision
    else:
        *changing, revision = _held.first(db, proposal=proposal.id)
        told(proposal, dict(zip(CHANGING, changing, strict=True)))
    card = rounds.card_of(db, proposal.commune_id, proposal.round_id, revision)
    return Case(proposal, card, today(), revision)


def writing(actor: Actor, proposal: Proposal) -> Actor:
    """The actor in the capacity in which they write this proposal: for its group, for another, for themselves."""
    if proposal.group_id is not None and proposal.group_id in actor.groups:
        return actor.for_group(proposal.group_id)
    if proposal.channel is not Channel.SCREEN and actor.holds(proposal.commune_id, *WRITERS_FOR_OTHERS):
        return actor.under_mandate(proposal.commune_id, *WRITERS_FOR_OTHERS)
    return actor

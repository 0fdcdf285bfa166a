"""Proposals as tests write them."""

import secrets

from sqlalchemy.orm import Session

from cdp.kernel.words import Words
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.proposals import services
from cdp.proposals.models import Proposal
from cdp.proposals.rules.drafts import Beneficiaries, Draft, WritingStep
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from tests.factories import (
    actor_of,
    make_official,
)

WHOLE = Draft(
    title=Words(ar="قنطرة صغيرة", fr="Une passerelle"),
    need=Words(ar="في الشتاء يحمل الوادي الماء"),
    sector="roads",
    people=Beneficiaries(women=100, men=90, youth=60),
)


def commune_of(db: Session, round_: Round):  # type: ignore[no-untyped-def]
    from cdp.communes.models import Commune

    return db.get_one(Commune, round_.commune_id)


def officer_of(db: Session, round_: Round, role: Role = Role.OFFICER) -> Actor:
    return actor_of(db, make_official(db, commune_of(db, round_), role))


def draft(db: Session, actor: Actor, here: RoundCard, **over: object) -> Proposal:
    proposal = services.start(db, actor, here, key=secrets.token_hex(8), **over)  # type: ignore[arg-type]
    services.write(db, actor, proposal, WHOLE, step=WritingStep.BENEFIT)
    return proposal


def submitted(db: Session, actor: Actor, here: RoundCard) -> Proposal:
    return services.submit(db, actor, draft(db, actor, here))

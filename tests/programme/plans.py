"""Plans as tests make them: drafted and submitted, voted on, read back."""

from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries, services
from cdp.programme.models import PlanVersion
from cdp.programme.queries.sheets import PlanSheet
from cdp.programme.rules.drafting import PartShare
from cdp.programme.rules.votes import Vote
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.states import Source, Sureness
from tests.factories import (
    actor_of,
    make_official,
)
from tests.programme.rounds import DIRHAM, make_programming


def sheet(db: Session, round_: Round) -> PlanSheet:
    card = rounds.card(db, round_)
    return queries.sheet(db, card, queries.versions(db, round_.id)[0])


def changes(db: Session, round_: Round) -> tuple[queries.Difference, ...]:
    """What changed from the version before the newest to the newest."""
    card = rounds.card(db, round_)
    new, old = queries.versions(db, round_.id)[:2]
    return queries.differences(queries.sheet(db, card, old), queries.sheet(db, card, new))


def indh(amount: int, **over: object) -> PartShare:
    return PartShare(**{"source": Source.INDH, "amount": amount * DIRHAM, "sureness": Sureness.PROMISED} | over)


def submitted(db: Session, *costs: int) -> tuple[Round, PlanVersion, Actor]:
    round_, _, officer = make_programming(db, *costs)
    version = services.draft_plan(db, officer, round_)
    services.submit(db, officer, version)
    return round_, version, officer


def a_vote(**over: object) -> Vote:
    return Vote(**{"on": today(), "votes_for": 14, "votes_against": 2, "abstentions": 1} | over)


def with_role(db: Session, round_: Round, role: Role) -> Actor:
    from cdp.communes.models import Commune

    return actor_of(db, make_official(db, db.get_one(Commune, round_.commune_id), role))

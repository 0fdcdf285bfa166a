"""What the table of rights needs of ballots: an open one with roll, codes and paper, and a published one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel import clock
from cdp.kernel.clock import today
from cdp.people.actor import CLOCK
from cdp.people.states import Role
from cdp.priorities.models import RollEntry
from cdp.priorities.queries import ballots as queries
from cdp.priorities.queries.office import code_batches
from cdp.priorities.services import ballots, closing, codes, counting, paper, roll
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from tests.factories import actor_of, make_locality, make_official
from tests.priorities.ballots import draft, make_costed


def ballots_of_scene(db: Session) -> dict[str, dict[str, Any]]:
    """Arguments of the addresses of ballots, in the scene's commune and its round of 2022."""
    commune = db.scalars(select(Commune).where(Commune.slug == "tirsal")).one()
    round_ = db.scalars(select(Round).where(Round.commune_id == commune.id, Round.first_year == 2022)).one()
    officer = make_official(db, commune)
    make_costed(db, round_, 10_000_000, make_locality(db, commune), officer=officer)
    actor, card = actor_of(db, officer), rounds.card(db, round_)
    made = ballots.prepare(db, actor, card, draft(), key="open")
    ballots.open_ballot(db, actor, made)
    roll.enrol_names(db, actor, made, ["Fadma"])
    codes.print_batch(db, actor, made, 2, label="x", key="codes of the scene")
    batch = paper.open_batch(db, actor, made, paper.Totals(1, 1), label="x", key="paper of the scene")
    paper.enter_lines(db, actor, made, batch.id, "1")
    second = actor_of(db, make_official(db, commune, Role.FACILITATOR))
    paper.enter_lines(db, second, made, batch.id, "-")
    over = ballots.prepare(db, actor, card, draft(closes_on=today()), key="over")
    ballots.open_ballot(db, actor, over)
    with clock.held_at(today() + timedelta(days=1)):
        closing.close(db, CLOCK, over)
        counting.count(db, actor, over)
        counting.publish(db, actor, over)
    values = {
        "ballot_id": made.id,
        "year": 2022,
        "number": queries.offers(db, made.id)[0].number,
        "entry_id": db.scalars(select(RollEntry.id).where(RollEntry.ballot_id == made.id)).one(),
        "batch_id": batch.id,
        "step": "projects",
        "mark": "paper",
    }
    published = values | {"ballot_id": over.id, "what": "ballots.pb"}
    void = values | {"batch_id": code_batches(db, made.id)[0].id}
    return {"ballots.": values, "ballots.file": published, "ballots.void": void, "results.": published}

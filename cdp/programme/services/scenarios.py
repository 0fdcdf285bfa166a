"""Scenarios: named what-ifs of the newest version of a plan, compared side by side, published if the commune wishes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import Scenario
from cdp.programme.policy import PlanCase, authorize_step
from cdp.programme.rules.whatif import Changes, changed, tidy, tried
from cdp.programme.states import PlanStep
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.store.audit import record

MOST = 50
"""Scenarios of one round."""


def imagine(db: Session, actor: Actor, round_: Round, changes: Changes, *, name: str, note: str, key: str) -> Scenario:
    """Keep what would come of changes to the newest version. Sent twice it is kept once.

    RuleBroken "programme.scenario_name", "programme.no_draft", "programme.too_many_scenarios",
    "programme.unknown_numbers"; Conflict when the same sending comes with another name.
    """
    actor = _authorized(db, actor, round_)
    earlier = db.scalar(select(Scenario).where(Scenario.idempotency_key == key))
    if earlier is not None:
        if (earlier.round_id, earlier.name) != (round_.id, name.strip()):
            raise Conflict("errors.sent_before")
        return earlier
    if not name.strip():
        raise RuleBroken("programme.scenario_name")
    base = queries.newest_with_instance(db, round_.id)
    if base is None or base.instance is None:
        raise RuleBroken("programme.no_draft")
    if len(queries.scenarios(db, round_.id)) >= MOST:
        raise RuleBroken("programme.too_many_scenarios", most=MOST)
    known = {project["id"] for project in base.instance["projects"]}
    if unknown := [number for number in (*changes.out, *changes.into) if number not in known]:
        raise RuleBroken("programme.unknown_numbers", numbers=" ".join(unknown))
    given = tidy(changes, base.instance)
    scenario = Scenario(
        commune_id=round_.commune_id,
        round_id=round_.id,
        name=name.strip()[:120],
        note=note.strip(),
        instance=changed(base.instance, given),
        changes=given.plain() | {"version": base.number},
        result=tried(base.instance, queries.starts_of(db, base.id), given),
        made_by_id=actor.known(),
        made_at=now(),
        idempotency_key=key,
    )
    db.add(scenario)
    db.flush()
    record(db, actor, "programme.imagine", scenario, version=base.number, changes=given.plain())
    return scenario


def publish_scenario(db: Session, actor: Actor, scenario: Scenario) -> None:
    """Let anyone read a scenario; a second time is the first."""
    actor = _authorized(db, actor, rounds.get(db, scenario.round_id))
    if scenario.published_at is None:
        scenario.published_at = now()
        db.flush()
        record(db, actor, "programme.publish_scenario", scenario)


def withdraw_scenario(db: Session, actor: Actor, scenario: Scenario) -> None:
    """Keep a scenario for the office again; a second time is the first."""
    actor = _authorized(db, actor, rounds.get(db, scenario.round_id))
    if scenario.published_at is not None:
        scenario.published_at = None
        db.flush()
        record(db, actor, "programme.withdraw_scenario", scenario)


def _authorized(db: Session, actor: Actor, round_: Round) -> Actor:
    authorize_step(PlanStep.IMAGINE, actor, PlanCase(rounds.card(db, round_), today()))
    return actor.under_mandate(round_.commune_id, Role.OFFICER)

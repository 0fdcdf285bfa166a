"""Searches for the best programme: asked for by the office, carried out by the worker, taken or left by people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import FitRun, Scenario
from cdp.programme.policy import PlanCase, authorize_step
from cdp.programme.services.drafting import instance_now
from cdp.programme.states import PlanStep, RunState
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.store.audit import record

LONGEST = 600
"""Seconds a search may take at most."""

OF_SCENARIO = 30
"""Seconds the search for the best of a scenario may take."""

UNDER_WAY = (RunState.WAITING, RunState.RUNNING, RunState.CANCELLING)


def ask_best(db: Session, actor: Actor, round_: Round, *, seconds: int, key: str) -> FitRun:
    """Ask for the programme of the highest value under all conditions. Sent twice it is asked once.

    RuleBroken "programme.run_under_way" while another one of this round is, "programme.run_seconds",
    "programme.nothing_marked" where no proposal has a value, or whatever stands against a draft.
    """
    return _ask(db, actor, round_, seconds=seconds, key=key, previous=None)


def ask_least_change(db: Session, actor: Actor, round_: Round, *, seconds: int, key: str) -> FitRun:
    """Ask for the programme that changes the draft as little as possible and meets all conditions."""
    version = queries.draft_version(db, round_.id)
    if version is None:
        raise RuleBroken("programme.no_draft")
    return _ask(db, actor, round_, seconds=seconds, key=key, previous=queries.starts_of(db, version.id))


def _ask(
    db: Session, actor: Actor, round_: Round, *, seconds: int, key: str, previous: Mapping[str, int] | None
) -> FitRun:
    document = instance_now(db, actor, round_)
    actor = actor.under_mandate(round_.commune_id, Role.OFFICER)
    earlier = db.scalar(select(FitRun).where(FitRun.idempotency_key == key))
    if earlier is not None:
        if (earlier.round_id, earlier.asked_by_id) != (round_.id, actor.known()):
            raise Conflict("errors.sent_before")
        return earlier
    if not 1 <= seconds <= LONGEST:
        raise RuleBroken("programme.run_seconds", most=LONGEST)
    if previous is None and not any(project["value"] for project in document["projects"]):
        raise RuleBroken("programme.nothing_marked")
    own = (FitRun.round_id == round_.id, FitRun.scenario_id.is_(None))
    if db.scalar(select(FitRun.id).where(*own, FitRun.state.in_(UNDER_WAY))):
        raise RuleBroken("programme.run_under_way")
    run = FitRun(
        commune_id=round_.commune_id,
        round_id=round_.id,
        instance=document,
        previous=dict(previous) if previous is not None else None,
        seconds=seconds,
        asked_by_id=actor.known(),
        asked_at=now(),
        idempotency_key=key,
    )
    db.add(run)
    db.flush()
    record(db, actor, "programme.ask_run", run, seconds=seconds, least_change=previous is not None)
    return run


def ask_best_of_scenario(db: Session, actor: Actor, scenario: Scenario) -> FitRun:
    """Ask for the best programme of a scenario; while one search of it is under way, it is that one."""
    round_ = rounds.get(db, scenario.round_id)
    authorize_step(PlanStep.IMAGINE, actor, PlanCase(rounds.card(db, round_), today()))
    actor = actor.under_mandate(scenario.commune_id, Role.OFFICER)
    earlier = db.scalar(select(FitRun).where(FitRun.scenario_id == scenario.id, FitRun.state.in_(UNDER_WAY)))
    if earlier is not None:
        return earlier
    run = FitRun(
        commune_id=scenario.commune_id,
        round_id=scenario.round_id,
        scenario_id=scenario.id,
        instance=scenario.instance,
        seconds=OF_SCENARIO,
        asked_by_id=actor.known(),
        asked_at=now(),
    )
    db.add(run)
    db.flush()
    record(db, actor, "programme.ask_run", run, seconds=OF_SCENARIO, scenario=scenario.id)
    return run


def cancel(db: Session, actor: Actor, run: FitRun) -> None:
    """Stop a search: one that waits at once, one that runs when the worker next looks. Twice is once."""
    card = rounds.card(db, rounds.get(db, run.round_id))
    step = PlanStep.DRAFT if run.scenario_id is None else PlanStep.IMAGINE
    authorize_step(step, actor, queries.plan_case(db, card, today()))
    actor = actor.under_mandate(run.commune_id, Role.OFFICER)
    after = {RunState.WAITING: RunState.CANCELLED, RunState.RUNNING: RunState.CANCELLING}.get(run.state)
    if after is None:
        return
    run.state = after
    if after is RunState.CANCELLED:
        run.ended_at = now()
    db.flush()
    record(db, actor, "programme.cancel_run", run)


def stop_best_of_scenario(db: Session, actor: Actor, scenario: Scenario) -> None:
    """Stop whatever search of a scenario is under way; where there is none it is stopped already."""
    authorize_step(PlanStep.IMAGINE, actor, PlanCase(rounds.card(db, rounds.get(db, scenario.round_id)), today()))
    run = db.scalar(select(FitRun).where(FitRun.scenario_id == scenario.id, FitRun.state.in_(UNDER_WAY)))
    if run is not None:
        cancel(db, actor, run)


def begin(db: Session, run: FitRun) -> None:
    """The worker begins."""
    run.state, run.begun_at = RunState.RUNNING, now()
    db.flush()


def note(db: Session, run: FitRun, progress: Mapping[str, Any]) -> bool:
    """The worker writes down how far it is; whether it is to go on."""
    run.progress = dict(progress)
    db.flush()
    return run.state is RunState.RUNNING


def end(db: Session, run: FitRun, result: Mapping[str, Any] | None) -> None:
    """The worker is done: what it found, or None when it failed."""
    run.result, run.ended_at = (dict(result) if result is not None else None), now()
    if result is None:
        run.state = RunState.FAILED
    else:
        run.state = RunState.CANCELLED if run.state is RunState.CANCELLING else RunState.DONE
        _tell_scenario(db, run, result)
    db.flush()


def _tell_scenario(db: Session, run: FitRun, result: Mapping[str, Any]) -> None:
    """A scenario shows the best that was found for it; where there is none it stays as it was."""
    scenario = db.get(Scenario, run.scenario_id) if run.scenario_id else None
    if scenario is not None and "starts" in result:
        kept = {name: result[name] for name in ("starts", "value", "bound", "status")}
        scenario.result = kept | {"unmet": []}

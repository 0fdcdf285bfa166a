"""Searches for the best programme and scenarios, as they are kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.errors import NotFound
from cdp.kernel.words import Words
from cdp.programme.models import FitRun, PlanVersion, Scenario
from cdp.programme.states import RunState
from cdp.proposals.models import Proposal


def next_run(db: Session) -> FitRun | None:
    """The search that waits longest."""
    return db.scalar(select(FitRun).where(FitRun.state == RunState.WAITING).order_by(FitRun.id).limit(1))


def left_behind(db: Session) -> list[FitRun]:
    """Searches that nobody carries out any more."""
    return list(db.scalars(select(FitRun).where(FitRun.state.in_((RunState.RUNNING, RunState.CANCELLING)))))


def get_run(db: Session, run_id: int) -> FitRun:
    """A search that is known to exist."""
    return db.get_one(FitRun, run_id)


def find_run(db: Session, round_id: int, run_id: int) -> FitRun:
    """A search of a round; NotFound else."""
    found = db.scalar(select(FitRun).where(FitRun.round_id == round_id, FitRun.id == run_id))
    if found is None:
        raise NotFound("programme.no_such_run")
    return found


@dataclass(frozen=True)
class RunRow:
    """A search as the office sees it; ``result`` and ``progress`` as ``rules.proposing`` keeps them."""

    id: int
    state: RunState
    seconds: int
    asked_at: datetime
    ended_at: datetime | None
    keeps_draft: bool
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    instance: Mapping[str, Any]

    @property
    def is_under_way(self) -> bool:
        """Whether its page is to be looked at again."""
        return self.state in (RunState.WAITING, RunState.RUNNING, RunState.CANCELLING)

    @property
    def gap(self) -> float | None:
        """Proven: the best is worth at most so much more, as a share; None: not proven, or nothing found."""
        value, bound = self.result.get("value"), self.result.get("bound")
        return None if bound is None or value is None else (bound - value) / max(value, 1)


def last_run(db: Session, round_id: int) -> RunRow | None:
    """The newest search for a round's own plan."""
    own = (FitRun.round_id == round_id, FitRun.scenario_id.is_(None))
    run = db.scalar(select(FitRun).where(*own).order_by(FitRun.id.desc()).limit(1))
    return None if run is None else _row(run)


def scenario_runs(db: Session, round_id: int) -> dict[int, RunRow]:
    """The newest search of each scenario of a round that was searched for, by scenario."""
    found = db.scalars(
        select(FitRun).where(FitRun.round_id == round_id, FitRun.scenario_id.is_not(None)).order_by(FitRun.id)
    )
    return {run.scenario_id: _row(run) for run in found if run.scenario_id is not None}


def _row(run: FitRun) -> RunRow:
    return RunRow(
        run.id,
        run.state,
        run.seconds,
        run.asked_at,
        run.ended_at,
        run.previous is not None,
        run.progress or {},
        run.result or {},
        run.instance,
    )


def titles(db: Session, round_id: int, numbers: Collection[str]) -> dict[str, tuple[int, Words]]:
    """(id, title) of proposals of a round by number."""
    rows = db.execute(
        select(Proposal.number, Proposal.id, Proposal.title).where(
            Proposal.round_id == round_id, Proposal.number.in_(numbers)
        )
    )
    return {number or "": (proposal_id, title) for number, proposal_id, title in rows}


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario with what it was made from and what came out."""

    id: int
    name: str
    note: str
    made_at: datetime
    published_at: datetime | None
    instance: Mapping[str, Any]
    changes: Mapping[str, Any]
    result: Mapping[str, Any]


def scenarios(db: Session, round_id: int) -> tuple[ScenarioRow, ...]:
    """The scenarios of a round, the oldest first."""
    found = db.scalars(select(Scenario).where(Scenario.round_id == round_id).order_by(Scenario.id))
    return tuple(
        ScenarioRow(s.id, s.name, s.note, s.made_at, s.published_at, s.instance, s.changes, s.result) for s in found
    )


def newest_with_instance(db: Session, round_id: int) -> PlanVersion | None:
    """The newest version that says what it was fitted from."""
    return db.scalar(
        select(PlanVersion)
        .where(PlanVersion.round_id == round_id, PlanVersion.instance.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def find_scenario(db: Session, round_id: int, scenario_id: int) -> Scenario:
    """A scenario of a round; NotFound else."""
    found = db.scalar(select(Scenario).where(Scenario.round_id == round_id, Scenario.id == scenario_id))
    if found is None:
        raise NotFound("programme.no_such_scenario")
    return found

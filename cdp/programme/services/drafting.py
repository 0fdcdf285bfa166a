"""The draft of a plan: drafted by rank, decided by people with reasons, drafted anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.people.actor import Actor
from cdp.people.states import Role
from cdp.programme import queries
from cdp.programme.models import FitRun, PlanLine, PlanVersion, YearAmount
from cdp.programme.policy import authorize_step
from cdp.programme.rules.conditions import Candidate, Decision, instance_document
from cdp.programme.rules.drafting import Drafted, fitted, instance_of, lines_of
from cdp.programme.rules.fit.terms import Instance, Programme
from cdp.programme.rules.proposing import proposed
from cdp.programme.rules.shares import held_years
from cdp.programme.states import LineVerdict, Pin, PlanStep, RunState, VersionState
from cdp.rounds import queries as rounds
from cdp.rounds.models import Round
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record

REDRAFTED = frozenset({VersionState.REJECTED, VersionState.VISA_REFUSED})
"""After these the office makes another version."""


def draft_plan(db: Session, actor: Actor, round_: Round) -> PlanVersion:
    """Draft the plan from the ranking, or draft it anew with what people decided; kept as one draft a round.

    RuleBroken "programme.ranking_open" before all marks are open, "programme.nothing_admitted",
    "programme.version_stands" while a version is before the council or adopted.
    """
    card = _authorized(db, actor, round_, PlanStep.DRAFT)
    actor = actor.under_mandate(round_.commune_id, Role.OFFICER)
    version = queries.draft_version(db, round_.id)
    made = _made(db, card, _decisions(db, round_, version))
    stays = _stays(db, round_)
    version = _taken(db, actor, round_, card, version=version)
    write(db, version, made, fitted(made.instance, stays))
    record(db, actor, "programme.draft", version, number=version.number, charter=card.charter_version)
    return version


def draft_best(db: Session, actor: Actor, run: FitRun) -> PlanVersion:
    """Take what a search found into the draft. RuleBroken "programme.run_not_ready", "programme.run_is_old".

    It is old when anything it was fitted from (costs, shares, envelopes, conditions, decisions) changed since.
    """
    round_ = rounds.get(db, run.round_id)
    card = _authorized(db, actor, round_, PlanStep.DRAFT)
    actor = actor.under_mandate(run.commune_id, Role.OFFICER)
    version = queries.draft_version(db, round_.id)
    if run.state is RunState.TAKEN and version is not None:
        return version
    if run.scenario_id or run.state is not RunState.DONE or not run.result or "starts" not in run.result:
        raise RuleBroken("programme.run_not_ready")
    made = _made(db, card, _decisions(db, round_, version))
    if made.document != run.instance:
        raise RuleBroken("programme.run_is_old")
    done = proposed(made.instance, run.result)
    version = _taken(db, actor, round_, card, version=version)
    write(db, version, made, done)
    run.state = RunState.TAKEN
    record(db, actor, "programme.draft_best", version, number=version.number, value=done.value, bound=done.bound)
    return version


def instance_now(db: Session, actor: Actor, round_: Round) -> dict[str, Any]:
    """What the plan would be fitted from today, as a document."""
    card = _authorized(db, actor, round_, PlanStep.DRAFT)
    return _made(db, card, _decisions(db, round_, queries.draft_version(db, round_.id))).document


def pin(db: Session, actor: Actor, version: PlanVersion, number: str, *, reason: str) -> None:
    """Decide that a proposal is in; the rest is fitted again."""
    decide(db, actor, version, number, Decision(Pin.PINNED, reason))


def exclude(db: Session, actor: Actor, version: PlanVersion, number: str, *, reason: str) -> None:
    """Decide that a proposal is out; the rest is fitted again."""
    decide(db, actor, version, number, Decision(Pin.EXCLUDED, reason))


def move(db: Session, actor: Actor, version: PlanVersion, number: str, year: int, *, reason: str) -> None:
    """Decide that a proposal is in and starts in this year; the rest is fitted again."""
    decide(db, actor, version, number, Decision(Pin.MOVED, reason, year))


def unpin(db: Session, actor: Actor, version: PlanVersion, number: str) -> None:
    """Take a decision back; the whole is fitted again."""
    decide(db, actor, version, number, Decision(Pin.FREE, ""))


def decide(db: Session, actor: Actor, version: PlanVersion, number: str, decision: Decision) -> None:
    """Write down what people decided about a line of the draft, with a reason anyone will read, and fit again.

    Nothing else changes that need not: what stands keeps its years where there is still room.
    RuleBroken "programme.frozen", "programme.reason_missing", "programme.year_outside", or why there is no room:
    then nothing is changed. Free takes the decision back and needs no reason.
    """
    round_ = rounds.get(db, version.round_id)
    card = _authorized(db, actor, round_, PlanStep.DECIDE)
    actor = actor.under_mandate(version.commune_id, Role.OFFICER)
    if version.frozen_at is not None:
        raise RuleBroken("programme.frozen")
    decision = replace(decision, reason=decision.reason.strip())
    if decision.pin is not Pin.FREE and not decision.reason:
        raise RuleBroken("programme.reason_missing")
    if decision.pin is Pin.MOVED and not card.first_year <= (decision.year or 0) <= card.last_year:
        raise RuleBroken("programme.year_outside", first=card.first_year, last=card.last_year)
    if not queries.has_line(db, version.id, number):
        raise NotFound("proposals.unknown", number=number)
    decisions = dict(_decisions(db, round_, version))
    decisions.pop(number, None)
    if decision.pin is not Pin.FREE:
        decisions[number] = decision
    made = _made(db, card, decisions)
    _check_partners(made, number, decision)
    stays = {id_: start for id_, start in queries.starts_of(db, version.id).items() if id_ != number}
    write(db, version, made, fitted(made.instance, stays))
    record(db, actor, f"programme.{decision.pin.value}", version, number=number, year=decision.year)


def fit_again(db: Session, card: RoundCard, version: PlanVersion) -> None:
    """The draft anew after something it is made from changed; what stands keeps its years where there is room.

    RuleBroken when what people decided finds no room any more.
    """
    made = _made(db, card, _decisions(db, rounds.get(db, card.id), version))
    write(db, version, made, fitted(made.instance, queries.starts_of(db, version.id)))


def _authorized(db: Session, actor: Actor, round_: Round, step: PlanStep) -> RoundCard:
    card = rounds.card(db, round_)
    authorize_step(step, actor, queries.plan_case(db, card, today()))
    return card


def _decisions(db: Session, round_: Round, version: PlanVersion | None) -> Mapping[str, Decision]:
    """What people decided in the draft; an update made again keeps what was decided in the one sent back."""
    if version is None:
        newest = queries.newest_version(db, round_.id)
        version = newest if newest is not None and newest.updates else None
    return {} if version is None else queries.decisions(db, version.id)


def _stays(db: Session, round_: Round) -> Mapping[str, int] | None:
    """First years of works that an update made anew keeps where it can; None: it is drafted from nothing."""
    newest = queries.newest_version(db, round_.id)
    return queries.starts_of(db, newest.id) if newest is not None and newest.updates else None


@dataclass(frozen=True)
class Made:
    """What a draft is made from: candidates by proposal, decisions of people, the whole instance."""

    candidates: Mapping[int, Candidate]
    decisions: Mapping[str, Decision]
    document: dict[str, Any]

    @cached_property
    def instance(self) -> Instance:
        """The instance; RuleBroken with what is wrong with it."""
        return instance_of(self.document)


def _check_partners(made: Made, number: str, decision: Decision) -> None:
    """A project goes to no other year than its partners pay in."""
    shares = next((each.shares for each in made.candidates.values() if each.number == number), ())
    held = held_years(shares)
    if decision.year is not None and held is not None and decision.year != held[0]:
        raise RuleBroken("programme.held_by_partners", first=held[0], last=held[1])


def _made(db: Session, card: RoundCard, decisions: Mapping[str, Decision]) -> Made:
    candidates = queries.candidates(db, card, today())
    if not candidates:
        raise RuleBroken("programme.nothing_admitted")
    years = range(card.first_year, card.last_year + 1)
    standing = {each.number for each in candidates.values()}
    kept = {number: decision for number, decision in decisions.items() if number in standing}
    terms = queries.with_own_rules(db, card.commune_id, queries.round_terms(db, card.id), today())
    return Made(
        candidates,
        kept,
        instance_document(years, card.charter.envelopes, tuple(candidates.values()), kept, terms),
    )


def _taken(db: Session, actor: Actor, round_: Round, card: RoundCard, *, version: PlanVersion | None) -> PlanVersion:
    """The draft in hand, or a new one; made now by who acts."""
    version = version or _new_version(db, actor, round_, card)
    version.charter_version = card.charter_version
    version.made_by_id, version.made_at = actor.known(), now()
    return version


def _new_version(db: Session, actor: Actor, round_: Round, card: RoundCard) -> PlanVersion:
    last = queries.last_state(db, round_.id)
    if last is not None and last not in REDRAFTED:
        raise RuleBroken("programme.version_stands", state=last)
    newest = queries.newest_version(db, round_.id)
    version = PlanVersion(
        commune_id=round_.commune_id,
        round_id=round_.id,
        number=newest.number + 1 if newest else 1,
        updates=newest.updates if newest else None,
        note=newest.note if newest else "",
        charter_version=card.charter_version,
        made_by_id=actor.known(),
        made_at=now(),
    )
    db.add(version)
    db.flush()
    return version


def write(db: Session, version: PlanVersion, made: Made, done: Programme) -> None:
    """The lines of the draft anew, with what they were made from."""
    drafted = lines_of(done, tuple(made.candidates.values()), made.decisions)
    version.instance, version.value, version.bound = made.document, done.value, done.bound
    own = select(PlanLine.id).where(PlanLine.version_id == version.id)
    db.execute(delete(YearAmount).where(YearAmount.line_id.in_(own)))
    db.execute(delete(PlanLine).where(PlanLine.version_id == version.id))
    lines = [
        _line(version, proposal_id, candidate, line, decision=made.decisions.get(candidate.number))
        for (proposal_id, candidate), line in zip(made.candidates.items(), drafted, strict=True)
    ]
    db.add_all(lines)
    db.flush()
    for row, line in zip(lines, drafted, strict=True):
        db.add_all(
            YearAmount(
                commune_id=version.commune_id,
                line_id=row.id,
                year=year,
                source=source,
                amount_minor=amount,
                is_running=line.end is not None and year > line.end,
            )
            for (year, source), amount in line.amounts.items()
            if amount
        )
    db.flush()


def _line(
    version: PlanVersion, proposal_id: int, candidate: Candidate, line: Drafted, *, decision: Decision | None
) -> PlanLine:
    return PlanLine(
        commune_id=version.commune_id,
        version_id=version.id,
        proposal_id=proposal_id,
        rank=candidate.rank,
        mean=str(candidate.mean) if candidate.mean is not None else "",
        cost_minor=candidate.cost or 0,
        verdict=LineVerdict(line.verdict),
        start_year=line.start,
        reason=line.reason,
        reason_values=line.document,
        pin=decision.pin if decision else Pin.FREE,
        pin_year=decision.year if decision else None,
        pin_reason=decision.reason if decision else "",
    )

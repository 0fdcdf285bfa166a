"""Writes about rounds: open, plan, set and change the charter, decide when a phase ends, enter a phase."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.services import touch
from cdp.kernel.clock import now, today
from cdp.kernel.errors import Conflict, Message, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.people.actor import Actor
from cdp.people.states import CapacityKind
from cdp.rounds import queries
from cdp.rounds.models import Charter, PhaseDecision, PhaseWindow, Round
from cdp.rounds.policy import KEEPERS, POLICY
from cdp.rounds.rules import charter as charters
from cdp.rounds.rules import opening, phases
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.rules.freezing import CharterFacts, frozen_sections
from cdp.rounds.rules.obstacles import PhaseFacts, obstacles
from cdp.rounds.rules.opening import RoundDraft
from cdp.rounds.rules.phases import Decision, Window
from cdp.rounds.states import PHASES, CharterSection, DecisionKind, Phase, RoundStep
from cdp.store.audit import record

LONGEST_REASON = 4000
"""Characters of a reason: it is read by people."""


def open_round(db: Session, actor: Actor, draft: RoundDraft) -> Round:
    """Open a round with its planned phases and version 1 of its charter.

    Sending the same draft twice leads to the same round; other contents for the same first year are a
    Conflict("rounds.year_taken"). RuleBroken with the first thing that is wrong.
    """
    authorize(POLICY, RoundStep.OPEN, actor, draft)
    actor = actor.under_mandate(draft.commune_id, *KEEPERS)
    if found := opening.problems(draft):
        raise RuleBroken(found[0])
    if existing := _same_first_year(db, draft):
        return existing
    _refuse_overlap(db, draft)
    round_ = Round(
        commune_id=draft.commune_id,
        first_year=draft.first_year,
        last_year=draft.last_year,
        title=draft.title,
        opened_by_id=actor.known(),
        opened_at=now(),
    )
    db.add(round_)
    db.flush()
    _keep_windows(db, round_, draft.windows)
    _keep_version(db, actor, round_, Version(1, draft.charter, ""))
    record(db, actor, "rounds.open", round_, first_year=draft.first_year, last_year=draft.last_year)
    touch(db, round_.commune_id)
    return round_


def _same_first_year(db: Session, draft: RoundDraft) -> Round | None:
    """The round this draft already became, or None; Conflict when that year holds another."""
    found = db.scalar(select(Round).where(Round.commune_id == draft.commune_id, Round.first_year == draft.first_year))
    if found is None:
        return None
    card = queries.card(db, found)
    same = (found.last_year, found.title, queries.planned(db, found.id), card.charter_version, card.charter) == (
        (draft.last_year, draft.title, draft.windows, 1, draft.charter)
    )
    if not same:
        raise Conflict("rounds.year_taken", year=draft.first_year)
    return found


def _refuse_overlap(db: Session, draft: RoundDraft) -> None:
    other = db.scalar(
        select(Round)
        .where(
            Round.commune_id == draft.commune_id,
            Round.first_year <= draft.last_year,
            Round.last_year >= draft.first_year,
        )
        .limit(1)
    )
    if other is not None:
        raise RuleBroken("rounds.years_overlap", first=other.first_year, last=other.last_year)


def plan_phases(db: Session, actor: Actor, round_: Round, wanted: Sequence[Window]) -> None:
    """Plan anew the phases that have not begun; those that have stay as they are, whatever is asked.

    RuleBroken("rounds.phase_has_begun") when a phase that began is moved or left out, or one is put into the
    past; else the problems of :func:`cdp.rounds.rules.phases.problems`.
    """
    authorize(POLICY, RoundStep.PLAN, actor, round_)
    actor = actor.under_mandate(round_.commune_id, *KEEPERS)
    _lock(db, round_)
    card = queries.card(db, round_)
    if tuple(wanted) in (queries.planned(db, round_.id), card.windows):
        return
    if found := phases.replanning_problem(card.windows, wanted, today()) or next(iter(phases.problems(wanted)), None):
        raise RuleBroken(found)
    begun = {window.phase for window in card.windows if window.starts_on <= today()}
    for row in db.scalars(select(PhaseWindow).where(PhaseWindow.round_id == round_.id)):
        if row.phase not in begun:
            db.delete(row)
    db.flush()
    _keep_windows(db, round_, [window for window in wanted if window.phase not in begun])
    record(db, actor, "rounds.plan", round_, phases=[w.phase.value for w in wanted if w.phase not in begun])
    touch(db, round_.commune_id)


def change_charter(
    db: Session, actor: Actor, round_: Round, rules: CharterRules, *, facts: CharterFacts, reason: str = ""
) -> Charter:
    """Set the charter: in place while nothing depends on it, else as a new version with a reason.

    ``facts`` say what was already done by it. RuleBroken: "rounds.reason_missing" for a new version without a
    reason, "rounds.sector_in_use" when a sector is taken out after proposals came in, "rounds.weights_are_set"
    when criteria shall weigh otherwise once proposals can be seen, or what is wrong with the rules. The
    same rules again change nothing.
    """
    authorize(POLICY, RoundStep.CHANGE_CHARTER, actor, round_)
    actor = actor.under_mandate(round_.commune_id, *KEEPERS)
    _lock(db, round_)
    latest = _latest(db, round_)
    before = charters.read(latest.rules)
    if before == rules:
        return latest
    if found := charters.problems(rules, round_.first_year, round_.last_year):
        raise RuleBroken(found[0])
    frozen = frozen_sections(facts)
    if CharterSection.SECTORS in frozen and {s.key for s in before.sectors} - {s.key for s in rules.sectors}:
        raise RuleBroken("rounds.sector_in_use")
    if facts.submissions and before.weights() != rules.weights():
        raise RuleBroken("rounds.weights_are_set")
    if frozen and latest.frozen_at is None:
        freeze(db, actor, round_)
    sections = sorted(charters.changed(before, rules))
    if latest.frozen_at is None:
        latest.rules, latest.made_by_id, latest.made_at = rules.plain(), actor.known(), now()
        made = latest
    else:
        made = _keep_version(db, actor, round_, Version(latest.version + 1, rules, _reason(reason)))
    record(db, actor, "rounds.change_charter", round_, version=made.version, sections=sections)
    touch(db, round_.commune_id)
    return made


def freeze(db: Session, actor: Actor, round_: Round) -> bool:
    """Fix the charter in force, with the act that first depends on it; whether this was that act.

    Part of that act: whoever may do it may freeze. From then on the database refuses any change of the row.
    """
    fixed = db.execute(
        update(Charter)
        .where(Charter.round_id == round_.id, Charter.frozen_at.is_(None))
        .values(frozen_at=now())
        .returning(Charter.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if fixed:
        record(db, actor, "rounds.freeze_charter", round_)
        touch(db, round_.commune_id)
    return bool(fixed)


def decide(
    db: Session, actor: Actor, round_: Round, decision: Decision, *, reason: str, language: str, facts: PhaseFacts
) -> PhaseDecision:
    """Record that a phase ends earlier or later than planned, with the reason the public reads.

    RuleBroken: "rounds.reason_missing", what :func:`cdp.rounds.rules.phases.decision_problem` says, or, for an
    early close, the first obstacle against the phase that would begin. The same decision again changes nothing.
    """
    authorize(POLICY, RoundStep.DECIDE, actor, round_)
    actor = actor.under_mandate(round_.commune_id, *KEEPERS)
    written = _reason(reason)
    _lock(db, round_)
    if again := _same_decision(db, round_, decision, written):
        return again
    windows = queries.card(db, round_).windows
    if found := phases.decision_problem(windows, decision, today()):
        raise RuleBroken(found)
    if decision.kind is DecisionKind.CLOSE_EARLY and (against := _against_next(windows, decision.phase, facts)):
        raise RuleBroken(against[0])
    window = next(w for w in windows if w.phase is decision.phase)
    if window.ends_on is None:
        raise RuleBroken("rounds.phase_not_open")
    made = PhaseDecision(
        commune_id=round_.commune_id,
        round_id=round_.id,
        phase=decision.phase,
        kind=decision.kind,
        ends_on_before=window.ends_on,
        ends_on=decision.ends_on,
        reason=written,
        reason_language=language,
        decided_by_id=actor.known(),
        decided_at=now(),
    )
    db.add(made)
    db.flush()
    record(db, actor, "rounds.decide", round_, phase=decision.phase, ends_on=decision.ends_on.isoformat())
    touch(db, round_.commune_id)
    return made


def enter_phase(db: Session, actor: Actor, round_: Round, phase: Phase, *, facts: PhaseFacts) -> tuple[Message, ...]:
    """Write down that a phase has begun by its date, and what lay open; only the clock or the office does.

    Gives what lay open. RuleBroken("rounds.phase_not_due") before its first day or when it was entered before.
    """
    if actor.capacity.kind is not CapacityKind.CLOCK:
        authorize(POLICY, RoundStep.DECIDE, actor, round_)
        actor = actor.under_mandate(round_.commune_id, *KEEPERS)
    _lock(db, round_)
    if phase not in phases.due(queries.card(db, round_).windows, round_.entered, today()):
        raise RuleBroken("rounds.phase_not_due")
    against = obstacles(phase, facts)
    round_.entered = phase
    record(db, actor, "rounds.enter_phase", round_, phase=phase, open=[message.key for message in against])
    return against


def _against_next(windows: Sequence[Window], phase: Phase, facts: PhaseFacts) -> tuple[Message, ...]:
    following = (w.phase for w in windows if PHASES.index(w.phase) > PHASES.index(phase))
    after = next(following, None)
    return obstacles(after, facts) if after else ()


def _same_decision(db: Session, round_: Round, decision: Decision, reason: str) -> PhaseDecision | None:
    last = db.scalar(
        select(PhaseDecision)
        .where(PhaseDecision.round_id == round_.id, PhaseDecision.phase == decision.phase)
        .order_by(PhaseDecision.id.desc())
        .limit(1)
    )
    same = last is not None and (last.kind, last.ends_on, last.reason) == (decision.kind, decision.ends_on, reason)
    return last if same else None


def _reason(given: str) -> str:
    """The reason without blanks around; RuleBroken when there is none or far too much."""
    reason = given.strip()
    if not reason:
        raise RuleBroken("rounds.reason_missing")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken("rounds.reason_too_long", longest=LONGEST_REASON)
    return reason


@dataclass(frozen=True)
class Version:
    """A version of the charter about to be kept."""

    number: int
    rules: CharterRules
    reason: str


def _keep_version(db: Session, actor: Actor, round_: Round, version: Version) -> Charter:
    """Keep a version; every one after the first is frozen from the start."""
    made = Charter(
        commune_id=round_.commune_id,
        round_id=round_.id,
        version=version.number,
        rules=version.rules.plain(),
        reason=version.reason,
        made_by_id=actor.known(),
        made_at=now(),
        frozen_at=now() if version.number > 1 else None,
    )
    db.add(made)
    db.flush()
    return made


def _keep_windows(db: Session, round_: Round, windows: Sequence[Window]) -> None:
    db.add_all(
        PhaseWindow(
            commune_id=round_.commune_id,
            round_id=round_.id,
            phase=window.phase,
            starts_on=window.starts_on,
            ends_on=window.ends_on,
        )
        for window in windows
    )
    db.flush()


def _latest(db: Session, round_: Round) -> Charter:
    return db.scalars(
        select(Charter)
        .where(Charter.round_id == round_.id)
        .order_by(Charter.version.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def _lock(db: Session, round_: Round) -> None:
    """One act on a round after the other, also where the engine lets several write at once."""
    db.flush()
    db.execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    db.refresh(round_, ["entered"])

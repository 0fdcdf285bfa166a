"""The round as a whole: enter the phases that are due, change the charter and decide with all facts at hand."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cdp.conduct import steps
from cdp.conduct.facts import charter_facts, phase_facts
from cdp.kernel.clock import today
from cdp.kernel.errors import Message
from cdp.people.actor import Actor
from cdp.rounds import queries
from cdp.rounds import services as rounds
from cdp.rounds.models import Charter, PhaseDecision, Round
from cdp.rounds.rules import phases
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.rules.freezing import frozen_sections
from cdp.rounds.rules.phases import Decision
from cdp.rounds.states import Phase


@dataclass(frozen=True)
class Entered:
    """A phase that was entered: what lay open, and how many were told."""

    round_id: int
    phase: Phase
    open: tuple[Message, ...]
    told: int


def advance(db: Session, actor: Actor, round_: Round) -> tuple[Entered, ...]:
    """Enter the phases that are due by their date, in their order, each once; carry out what each sets going.

    Run by the clock or by the commune's office. A second run, or one after days without a worker, enters what
    is still missing and tells nobody twice. The calendar does not wait: what lies open is written down.
    """
    windows = {window.phase: window for window in queries.card(db, round_).windows}
    entered = []
    for phase in phases.due(tuple(windows.values()), round_.entered, today()):
        against = rounds.enter_phase(db, actor, round_, phase, facts=phase_facts(db, round_.id))
        effect = steps.ON_ENTER.get(phase)
        told = effect(db, steps.Entering(round_, windows[phase])) if effect else 0
        entered.append(Entered(round_.id, phase, against, told))
    return tuple(entered)


def fix_charter(db: Session, actor: Actor, round_: Round) -> bool:
    """Freeze the charter in force if something depends on it by now; whether that was new."""
    return bool(frozen_sections(charter_facts(db, round_.id))) and rounds.freeze(db, actor, round_)


def change_charter(db: Session, actor: Actor, round_: Round, rules: CharterRules, *, reason: str = "") -> Charter:
    """Set the charter, in place or as a new version, by what depends on it (see ``rounds.services``)."""
    return rounds.change_charter(db, actor, round_, rules, facts=charter_facts(db, round_.id), reason=reason)


def decide(
    db: Session, actor: Actor, round_: Round, decision: Decision, *, reason: str, language: str
) -> PhaseDecision:
    """Decide when a phase ends (see ``rounds.services``) and tell the authors of drafts whose last day moves."""
    facts = phase_facts(db, round_.id)
    made = rounds.decide(db, actor, round_, decision, reason=reason, language=language, facts=facts)
    if decision.phase is Phase.PROPOSALS:
        window = next(w for w in queries.card(db, round_).windows if w.phase is Phase.PROPOSALS)
        steps.tell_moved_end(db, steps.Entering(round_, window), made.ends_on)
    return made

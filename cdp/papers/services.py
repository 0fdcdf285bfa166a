"""The writes of the path: a rule read otherwise, the real day of a step, a signed paper that came back."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.kernel.clock import now, today
from cdp.kernel.errors import NotFound, RuleBroken
from cdp.kernel.predicate import authorize
from cdp.papers.models import LegalRule, OfficialPaper, PaperScan, StepDay
from cdp.papers.policy import OFFICE, POLICY
from cdp.papers.rules import MOST_TIMES, LegalStep, comes_again, plain_rule, rule_problem
from cdp.papers.states import PaperKind, PathStep
from cdp.people.actor import Actor
from cdp.rounds.queries import RoundCard
from cdp.store.audit import record
from cdp.store.files import Content, StoredFile, keep


@dataclass(frozen=True)
class Scan:
    """A signed paper: its kind, its step, its day, the examined file and the folder files lie in."""

    kind: PaperKind
    step_key: str
    dated: date
    name: str
    content: Content
    folder: Path
    number: int = 1
    """Which time, of a step that comes every year."""


def edit_rule(
    db: Session, actor: Actor, card: RoundCard, step: LegalStep, *, calendar: tuple[LegalStep, ...]
) -> LegalRule:
    """Keep the commune's own reading of a step with its reason (``step.note``), which anyone may read.

    RuleBroken "papers.reason_missing", "papers.who_checked", or what is wrong with the rule.
    """
    authorize(POLICY, PathStep.EDIT_RULE, actor, card)
    actor = actor.under_mandate(card.commune_id, *OFFICE)
    keys = [each.key for each in calendar]
    if step.key not in keys:
        raise NotFound
    if problem := rule_problem(step.rule, keys, step.key):
        raise RuleBroken(problem)
    if not step.note:
        raise RuleBroken("papers.reason_missing")
    if step.is_checked and not (step.checked_by.strip() and step.checked_on):
        raise RuleBroken("papers.who_checked")
    row = db.scalar(select(LegalRule).where(LegalRule.commune_id == card.commune_id, LegalRule.key == step.key))
    row = row or LegalRule(commune_id=card.commune_id, key=step.key)
    row.article, row.rule, row.note = step.article.strip(), plain_rule(step.rule), step.note
    row.is_checked, row.checked_by, row.checked_on = step.is_checked, step.checked_by.strip(), step.checked_on
    row.edited_by_id, row.edited_at = actor.known(), now()
    db.add(row)
    db.flush()
    told = {"rule": plain_rule(step.rule), "article": row.article, "reason": dict(step.note)}
    record(db, actor, "papers.edit_rule", row, key=step.key, checked=step.is_checked, **told)
    return row


def note_day(
    db: Session,
    actor: Actor,
    card: RoundCard,
    key: str,
    happened_on: date | None,
    *,
    calendar: tuple[LegalStep, ...],
    number: int = 1,
) -> StepDay:
    """Note on which day a step happened; None takes it back. The same day twice is one note.

    ``number`` says which time, of a step that comes every year; NotFound for a second time of any other.
    """
    authorize(POLICY, PathStep.NOTE_DAY, actor, card)
    actor = actor.under_mandate(card.commune_id, *OFFICE)
    _check_number(key, number, calendar)
    if happened_on is not None and happened_on > today():
        raise RuleBroken("papers.day_to_come")
    same = (StepDay.round_id == card.id, StepDay.key == key, StepDay.occurrence == number)
    last = db.scalar(select(StepDay).where(*same).order_by(StepDay.id.desc()).limit(1))
    if last is not None and last.happened_on == happened_on:
        return last
    row = StepDay(
        commune_id=card.commune_id,
        round_id=card.id,
        key=key,
        occurrence=number,
        happened_on=happened_on,
        noted_by_id=actor.known(),
        noted_at=now(),
    )
    db.add(row)
    db.flush()
    day = happened_on.isoformat() if happened_on else ""
    record(db, actor, "papers.note_day", row, key=key, day=day, number=number)
    return row


def _check_number(key: str, number: int, calendar: tuple[LegalStep, ...]) -> None:
    step = next((each for each in calendar if each.key == key), None)
    if step is None or not 1 <= number <= (MOST_TIMES if comes_again(step, calendar) else 1):
        raise NotFound


def keep_scan(db: Session, actor: Actor, card: RoundCard, scan: Scan) -> PaperScan:
    """Keep a signed paper with its hash; the same file for the same paper twice is kept once.

    RuleBroken "papers.paper_to_come" for a paper of a day to come, or what is wrong with the file.
    """
    authorize(POLICY, PathStep.KEEP_SCAN, actor, card)
    actor = actor.under_mandate(card.commune_id, *OFFICE)
    if scan.dated > today():
        raise RuleBroken("papers.paper_to_come", last=today())
    stored = keep(db, scan.folder, card.commune_id, scan.name, scan.content)
    earlier = db.scalar(
        select(PaperScan)
        .join(OfficialPaper, OfficialPaper.id == PaperScan.paper_id)
        .join(StoredFile, StoredFile.id == PaperScan.file_id)
        .where(
            OfficialPaper.round_id == card.id,
            OfficialPaper.kind == scan.kind,
            OfficialPaper.step_key == scan.step_key,
            OfficialPaper.occurrence == scan.number,
            StoredFile.sha256 == stored.sha256,
        )
    )
    if earlier is not None:
        return earlier
    base = {"commune_id": card.commune_id}
    paper = OfficialPaper(
        **base,
        round_id=card.id,
        kind=scan.kind,
        step_key=scan.step_key,
        occurrence=scan.number,
        dated=scan.dated,
        made_by_id=actor.known(),
        made_at=now(),
    )
    db.add(paper)
    db.flush()
    kept = PaperScan(**base, paper_id=paper.id, file_id=stored.id, kept_by_id=actor.known(), kept_at=now())
    db.add(kept)
    db.flush()
    record(db, actor, "papers.keep_scan", paper, kind=scan.kind.value, sha256=stored.sha256)
    return kept

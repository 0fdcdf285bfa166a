"""Days, rules and signed papers: who may, who may not, twice is once, what is refused."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cdp.kernel.clock import today
from cdp.kernel.errors import NotFound, Refused, RuleBroken
from cdp.kernel.words import Words
from cdp.papers import queries, services
from cdp.papers.models import PaperScan, StepDay
from cdp.papers.rules import Rule
from cdp.papers.services import Scan
from cdp.papers.states import PaperKind, RuleKind, StepStanding
from cdp.people.actor import NOBODY, Actor
from cdp.people.states import Role
from cdp.rounds import queries as rounds
from cdp.rounds.queries import RoundCard
from cdp.store.files import examine
from cdp.transparency.queries.path import calendar_of, late_tasks, path
from tests.exports.plan_books import blank_pdf
from tests.factories import actor_of, make_commune, make_official, make_round

WHY = Words(fr="La province l'accepte par écrit.")


@pytest.fixture
def card(db: Session) -> RoundCard:
    """A round of a commune."""
    return rounds.card(db, make_round(db))


def officer(db: Session, card: RoundCard, role: Role = Role.OFFICER) -> Actor:
    from cdp.communes.models import Commune

    return actor_of(db, make_official(db, db.get_one(Commune, card.commune_id), role))


def strangers(db: Session, card: RoundCard) -> list[Actor]:
    elsewhere = actor_of(db, make_official(db, make_commune(db), Role.OFFICER))
    others = [officer(db, card, role) for role in (Role.FACILITATOR, Role.PANEL, Role.TREASURER, Role.COUNCILLOR)]
    return [NOBODY, elsewhere, *others]


def scan(folder: Path) -> Scan:
    content = examine(blank_pdf(), largest=1_000_000)
    return Scan(PaperKind.DECISION, "decision_to_draw_up", today(), "decision.pdf", content, folder)


def test_the_office_notes_a_day_and_the_path_shows_it_at_once(db: Session, card: RoundCard) -> None:
    steps = calendar_of(db, card.commune_id)
    services.note_day(db, officer(db, card), card, "opening_meeting", today(), calendar=steps)
    rows = {row.step.key: row for row in path(db, card, today())}
    assert rows["opening_meeting"].happened == today()
    assert rows["decision_to_draw_up"].due == today() + timedelta(days=15)


def test_the_same_day_twice_is_one_note_and_a_note_taken_back_leaves_both_in_the_record(
    db: Session, card: RoundCard
) -> None:
    steps, who = calendar_of(db, card.commune_id), officer(db, card)
    for _ in range(2):
        services.note_day(db, who, card, "visa", today(), calendar=steps)
    services.note_day(db, who, card, "visa", None, calendar=steps)
    assert queries.noted_days(db, card.id) == {}
    assert db.scalar(select(func.count()).select_from(StepDay)) == 2


def test_each_years_report_has_its_own_day_and_its_own_paper(db: Session, card: RoundCard, tmp_path: Path) -> None:
    steps, who, visa = calendar_of(db, card.commune_id), officer(db, card), today() - timedelta(days=900)
    services.note_day(db, who, card, "visa", visa, calendar=steps)
    services.note_day(db, who, card, "evaluation_report", today(), calendar=steps, number=2)
    report = replace(scan(tmp_path), kind=PaperKind.YEARLY_REPORT, step_key="evaluation_report", number=2)
    services.keep_scan(db, who, card, report)
    rows = {row.number: row for row in path(db, card, today()) if row.step.key == "evaluation_report"}
    assert (rows[1].happened, rows[2].happened) == (None, today())
    assert (rows[1].standing, rows[2].standing) == (StepStanding.OVERDUE, StepStanding.DONE_LATE)
    assert [len(rows[n].scans) for n in (1, 2)] == [0, 1]
    assert rows[3].standing is StepStanding.DUE
    late = late_tasks(db, card, today())[0]
    assert (late.values["key"], late.due) == ("evaluation_report_to_commissions", rows[1].due - timedelta(days=30))
    for number, key in ((2, "visa"), (0, "evaluation_report"), (13, "evaluation_report")):
        with pytest.raises(NotFound):
            services.note_day(db, who, card, key, today(), calendar=steps, number=number)


def test_nobody_else_notes_edits_or_keeps(db: Session, card: RoundCard, tmp_path: Path) -> None:
    steps = calendar_of(db, card.commune_id)
    for who in strangers(db, card):
        with pytest.raises(Refused):
            services.note_day(db, who, card, "visa", today(), calendar=steps)
        with pytest.raises(Refused):
            services.edit_rule(db, who, card, steps[2], calendar=steps)
        with pytest.raises(Refused):
            services.keep_scan(db, who, card, scan(tmp_path))


def test_a_day_to_come_and_a_step_that_does_not_exist_are_refused(db: Session, card: RoundCard) -> None:
    steps, who = calendar_of(db, card.commune_id), officer(db, card)
    with pytest.raises(RuleBroken, match=r"papers\.day_to_come"):
        services.note_day(db, who, card, "visa", today() + timedelta(days=1), calendar=steps)
    with pytest.raises(NotFound):
        services.note_day(db, who, card, "no_such_step", today(), calendar=steps)


def test_a_commune_reads_a_deadline_otherwise_and_another_commune_does_not(db: Session, card: RoundCard) -> None:
    steps, who = calendar_of(db, card.commune_id), officer(db, card)
    visa = next(step for step in steps if step.key == "visa")
    wanted = replace(visa, rule=replace(visa.rule, days=30), is_checked=True, note=WHY)
    with pytest.raises(RuleBroken, match=r"papers\.reason_missing"):
        services.edit_rule(db, who, card, replace(wanted, note=Words()), calendar=steps)
    with pytest.raises(RuleBroken, match=r"papers\.who_checked"):
        services.edit_rule(db, who, card, wanted, calendar=steps)
    wanted = replace(wanted, checked_by="Cabinet inventé", checked_on=today())
    services.edit_rule(db, who, card, wanted, calendar=steps)
    own = next(step for step in calendar_of(db, card.commune_id) if step.key == "visa")
    assert (own.rule.days, own.is_checked, own.is_own, own.note) == (30, True, True, WHY)
    other = make_commune(db)
    assert next(step for step in calendar_of(db, other.id) if step.key == "visa").rule.days == 20


def test_a_commune_reads_a_step_as_of_another_kind_counted_from_another_step(db: Session, card: RoundCard) -> None:
    steps, who = calendar_of(db, card.commune_id), officer(db, card)
    posted = next(step for step in steps if step.key == "decision_posted")
    wanted = replace(posted, rule=Rule(RuleKind.AT_LATEST, "decision_to_draw_up", days=8, working_days=True), note=WHY)
    for broken in ("", "decision_posted", "no_such_step"):
        with pytest.raises(RuleBroken):
            services.edit_rule(db, who, card, replace(wanted, rule=replace(wanted.rule, of=broken)), calendar=steps)
    services.edit_rule(db, who, card, wanted, calendar=steps)
    assert next(each for each in calendar_of(db, card.commune_id) if each.key == "decision_posted").rule == wanted.rule


def test_an_objection_that_never_came_is_not_late(db: Session, card: RoundCard) -> None:
    steps, who = calendar_of(db, card.commune_id), officer(db, card)
    services.note_day(db, who, card, "deliberation_received", today() - timedelta(days=30), calendar=steps)
    (row,) = [row for row in path(db, card, today()) if row.step.key == "governor_objection"]
    assert row.standing is StepStanding.LAPSED
    assert not any(task.values["key"] == "governor_objection" for task in late_tasks(db, card, today()))


def test_a_signed_paper_is_kept_once_with_its_hash_and_anyone_may_read_it(
    db: Session, card: RoundCard, tmp_path: Path
) -> None:
    who = officer(db, card)
    for _ in range(2):
        services.keep_scan(db, who, card, scan(tmp_path))
    (kept,) = queries.scans(db, card.id)
    assert queries.is_scan_shown(db, NOBODY, card.commune_id, kept.sha256)
    assert not queries.is_scan_shown(db, NOBODY, make_commune(db).id, kept.sha256)
    assert db.scalar(select(func.count()).select_from(PaperScan)) == 1


def test_the_database_refuses_to_change_a_day_once_noted(db: Session, card: RoundCard) -> None:
    steps = calendar_of(db, card.commune_id)
    services.note_day(db, officer(db, card), card, "visa", today(), calendar=steps)
    db.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text("UPDATE step_day SET key = 'other'"))


def test_a_signed_paper_of_a_day_to_come_is_not_kept(db: Session, card: RoundCard, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="paper_to_come"):
        services.keep_scan(db, officer(db, card), card, replace(scan(tmp_path), dated=today() + timedelta(days=1)))
    assert not queries.scans(db, card.id)

"""When a step is due, and where it stands, on plain values."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cdp.conduct.reference import document
from cdp.papers.rules import LegalStep, Rule, due_days, plain_rule, read_calendar, read_rule, rule_problem, standing
from cdp.papers.states import RuleKind, StepStanding

STEPS = read_calendar(document("calendar"))
DAYS = st.dates(date(2000, 1, 1), date(2080, 1, 1))


def due(key: str, days: dict[str, date], planned: dict[str, date] | None = None) -> date | None:
    return due_days(STEPS, days, planned or {}).get(key)


def test_the_draft_is_with_the_commissions_thirty_days_before_the_session() -> None:
    assert due("draft_to_commissions", {}, {"council_session": date(2027, 10, 6)}) == date(2027, 9, 6)


def test_the_decision_is_due_fifteen_days_after_the_meeting_really_was_not_after_it_was_planned() -> None:
    days, planned = {"opening_meeting": date(2027, 1, 20)}, {"opening_meeting": date(2027, 1, 10)}
    assert due("decision_to_draw_up", days, planned) == date(2027, 2, 4)


def test_a_session_planned_outside_its_months_is_due_at_the_end_of_the_next_one() -> None:
    assert due("council_session", {}, {"council_session": date(2027, 10, 6)}) == date(2027, 10, 6)
    assert due("council_session", {}, {"council_session": date(2027, 11, 6)}) == date(2028, 2, 29)


def test_three_working_days_skip_a_week_end() -> None:
    friday = date(2027, 10, 8)
    assert due("governor_objection", {"deliberation_received": friday}) == date(2027, 10, 13)


def test_a_yearly_report_comes_a_year_after_the_visa_and_the_update_from_the_third_year() -> None:
    days = {"visa": date(2024, 2, 29)}
    assert due("evaluation_report", days) == date(2025, 2, 28)
    assert due("update", days) == date(2026, 2, 28)


def test_without_a_day_to_count_from_there_is_no_due_day() -> None:
    assert due("visa", {}) is None


def test_what_may_not_come_before_a_day_is_never_overdue() -> None:
    day = date(2027, 5, 1)
    assert standing(day, None, day + timedelta(days=400), RuleKind.NOT_BEFORE) is StepStanding.OPEN
    assert standing(day, None, day + timedelta(days=1), RuleKind.AT_LATEST) is StepStanding.OVERDUE
    assert standing(day, None, day, RuleKind.AT_LATEST) is StepStanding.DUE
    assert standing(day, day + timedelta(days=1), day, RuleKind.AT_LATEST) is StepStanding.DONE_LATE
    assert standing(None, day, day, RuleKind.FOLLOWS) is StepStanding.DONE


def test_no_deadline_of_the_reference_says_that_a_lawyer_has_read_it() -> None:
    assert not any(step.is_checked for step in STEPS)
    assert all(step.article for step in STEPS)


def test_a_rule_that_counts_from_nowhere_or_for_ever_is_a_problem() -> None:
    keys = [step.key for step in STEPS]
    assert rule_problem(Rule(RuleKind.AT_LATEST, "nothing", 3), keys) == "papers.unknown_step"
    assert rule_problem(Rule(RuleKind.AT_LATEST, "visa", 99_999), keys) == "papers.too_many_days"
    assert not rule_problem(Rule(RuleKind.AT_LATEST, "visa", 20), keys)


@given(DAYS, st.integers(-400, 400))
def test_a_deadline_moves_day_by_day_with_what_it_counts_from(day: date, days: int) -> None:
    step = LegalStep("x", STEPS[0].title, "1", STEPS[0].who, Rule(RuleKind.AT_LATEST, "visa", days))
    first = due_days([step], {"visa": day}, {})["x"]
    assert due_days([step], {"visa": day + timedelta(days=1)}, {})["x"] == first + timedelta(days=1)
    assert first - day == timedelta(days=days)


@given(DAYS, DAYS, DAYS)
def test_a_step_that_happened_is_never_open_nor_overdue(due_day: date, happened: date, today: date) -> None:
    done = (StepStanding.DONE, StepStanding.DONE_LATE)
    assert all(standing(due_day, happened, today, kind) in done for kind in RuleKind)


def test_every_rule_of_the_reference_comes_back_from_its_plain_values() -> None:
    assert all(read_rule(plain_rule(step.rule)) == step.rule for step in STEPS)

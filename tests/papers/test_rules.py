"""When a step is due, and where it stands, on plain values."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cdp.conduct.reference import document
from cdp.papers.rules import (
    LegalStep,
    Occasion,
    Rule,
    due_days,
    occasions,
    plain_rule,
    read_calendar,
    read_rule,
    rule_problem,
    standing,
)
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


def times(key: str, days: dict[tuple[str, int], date], until: date) -> list[Occasion]:
    return [each for each in occasions(STEPS, days, {}, until=until) if each.step.key == key]


def test_the_yearly_report_comes_in_each_year_of_the_plan_and_goes_to_the_commissions_before_each() -> None:
    days = {("visa", 1): date(2028, 3, 1), ("evaluation_report", 2): date(2030, 4, 1)}
    reports = times("evaluation_report", days, date(2033, 12, 31))
    assert [each.due for each in reports] == [date(year, 3, 1) for year in range(2029, 2034)]
    assert [each.number for each in reports] == [1, 2, 3, 4, 5]
    assert [each.happened for each in reports] == [None, date(2030, 4, 1), None, None, None]
    handed = times("evaluation_report_to_commissions", days, date(2033, 12, 31))
    assert [each.due for each in handed][:3] == [date(2029, 1, 30), date(2030, 3, 2), date(2031, 1, 30)]
    assert [each.year for each in handed] == [each.year for each in reports] == [2029, 2030, 2031, 2032, 2033]
    assert [each.year for each in times("visa", days, date(2033, 12, 31))] == [None]


def test_what_comes_every_year_is_one_step_without_a_day_before_the_visa() -> None:
    (report,) = times("evaluation_report", {}, date(2033, 12, 31))
    assert (report.due, report.times) == (None, 1)


@given(DAYS, st.integers(1, 60), st.integers(0, 20))
def test_a_step_that_repeats_comes_in_order_and_never_after_the_plans_end_but_once(
    visa: date, months: int, years: int
) -> None:
    step = LegalStep("x", STEPS[0].title, "", STEPS[0].who, Rule(RuleKind.REPEATS, "visa", months=months))
    end = date(visa.year + years, 12, 31)
    dues = [each.due for each in occasions([step], {("visa", 1): visa}, {}, until=end)]
    assert dues == sorted(set(dues), key=str)
    assert all(day is not None and day <= end for day in dues[1:])


def test_working_days_are_counted_backwards_too() -> None:
    step = LegalStep("x", STEPS[0].title, "", STEPS[0].who, Rule(RuleKind.AT_LEAST, "visa", -3, working_days=True))
    assert due_days([step], {"visa": date(2027, 10, 12)}, {}) == {"x": date(2027, 10, 7)}


def test_without_a_day_to_count_from_there_is_no_due_day() -> None:
    assert due("visa", {}) is None


def test_what_may_not_come_before_a_day_is_never_overdue() -> None:
    day = date(2027, 5, 1)
    assert standing(day, None, day + timedelta(days=400), RuleKind.NOT_BEFORE) is StepStanding.OPEN
    assert standing(day, None, day + timedelta(days=1), RuleKind.AT_LATEST) is StepStanding.OVERDUE
    assert standing(day, None, day, RuleKind.AT_LATEST) is StepStanding.DUE
    assert standing(day, day + timedelta(days=1), day, RuleKind.AT_LATEST) is StepStanding.DONE_LATE
    assert standing(day, None, day + timedelta(days=1), RuleKind.MAY) is StepStanding.LAPSED
    assert standing(day, None, day, RuleKind.MAY) is StepStanding.DUE
    assert standing(None, day, day, RuleKind.FOLLOWS) is StepStanding.DONE


def test_no_deadline_of_the_reference_says_that_a_lawyer_has_read_it() -> None:
    assert not any(step.is_checked for step in STEPS)
    assert all(step.article for step in STEPS)


def test_a_rule_that_counts_from_nowhere_or_for_ever_is_a_problem() -> None:
    keys = [step.key for step in STEPS]
    assert rule_problem(Rule(RuleKind.AT_LATEST, "nothing", 3), keys) == "papers.unknown_step"
    assert rule_problem(Rule(RuleKind.AT_LATEST, "visa", 99_999), keys) == "papers.too_many_days"
    assert rule_problem(Rule(RuleKind.REPEATS, "visa", months=0), keys) == "papers.months_of_a_year"
    assert rule_problem(Rule(RuleKind.NOT_BEFORE, "visa", months=121), keys) == "papers.months_of_a_year"
    assert rule_problem(Rule(RuleKind.MONTH, in_months=(2, 13)), keys) == "papers.unknown_month"
    assert rule_problem(Rule(RuleKind.MONTH), keys) == "papers.unknown_month"
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

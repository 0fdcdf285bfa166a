"""When each step of the legal path is due, worked out from rules that are data; days are given, never asked for."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from cdp.kernel.words import Words
from cdp.papers.states import PaperKind, PathWho, RuleKind, StepStanding

MOST_DAYS = 3_660
MOST_MONTHS = 120
MOST_TIMES = 12
"""Times a step may come again within one plan."""

WEEKEND = 5

PAPERS: Mapping[str, tuple[PaperKind, ...]] = {
    "opening_meeting": (PaperKind.CONVOCATION, PaperKind.ATTENDANCE, PaperKind.MINUTES),
    "decision_to_draw_up": (PaperKind.DECISION,),
    "decision_posted": (PaperKind.POSTING,),
    "programming": (PaperKind.PROJECT_SHEETS,),
    "draft_to_commissions": (PaperKind.COMMISSION_FILE,),
    "councillors_called": (PaperKind.CONVOCATION,),
    "council_session": (PaperKind.DELIBERATION, PaperKind.ATTENDANCE),
    "evaluation_report": (PaperKind.YEARLY_REPORT,),
}
"""Papers the tool makes for a step."""

ACTORS: Mapping[str, PathWho] = {
    "council": PathWho.COUNCIL,
    "president": PathWho.PRESIDENT,
    "governor": PathWho.GOVERNOR,
    "president, council": PathWho.COUNCIL,
    "president, facilitators, IECAG": PathWho.EVERYBODY,
    "workshops, technical committee, president": PathWho.EVERYBODY,
}
"""Who acts, by what the reference calendar says; the commune's staff else."""


@dataclass(frozen=True)
class Rule:
    """How the day of a step follows: kind, from which step, so many days or months, in which months."""

    kind: RuleKind
    of: str = ""
    days: int = 0
    months: int = 0
    in_months: tuple[int, ...] = ()
    working_days: bool = False
    silence_grants: bool = False
    """Whether no answer within the time counts as consent."""


@dataclass(frozen=True)
class LegalStep:
    """A step of the calendar: its words, its article, whether a lawyer has read it, its rule."""

    key: str
    title: Words
    article: str
    who: PathWho
    rule: Rule
    is_checked: bool = False
    checked_by: str = ""
    checked_on: date | None = None
    is_own: bool = False
    note: Words = field(default_factory=Words)

    @property
    def papers(self) -> tuple[PaperKind, ...]:
        """Papers the tool makes for it."""
        return PAPERS.get(self.key, ())


def read_rule(given: Mapping[str, Any]) -> Rule:
    """A rule of a table of plain values; KeyError or ValueError when it is none."""
    return Rule(
        kind=RuleKind(given["kind"]),
        of=str(given.get("from", "")),
        days=int(given.get("days", 0)),
        months=int(given.get("months", 0)) if not isinstance(given.get("months"), list) else 0,
        in_months=tuple(given["months"]) if isinstance(given.get("months"), list) else (),
        working_days=bool(given.get("working_days", False)),
        silence_grants=given.get("silence") == "granted",
    )


def plain_rule(rule: Rule) -> dict[str, Any]:
    """A rule as :func:`read_rule` reads it."""
    months: Any = list(rule.in_months) or rule.months
    return {
        "kind": rule.kind.value,
        "from": rule.of,
        "days": rule.days,
        "months": months,
        "working_days": rule.working_days,
    } | ({"silence": "granted"} if rule.silence_grants else {})


def read_calendar(document: Mapping[str, Any]) -> tuple[LegalStep, ...]:
    """The steps of the reference calendar."""
    return tuple(
        LegalStep(
            key=step["key"],
            title=Words(step["title"]),
            article=step["article"],
            who=ACTORS.get(step["who"], PathWho.STAFF),
            rule=read_rule(step["rule"]),
            is_checked=bool(step["checked"]),
        )
        for step in document["step"]
    )


@dataclass(frozen=True)
class Occasion:
    """A step once: the first time of most, each year's of what comes every year."""

    step: LegalStep
    number: int
    times: int
    due: date | None
    happened: date | None
    year: int | None = None
    """The year that tells one time from another: that of the day by which what repeats is due."""


Noted = Mapping[tuple[str, int], date]
"""Real days by step and time: ``("evaluation_report", 2)`` is the second yearly report."""


def occasions(
    steps: Sequence[LegalStep], days: Noted, planned: Mapping[str, date], *, until: date
) -> tuple[Occasion, ...]:
    """Every step in the order of the calendar; one that repeats once for each time it is due by ``until``.

    What counts from a step that repeats comes as often as that one does, from its real day or the day it is due.
    """
    once = {key: day for (key, number), day in days.items() if number == 1}
    due = due_days(steps, once, planned)
    again = {step.key: _again(step.rule, {**planned, **once}, until) for step in steps if _is_yearly(step)}
    for step in steps:
        if step.rule.of in again and not _is_yearly(step):
            bases = (days.get((step.rule.of, n), day) for n, day in enumerate(again[step.rule.of], 1))
            again[step.key] = tuple(_due(step.rule, {step.rule.of: base} if base else {}, None) for base in bases)
    return tuple(
        Occasion(step, number, len(dues), day, days.get((step.key, number)), _year(again, step, number))
        for step in steps
        for dues in [again.get(step.key) or (due.get(step.key),)]
        for number, day in enumerate(dues, 1)
    )


def _year(again: Mapping[str, Sequence[date | None]], step: LegalStep, number: int) -> int | None:
    dues = again.get(step.key if _is_yearly(step) else step.rule.of, ())
    day = dues[number - 1] if step.key in again and len(dues) > 1 else None
    return day.year if day else None


def comes_again(step: LegalStep, steps: Sequence[LegalStep]) -> bool:
    """Whether a step comes every so many months, or counts from one that does."""
    return _is_yearly(step) or any(each.key == step.rule.of and _is_yearly(each) for each in steps)


def _is_yearly(step: LegalStep) -> bool:
    return step.rule.kind is RuleKind.REPEATS


def _again(rule: Rule, known: Mapping[str, date], until: date) -> tuple[date | None, ...]:
    base = known.get(rule.of)
    if base is None or rule.months < 1:
        return (None,)
    dues = (_months_after(base, rule.months * number) for number in range(1, MOST_TIMES + 1))
    return tuple(day for day in dues if day <= until) or (_months_after(base, rule.months),)


def due_days(steps: Sequence[LegalStep], days: Mapping[str, date], planned: Mapping[str, date]) -> dict[str, date]:
    """The last day of each step that has one (for ``not_before`` and ``month`` the first that fits).

    ``days`` are the days on which steps happened, ``planned`` those they are planned for; what follows without a
    number of days is due on its planned day. A step whose origin has no day has none.
    """
    known = {**planned, **days}
    found: dict[str, date] = {}
    for step in steps:
        day = _due(step.rule, known, planned.get(step.key))
        if day is not None:
            found[step.key] = day
    return found


def _due(rule: Rule, known: Mapping[str, date], planned: date | None) -> date | None:
    if rule.kind is RuleKind.MONTH:
        return _in_month(planned, rule.in_months)
    base = known.get(rule.of)
    if rule.kind in (RuleKind.ORIGIN, RuleKind.FOLLOWS) or base is None:
        return planned
    if rule.kind in (RuleKind.REPEATS, RuleKind.NOT_BEFORE):
        return _months_after(base, rule.months)
    return _working(base, rule.days) if rule.working_days else base + timedelta(days=rule.days)


def _in_month(planned: date | None, months: tuple[int, ...]) -> date | None:
    """The planned day when it lies in a month of sessions, else the last day of the next such month."""
    if planned is None or planned.month in months or not months:
        return planned
    year, month = planned.year, planned.month
    while month not in months:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _months_after(base: date, months: int) -> date:
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    return date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))


def _working(base: date, days: int) -> date:
    day, one = base, timedelta(days=1 if days >= 0 else -1)
    for _ in range(abs(days)):
        day += one
        while day.weekday() >= WEEKEND:
            day += one
    return day


def standing(due: date | None, happened: date | None, today: date, kind: RuleKind) -> StepStanding:
    """Where a step stands on a day; what is only not to come before a day is never late."""
    has_end = kind not in (RuleKind.NOT_BEFORE, RuleKind.ORIGIN)
    if happened is not None:
        return StepStanding.DONE_LATE if has_end and due is not None and happened > due else StepStanding.DONE
    if due is None or not has_end:
        return StepStanding.OPEN
    if kind is RuleKind.MAY and due < today:
        return StepStanding.LAPSED
    return StepStanding.OVERDUE if due < today else StepStanding.DUE


COUNTS_FROM = frozenset(
    {RuleKind.AT_LATEST, RuleKind.AT_LEAST, RuleKind.NOT_BEFORE, RuleKind.REPEATS, RuleKind.MAY, RuleKind.FOLLOWS}
)
"""Kinds of rules that need a step to count from."""


def rule_problem(rule: Rule, keys: Sequence[str], own: str = "") -> str:
    """Message key of what is wrong with the rule of a step (``own``, its key), or ""."""
    if rule.kind in COUNTS_FROM and rule.of in ("", own):
        return "papers.counts_from_nothing"
    return _count_problem(rule, keys)


def _count_problem(rule: Rule, keys: Sequence[str]) -> str:
    if rule.of and rule.of not in keys:
        return "papers.unknown_step"
    if abs(rule.days) > MOST_DAYS:
        return "papers.too_many_days"
    if rule.kind is RuleKind.REPEATS and not 1 <= rule.months <= MOST_MONTHS:
        return "papers.months_of_a_year"
    if rule.kind is RuleKind.NOT_BEFORE and not 0 <= rule.months <= MOST_MONTHS:
        return "papers.months_of_a_year"
    if rule.kind is RuleKind.MONTH and not (rule.in_months and set(rule.in_months) <= set(range(1, 13))):
        return "papers.unknown_month"
    return ""

"""Kinds of papers, how a deadline is reckoned, and what is done on the path."""

from enum import StrEnum


class PaperKind(StrEnum):
    """The papers a round leaves behind."""

    CONVOCATION = "convocation"
    ATTENDANCE = "attendance"
    MINUTES = "minutes"
    DECISION = "decision"
    POSTING = "posting"
    COMMISSION_FILE = "commission_file"
    DELIBERATION = "deliberation"
    PROJECT_SHEETS = "project_sheets"
    YEARLY_REPORT = "yearly_report"


class RuleKind(StrEnum):
    """How the day of a step follows from another."""

    ORIGIN = "origin"
    FOLLOWS = "follows"
    AT_LATEST = "at_latest"
    AT_LEAST = "at_least"
    NOT_BEFORE = "not_before"
    MONTH = "month"
    REPEATS = "repeats"
    MAY = "may"
    """It need not happen: once its days have passed, nothing is late."""


class StepStanding(StrEnum):
    """Where a step of the path stands on a day; never stored."""

    DONE = "done"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"
    DUE = "due"
    OPEN = "open"
    LAPSED = "lapsed"


class PathStep(StrEnum):
    """What is done with the path."""

    EDIT_RULE = "edit_rule"
    NOTE_DAY = "note_day"
    MAKE_PAPER = "make_paper"
    KEEP_SCAN = "keep_scan"


class PathWho(StrEnum):
    """Who acts in a step."""

    COUNCIL = "council"
    PRESIDENT = "president"
    GOVERNOR = "governor"
    STAFF = "staff"
    EVERYBODY = "everybody"

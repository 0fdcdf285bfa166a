"""What the review computes and requires: cost by lines, exact; what stands against a verdict."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from cdp.kernel.errors import Message, RuleBroken
from cdp.kernel.money import Money, total
from cdp.kernel.words import Words
from cdp.review.states import Answer, CostKind, Verdict

MOST_LINES = 60
ABSURD = Money(100_000_000_000)
"""A thousand million dirhams: more than any project of a commune costs; a larger line is a slip of the hand."""

MOST_QUANTITY = 10**12
"""A thousand million units, in thousandths."""

YEARS_AROUND = 5
"""Years between today and the year of the prices."""

LONGEST_LABEL = 200
LONGEST_UNIT = 20
LONGEST_BASIS = 200
LONGEST_NOTE = 1000
LONGEST_REASON = 4000

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789,")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009\u200e\u200f\u061c]")


@dataclass(frozen=True)
class Line:
    """A line of an estimate: quantity in thousandths of its unit, price of one unit in centimes."""

    kind: CostKind
    label: Words
    quantity_milli: int
    unit: str
    price_minor: int

    @property
    def amount(self) -> Money:
        """Quantity by price, half to even: the only place where a cost is rounded."""
        return Money(half_even(self.quantity_milli * self.price_minor, 1000))


@dataclass(frozen=True)
class EstimateDraft:
    """A cost about to be kept: lines in their order, the year of the prices, where they come from."""

    lines: tuple[Line, ...]
    price_year: int
    basis: str = ""


@dataclass(frozen=True)
class Point:
    """A point of the checklist with what was found; None: not looked at yet."""

    key: str
    is_correctable: bool
    answer: Answer | None = None


@dataclass(frozen=True)
class Decision:
    """A verdict with its reason in one language, and what goes with it."""

    verdict: Verdict
    reason: str
    language: str
    points: tuple[str, ...] = ()
    correct_until: date | None = None


@dataclass(frozen=True)
class Standing:
    """All that a verdict depends on: points, whether there is a cost, the days that are left."""

    points: tuple[Point, ...]
    has_estimate: bool
    today: date
    last_day: date | None = None
    """Last day of the review, when it is known."""
    correct_until: date | None = None
    """Day given to the authors, while they still correct."""


def half_even(number: int, divisor: int) -> int:
    """A whole number divided by a positive one, rounded half to even, without floats."""
    whole, rest = divmod(number, divisor)
    twice = 2 * rest
    return whole + (twice > divisor or (twice == divisor and whole % 2 == 1))


def cost(lines: Sequence[Line]) -> Money:
    """What the project costs once: every line but the running costs."""
    return total(line.amount for line in lines if line.kind is not CostKind.RUNNING)


def running_cost(lines: Sequence[Line]) -> Money:
    """What comes every year, beside the cost and never in it."""
    return total(line.amount for line in lines if line.kind is CostKind.RUNNING)


def read_quantity(text: str) -> int:
    """A quantity as people type it (``12``, ``12,5``, ``1 200``) in thousandths; never a guess.

    RuleBroken("review.not_a_quantity") for anything doubtful, signs and more than three decimals included.
    """
    plain = _BLANKS.sub("", text.translate(_DIGITS)).replace(".", ",")
    found = re.fullmatch(r"(\d{1,10})(?:,(\d{1,3}))?", plain)
    if found is None:
        raise RuleBroken("review.not_a_quantity", text=text[:40])
    return int(found[1]) * 1000 + int((found[2] or "0").ljust(3, "0"))


def estimate_problems(draft: EstimateDraft, year: int) -> list[Message]:
    """What is wrong with an estimate made in a year, in the order of its lines; empty when nothing is."""
    found = []
    if not draft.lines:
        found.append(Message("review.no_lines"))
    if len(draft.lines) > MOST_LINES:
        found.append(Message("review.too_many_lines", {"most": MOST_LINES}))
    if abs(draft.price_year - year) > YEARS_AROUND:
        found.append(Message("review.price_year_absurd", {"year": draft.price_year}))
    if len(draft.basis) > LONGEST_BASIS:
        found.append(Message("review.text_too_long", {"longest": LONGEST_BASIS}))
    for position, line in enumerate(draft.lines, 1):
        if key := _line_problem(line):
            found.append(Message(key, {"line": position}))
    if not found and not cost(draft.lines):
        found.append(Message("review.no_cost"))
    return found


def _line_problem(line: Line) -> str | None:
    doubts = {
        "review.line_without_words": not line.label,
        "review.line_words_too_long": len(line.unit) > LONGEST_UNIT
        or any(len(text) > LONGEST_LABEL for text in line.label.values()),
        "review.line_quantity": not 0 < line.quantity_milli <= MOST_QUANTITY,
        "review.line_negative": line.price_minor < 0,
        "review.line_absurd": line.amount.minor > ABSURD.minor,
    }
    return next((key for key, holds in doubts.items() if holds), None)


def to_correct(points: Sequence[Point]) -> tuple[str, ...]:
    """Points answered no that their authors can put right: the file goes back for these."""
    return tuple(point.key for point in points if point.answer is Answer.NO and point.is_correctable)


def grounds_for_refusal(points: Sequence[Point]) -> tuple[str, ...]:
    """Points answered no that nobody can put right."""
    return tuple(point.key for point in points if point.answer is Answer.NO and not point.is_correctable)


def unanswered(points: Sequence[Point]) -> tuple[str, ...]:
    """Points without a yes or a no: what is not known is not found."""
    return tuple(point.key for point in points if point.answer in (None, Answer.UNKNOWN))


def against_admitting(standing: Standing) -> tuple[Message, ...]:
    """Why a proposal cannot be found admissible yet; empty when nothing stands against it."""
    counts = {
        "review.unanswered": len(unanswered(standing.points)),
        "review.refusing_points": len(grounds_for_refusal(standing.points)),
        "review.points_to_correct": len(to_correct(standing.points)),
        "review.without_cost": 0 if standing.has_estimate else 1,
    }
    return tuple(Message(key, {"number": count}) for key, count in counts.items() if count)


def suggested(standing: Standing) -> Verdict | None:
    """The verdict the answers point to, for the form to offer first; people conclude."""
    if grounds_for_refusal(standing.points):
        return Verdict.REFUSE
    if unanswered(standing.points):
        return None
    if to_correct(standing.points):
        return Verdict.RETURN
    return Verdict.ADMIT if standing.has_estimate else None


def decision_problem(decision: Decision, standing: Standing) -> Message | None:
    """The first thing that stands against a decision, or None."""
    if not decision.reason.strip():
        return Message("review.reason_missing")
    if len(decision.reason) > LONGEST_REASON:
        return Message("review.text_too_long", {"longest": LONGEST_REASON})
    if decision.verdict is Verdict.ADMIT:
        return next(iter(against_admitting(standing)), None)
    if decision.verdict is Verdict.RETURN:
        return _return_problem(decision, standing)
    if decision.verdict is Verdict.REFUSE and standing.correct_until and standing.today <= standing.correct_until:
        return Message("review.still_being_corrected", {"until": standing.correct_until})
    return None


def _return_problem(decision: Decision, standing: Standing) -> Message | None:
    if not decision.points:
        return Message("review.no_points_to_correct")
    if not set(decision.points) <= set(to_correct(standing.points)):
        return Message("review.point_cannot_be_corrected")
    until = decision.correct_until
    if until is None or until <= standing.today:
        return Message("review.day_must_come")
    if standing.last_day is not None and until > standing.last_day:
        return Message("review.day_after_review", {"until": standing.last_day})
    return None


def points_of(keys: Sequence[tuple[str, bool]], answers: dict[str, Answer]) -> tuple[Point, ...]:
    """The points of a charter (key, is_correctable) with the answers found so far."""
    return tuple(Point(key, is_correctable, answers.get(key)) for key, is_correctable in keys)


def unknown_points(keys: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Keys that are no points of the charter."""
    return tuple(key for key in keys if key not in known)

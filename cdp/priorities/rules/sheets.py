"""A sheet of marks: what it lacks, when the marks of a proposal are open to all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cdp.kernel.errors import Message
from cdp.priorities.rules.scoring import HIGHEST

FEWEST_WORDS = 3
"""Words of a reason: "at least a few", in any language."""

LONGEST_REASON = 2000


@dataclass(frozen=True)
class SheetDraft:
    """A member's marks by criterion (0 to 5), and the reason for them in one language."""

    marks: Mapping[str, int]
    reason: str = ""
    language: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the sheets of a proposal are: of whom marks are expected, who has handed in."""

    expected: frozenset[int]
    handed_in: frozenset[int]

    @property
    def waiting(self) -> int:
        """Members without interest whose sheet is not handed in."""
        return len(self.expected - self.handed_in)


def draft_problem(draft: SheetDraft, criteria: Collection[str]) -> Message | None:
    """Why a draft cannot be kept, or None: marks may lack, but not be wrong."""
    if set(draft.marks) - set(criteria):
        return Message("priorities.unknown_criterion")
    if any(not 0 <= value <= HIGHEST for value in draft.marks.values()):
        return Message("priorities.mark_out_of_range")
    if len(draft.reason) > LONGEST_REASON:
        return Message("priorities.reason_too_long", {"longest": LONGEST_REASON})
    return None


def sheet_problem(draft: SheetDraft, criteria: Collection[str]) -> Message | None:
    """Why a sheet cannot be handed in yet, or None: every criterion has its mark, the reason a few words."""
    if problem := draft_problem(draft, criteria):
        return problem
    if missing := len(set(criteria) - set(draft.marks)):
        return Message("priorities.marks_missing", {"number": missing})
    if len(draft.reason.split()) < FEWEST_WORDS:
        return Message("priorities.reason_missing", {"fewest": FEWEST_WORDS})
    return None


def are_open(progress: Progress) -> bool:
    """Whether everybody of whom marks are expected has handed in, before the phase is over."""
    return bool(progress.handed_in) and progress.waiting == 0

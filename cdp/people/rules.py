"""What must hold of groups, persons and requests, on plain values."""

from dataclasses import dataclass
from datetime import date, timedelta

from cdp.kernel.errors import Message
from cdp.kernel.words import Words
from cdp.people.states import GroupKind, ShownAs, Tie

FULL_DAYS = 10
"""Days within which a wish about one's data is answered (law 09-08 art. 8: ten full days)."""


@dataclass(frozen=True)
class GroupDraft:
    """What is said of a group when it is entered."""

    kind: GroupKind
    name: Words
    locality_id: int | None = None
    city: str = ""
    is_registered: bool = False
    receipt_number: str = ""
    board_date: date | None = None
    valid_until: date | None = None
    vouched_by: str = ""


@dataclass(frozen=True)
class PersonDraft:
    """What is noted of a person without e-mail; consent is a moment of its own, not a word here."""

    name: str
    language: str
    locality_id: int | None
    shown_as: ShownAs = ShownAs.ANONYMOUS
    tie: Tie = Tie.LIVES


@dataclass(frozen=True)
class Profile:
    """What a person says of themselves."""

    name: str
    name_ar: str
    shown_as: ShownAs
    language: str
    city: str
    wants_news: bool


def group_problems(draft: GroupDraft, day: date) -> list[Message]:
    """Why a group cannot be entered as it is said: a registered one shows its papers, an informal one who vouches."""
    problems = []
    if not draft.name:
        problems.append(Message("people.group_name_missing"))
    if draft.is_registered:
        problems += _paper_problems(draft, day)
    elif not draft.vouched_by.strip():
        problems.append(Message("people.voucher_missing"))
    return problems


def _paper_problems(draft: GroupDraft, day: date) -> list[Message]:
    problems = []
    if draft.kind is GroupKind.INFORMAL:
        problems.append(Message("people.informal_has_no_receipt"))
    if not draft.receipt_number.strip():
        problems.append(Message("people.receipt_missing"))
    if draft.board_date is not None and draft.board_date > day:
        problems.append(Message("people.board_in_future"))
    if draft.valid_until is not None and draft.board_date is not None and draft.valid_until <= draft.board_date:
        problems.append(Message("people.valid_before_board"))
    return problems


def name_problem(name: str) -> Message | None:
    """Whether a name is one: between 2 and 120 letters."""
    return None if 2 <= len(name.strip()) <= 120 else Message("people.name_missing")


def due_on(asked: date) -> date:
    """Last day of ten full days after the day of asking."""
    return asked + timedelta(days=FULL_DAYS)


def shown_name(name: str, shown_as: ShownAs) -> str:
    """The name a person chose to show: full, first name with an initial, or nothing."""
    if shown_as is ShownAs.ANONYMOUS:
        return ""
    first, *others = name.split() or [""]
    if shown_as is ShownAs.FULL or not others:
        return name
    return f"{first} {others[-1][0]}."

"""Paper promises of a village or club as somebody reads them: one line a person, against what was counted on the spot.

``Fatima Ait ; 200`` promises 200 dirhams, ``x ; no signature`` is a line that does not count, with the reason. What is
written otherwise is refused with its number, never guessed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money, read_amount

REFUSED = "x"
LONGEST_NAME = 120
LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class Share:
    """A line of the paper: who promises how much (in minor units), or why it does not count."""

    name: str = ""
    amount_minor: int = 0
    flaw: str = ""

    @property
    def mark(self) -> str:
        """The line without its name, for comparing: names are kept in the settled shares alone."""
        plain = "".join(self.name.split()).casefold()
        return hashlib.sha256(f"{plain}|{self.amount_minor}|{bool(self.flaw)}".encode()).hexdigest()


def read_lines(text: str, currency: str) -> tuple[Share, ...]:
    """The lines somebody typed; RuleBroken("funding.paper_line_unclear", line) for one that is not clear."""
    written = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(_share(line, place, currency) for place, line in enumerate(written, 1))


def read_shares(text: str, *, sheets: int, total: Money) -> tuple[Share, ...]:
    """The lines somebody typed, held against the control totals.

    RuleBroken: "funding.paper_line_unclear" (line), "funding.paper_lines_differ", "funding.paper_total_differs".
    """
    shares = read_lines(text, total.currency)
    if len(shares) != sheets:
        raise RuleBroken("funding.paper_lines_differ", expected=sheets, found=len(shares))
    found = Money(sum(share.amount_minor for share in shares), total.currency)
    if found != total:
        raise RuleBroken("funding.paper_total_differs", expected=total, found=found)
    return shares


def _share(line: str, place: int, currency: str) -> Share:
    name, _, rest = (part.strip() for part in line.replace("\u061b", ";").partition(";"))
    if name.casefold() == REFUSED and 0 < len(rest) <= LONGEST_REASON:
        return Share(flaw=rest)
    try:
        amount = read_amount(rest, currency).minor
    except RuleBroken:
        amount = 0
    if not 2 <= len(name) <= LONGEST_NAME or amount <= 0:
        raise RuleBroken("funding.paper_line_unclear", line=place)
    return Share(name, amount)


def differences(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Numbers of the lines that two readings (their marks) do not share."""
    return [place for place, (one, other) in enumerate(zip_longest(first, second), 1) if one != other]


def settled_problem(marks: Sequence[str], readings: Sequence[Sequence[str]]) -> int | None:
    """The first line of a last reading that neither of the two before it has; None when each has a witness."""
    for place, mark in enumerate(marks, 1):
        if not any(len(reading) >= place and reading[place - 1] == mark for reading in readings):
            return place
    return None

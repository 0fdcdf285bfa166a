"""What a bank statement is, once it has been read: statements of lines, and what the reader wondered at."""

from dataclasses import dataclass
from datetime import date

from cdp.kernel.errors import Message, RuleBroken

DIRHAM = "MAD"
"""The currency of a file that names none."""
LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a year of a busy account is a tenth of it."""


class Unreadable(RuleBroken):
    """A statement that cannot be read: the reason, and the line or entry where it shows."""


@dataclass(frozen=True, slots=True)
class Line:
    """One payment on an account: minor units, plus for money in, minus for money out.

    ``references``: structured references of the creditor, and references of ours found in the texts.
    ``bank_reference``: what the bank calls the payment. ``place``: line of the file or number of the entry.
    """

    booked: date | None
    value_date: date | None
    amount_minor: int
    currency: str
    references: tuple[str, ...] = ()
    text: str = ""
    end_to_end: str | None = None
    reversal: bool = False
    bank_reference: str | None = None
    party: str | None = None
    party_account: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of one account over some days, with the balances the bank gives, in minor units."""

    account: str | None
    currency: str | None
    opening: int | None
    closing: int | None
    lines: tuple[Line, ...]

    def control(self) -> int | None:
        """What the lines miss between opening and closing balance; 0 when they agree, None when not known."""
        if self.opening is None or self.closing is None or any(x.currency != self.currency for x in self.lines):
            return None
        return self.closing - self.opening - sum(line.amount_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: its format, its statements, and warnings a person should see."""

    format: str
    statements: tuple[Statement, ...]
    warnings: tuple[Message, ...] = ()

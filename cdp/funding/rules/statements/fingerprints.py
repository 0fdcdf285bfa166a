"""Which line is which: the same payment in two files is one, two equal payments in one file stay two.

A fingerprint covers what a bank repeats word for word, and the number of the line among equal ones: the
second gift of 100 dirhams on one day has number 2, in every file that holds both.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from cdp.funding.rules.references import squeezed
from cdp.funding.rules.statements.values import Line


def content(account: str, line: Line) -> str:
    """Hash of account, days, amount, currency, bank reference and words of a line (64 hexadecimal digits)."""
    parts = (
        squeezed(account),
        "" if line.booked is None else line.booked.isoformat(),
        "" if line.value_date is None else line.value_date.isoformat(),
        f"{line.amount_minor}{line.currency}",
        line.bank_reference or "",
        line.end_to_end or "",
        " ".join(line.text.split()).casefold(),
        "R" if line.reversal else "",
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def fingerprints(account: str, lines: Iterable[Line]) -> list[str]:
    """A fingerprint for each line of one account in one file: its content and its number among equals."""
    seen: Counter[str] = Counter()
    marks = []
    for line in lines:
        own = content(account, line)
        seen[own] += 1
        marks.append(f"{own}:{seen[own]}")
    return marks


def file_mark(data: bytes) -> str:
    """SHA-256 of a file: the same file twice is told at once."""
    return hashlib.sha256(data).hexdigest()

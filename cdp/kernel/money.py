"""Money: whole minor units with a currency; never a float, never mixed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from cdp.kernel.errors import RuleBroken

EXPONENTS = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
}
"""Digits after the point where they are not two (ISO 4217)."""

CURRENCIES = (
    "MAD",
    "EUR",
    "USD",
    "GBP",
    "CAD",
    "CHF",
    "AED",
    "SAR",
    "NOK",
    "SEK",
    "DKK",
    "TND",
    "XOF",
    "JPY",
)
"""Currencies a promise may be made in."""

LARGEST = 10**15
"""More minor units than any commune will see: a larger number is a slip of the hand."""


def exponent(currency: str) -> int:
    """Digits after the point of a currency."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (centimes) of one currency (ISO 4217)."""

    minor: int
    currency: str = "MAD"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def plain(self) -> str:
        """The amount as machines write it: ``"1862000.00"``."""
        return f"{self.decimal:.{exponent(self.currency)}f}"


def total(amounts: Iterable[Money], currency: str = "MAD") -> Money:
    """The sum of amounts of one currency; zero of ``currency`` when there are none."""
    summed = Money(0, currency)
    for amount in amounts:
        summed += amount
    return summed


def in_dirhams(amount: Money, rate: Decimal) -> Money:
    """The dirhams of an amount at a rate (1 unit = rate MAD), half to even."""
    value = (amount.decimal * rate).scaleb(2).quantize(Decimal(1), ROUND_HALF_EVEN)
    return Money(int(value), "MAD")


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009'’_\u066c\u200e\u200f\u061c]")


def read_amount(text: str, currency: str = "MAD") -> Money:
    """Read what people type: ``1 250 000,50``, ``1.250.000,50``, ``1,250,000.50``, ``١٢٥٠٫٥٠``.

    RuleBroken("money.not_an_amount") for anything doubtful, "money.too_many_decimals",
    "money.negative", "money.too_large": an amount is never guessed.
    """
    plain = _BLANKS.sub("", text.translate(_DIGITS)).replace("٫", ",").replace("−", "-")
    if plain.startswith("-"):
        raise RuleBroken("money.negative")
    if not re.fullmatch(r"\d[\d.,]*", plain):
        raise RuleBroken("money.not_an_amount", text=text[:40])
    whole, fraction = _split(plain, text)
    digits = exponent(currency)
    if len(fraction.rstrip("0")) > digits:
        raise RuleBroken("money.too_many_decimals", digits=digits)
    minor = int(whole) * 10**digits + int((fraction.rstrip("0") or "0").ljust(digits, "0") if digits else 0)
    if minor > LARGEST:
        raise RuleBroken("money.too_large")
    return Money(minor, currency)


def _split(plain: str, text: str) -> tuple[str, str]:
    """Whole part and fraction of digits with points and commas, when only one reading is possible."""
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return plain, ""
    last = marks[-1]
    head, _, tail = plain.rpartition(last)
    grouped = re.fullmatch(r"\d{1,3}([.,]\d{3})*", head) is not None and len(set(re.findall(r"[.,]", head))) <= 1
    if len(set(marks)) == 2 and marks.count(last) == 1 and grouped and last not in head:
        return re.sub(r"[.,]", "", head), tail
    if len(set(marks)) == 1 and len(marks) > 1 and re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain):
        return re.sub(r"[.,]", "", plain), ""
    if len(marks) == 1:
        if len(tail) == 3 and len(head) <= 3 and head != "0":
            return head + tail, ""
        return head, tail
    raise RuleBroken("money.not_an_amount", text=text[:40])

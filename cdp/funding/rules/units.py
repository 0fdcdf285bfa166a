"""Units of the books: currencies in minor units, hours in minutes, things in pieces; dirhams beside them.

A rate is a decimal string, "one whole unit is so many dirhams". Hours (``H``) are kept in minutes and things
(``item``) in pieces: neither has a value in dirhams, so neither can ever enter a total of cash.
"""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from cdp.kernel.money import exponent

MAD = "MAD"
HOURS = "H"
ITEM = "item"
IN_KIND = frozenset({HOURS, ITEM})

CURRENCY_LETTERS = 3


def is_currency(unit: str) -> bool:
    """Whether the unit has the form of a currency code of ISO 4217 (three capital Latin letters)."""
    return len(unit) == CURRENCY_LETTERS and unit.isascii() and unit.isalpha() and unit.isupper()


def read_rate(rate: str | None) -> Fraction | None:
    """The rate as an exact number, or None when it is not a positive decimal number."""
    try:
        number = Decimal(rate or "")
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() and number > 0 else None


def exact_mad(amount_minor: int, unit: str, rate: str) -> Fraction:
    """Value in dirham cents before rounding; ValueError for a rate that is no positive number."""
    value = read_rate(rate)
    if value is None or not is_currency(unit):
        raise ValueError(f"no value in dirhams for {unit} at {rate!r}")
    return Fraction(amount_minor, 10 ** exponent(unit)) * value * 100


def from_mad(mad_minor: int, unit: str, rate: str | None = None) -> int:
    """What dirham cents are in another unit, rounded half to even; ValueError for a rate that is none."""
    if unit == MAD:
        return mad_minor
    value = read_rate(rate)
    if value is None:
        raise ValueError(f"no value of {unit} at {rate!r}")
    minor: int = round(Fraction(mad_minor, 100) / value * 10 ** exponent(unit))
    return minor


def to_mad(amount_minor: int, unit: str, rate: str | None = None, *, already_minor: int = 0) -> int:
    """Dirham cents of an amount, rounded half to even.

    ``already_minor`` is what was counted before of the same promise at the same rate: rounding is cumulative,
    so that the parts of a promise sum to the dirhams of the whole.
    """
    if unit == MAD:
        return amount_minor
    before = exact_mad(already_minor, unit, rate or "")
    return round(before + exact_mad(amount_minor, unit, rate or "")) - round(before)

"""Amounts as banks write them, read exactly or refused: ``1 234,56``, ``1.234,56``, ``(12,00)``, ``١٢٫٥``."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from cdp.funding.rules.statements.values import Unreadable
from cdp.kernel.money import LARGEST, exponent

ROUNDING_NOISE = Decimal("0.000001")
_BLANK = re.compile(r"[\s'’_\u066c\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_WORDS = re.compile(r"(?i)د\.?م\.?|درهم|dirhams?|dhs?\.?|€|\$|£|[a-z]{3}\b|\b[a-z]{3}(?=[\d\s+-])")
_NAMED = re.compile(r"(?i)د\.?م\.?|درهم|\bdirhams?\b|\bdhs?\b|€|\$|£|(?<![a-z])[a-z]{3}(?![a-z])")
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "DHS": "MAD"}
_SIDES = re.compile(r"(?i)(?<=\d)\s*(cr|dr|c|d)$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*[.,]?|[.,]\d+")
GROUP = 3


def tidy(text: str) -> str:
    """Western digits, one decimal sign of Arabic as comma, no blanks, no marks of direction."""
    if text.isascii():
        return _BLANK.sub("", text)
    plain = "".join(_digit(sign) for sign in text).replace("٫", ",").replace("−", "-").replace("–", "-")
    return _BLANK.sub("", plain)


def _digit(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.category(sign) == "Sc":
        return ""
    number = unicodedata.decimal(sign, None)
    return sign if number is None else str(number)


def _bare(text: str) -> tuple[str, int]:
    """The digits with their marks, and the sign: a minus before or after, brackets, or a D or C after."""
    side = _SIDES.search(text.strip())
    sign = -1 if side and side.group(1).lower().startswith("d") else 1
    plain = tidy(_WORDS.sub("", _SIDES.sub("", text.strip())))
    if plain.startswith("(") and plain.endswith(")"):
        plain, sign = plain[1:-1], -sign
    if plain[:1] in {"-", "+"}:
        plain, sign = plain[1:], -sign if plain[0] == "-" else sign
    elif plain[-1:] in {"-", "+"}:
        plain, sign = plain[:-1], -sign if plain[-1] == "-" else sign
    return plain, sign


def currency_named(text: str) -> str | None:
    """The currency an amount names beside its digits (``12,00 EUR``, ``$ 5``), or None; ``$`` is that of the USA."""
    found = _NAMED.search(text)
    if found is None:
        return None
    word = found.group().upper()
    return SIGNS.get(word, word if len(word) == 3 and word.isascii() else "MAD")


def decimal_mark(texts: Iterable[str]) -> str | None:
    """The sign before the decimals that a whole column uses, when at least one amount shows it; else None."""
    marks = {mark for text in texts if (mark := _shown_mark(_bare(text)[0]))}
    return marks.pop() if len(marks) == 1 else None


def _shown_mark(plain: str) -> str | None:
    if not _NUMBER.fullmatch(plain):
        return None
    found = [sign for sign in plain if sign in ".,"]
    if len(set(found)) == 2:
        return found[-1] if found.count(found[-1]) == 1 else None
    if len(found) > 1:
        return "," if found[0] == "." else "."
    whole, _, rest = plain.partition(found[0]) if found else (plain, "", "")
    if found and (len(rest) != GROUP or len(whole) > GROUP or whole.startswith("0")):
        return found[0]
    return None


def read_minor(text: str, currency: str, *, mark: str | None = None) -> int:
    """Minor units of an amount. ``mark``: the decimal sign of the column, where it is known.

    Unreadable for what is no number, for one that can be read in two ways, and for decimals the currency
    does not have (zeros at the end do not count).
    """
    plain, sign = _bare(text)
    if not _NUMBER.fullmatch(plain):
        raise Unreadable("funding.statement_amount", text=text[:40])
    mark = _shown_mark(plain) or mark
    if mark is None and any(each in plain for each in ".,"):
        raise Unreadable("funding.statement_amount_two_ways", text=text[:40])
    whole, _, fraction = plain.partition(mark) if mark else (plain, "", "")
    if mark and re.search(r"[.,]", fraction):
        raise Unreadable("funding.statement_amount", text=text[:40])
    if re.search(r"[.,]", whole) and not re.fullmatch(r"\d{1,3}([.,])\d{3}(\1\d{3})*", whole):
        raise Unreadable("funding.statement_amount", text=text[:40])
    return sign * _minor(re.sub(r"[.,]", "", whole), fraction, currency, text)


def _minor(whole: str, fraction: str, currency: str, text: str) -> int:
    digits = exponent(currency)
    fraction = fraction.rstrip("0")
    if len(fraction) > digits:
        raise Unreadable("funding.statement_decimals", text=text[:40], digits=digits)
    minor: int = int(whole or "0") * 10**digits + int(fraction.ljust(digits, "0") or "0")
    if minor > LARGEST:
        raise Unreadable("funding.statement_amount_too_large", text=text[:40])
    return minor


def read_plain(text: str | None, currency: str) -> int:
    """Minor units of an amount in XML: digits and at most one point, as ISO 20022 writes it."""
    plain = (text or "").strip()
    if not re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", plain):
        raise Unreadable("funding.statement_amount", text=plain[:40])
    whole, _, fraction = plain.lstrip("+-").partition(".")
    minor = _minor(whole, fraction, currency, plain)
    return -minor if plain.startswith("-") else minor


def from_cell(value: float | int, currency: str) -> int:
    """Minor units of a number in a spreadsheet: the noise of binary fractions is taken off, decimals are not."""
    try:
        number = Decimal(repr(value)).scaleb(exponent(currency))
        minor = int(number.to_integral_value())
    except (InvalidOperation, OverflowError, ValueError) as broken:
        raise Unreadable("funding.statement_amount", text=str(value)[:40]) from broken
    if abs(number - minor) > ROUNDING_NOISE * max(1, abs(minor)):
        raise Unreadable("funding.statement_decimals", text=str(value)[:40], digits=exponent(currency))
    if abs(minor) > LARGEST:
        raise Unreadable("funding.statement_amount_too_large", text=str(value)[:40])
    return minor

"""Sums of money in words, as receipts carry them, in French and in Arabic: dirhams and centimes.

Arabic: the noun follows the last two digits (plural after 3 to 10, accusative after 11 to 99, genitive after
hundreds and thousands), 1 and 2 stand as the noun itself, and the dual loses its ending before the noun it counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cdp.kernel.money import Money

N = TypeVar("N")
LARGEST = 10**12 - 1
"""Whole units that are spelled; more are written in digits."""

FR_SMALL = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
FR_TEENS = ("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf")
FR_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
FR_SCALES = ((10**9, "milliard"), (10**6, "million"))
FR_UNITS = {"MAD": ("dirham", "centime"), "EUR": ("euro", "centime")}


def in_french(money: Money) -> str:
    """``deux cents dirhams et cinq centimes``; of a currency without words here its code."""
    return _said(money, FR_UNITS, _fr_amount, " et ")


def in_arabic(money: Money) -> str:
    """``مائتا درهم وخمسة سنتيمات``; of a currency without words here its code."""
    return _said(money, AR_UNITS, _ar_amount, " و")


def _said(money: Money, units: Mapping[str, tuple[N, N]], say: Callable[[int, N], str], joint: str) -> str:
    whole, part = divmod(abs(money.minor), 100)
    known = units.get(money.currency)
    if known is None or whole > LARGEST:
        return f"{money.plain()} {money.currency}"
    parts = [say(number, noun) for number, noun in ((whole, known[0]), (part, known[1])) if number]
    return joint.join(parts) or say(0, known[0])


def _fr_amount(number: int, noun: str) -> str:
    """A number and its noun: plural from two, ``de`` after a bare million."""
    plural = "s" if number >= 2 else ""
    link = " de " if number >= 10**6 and number % 10**6 == 0 else " "
    return f"{french_number(number)}{link}{noun}{plural}"


def french_number(number: int) -> str:
    """A whole number below a thousand milliards, as the dictionaries spell it (no reform hyphens)."""
    if number < 100:
        return _fr_below_hundred(number)
    said = []
    for size, name in FR_SCALES:
        count, number = divmod(number, size)
        if count:
            said.append(f"{french_number(count)} {name}{'s' if count > 1 else ''}")
    thousands, rest = divmod(number, 1000)
    if thousands:
        said.append("mille" if thousands == 1 else f"{_fr_below_thousand(thousands, last=False)} mille")
    if rest:
        said.append(_fr_below_thousand(rest, last=True))
    return " ".join(said)


def _fr_below_thousand(number: int, *, last: bool) -> str:
    """``deux cents`` takes its s only at the very end; so does ``quatre-vingts``."""
    hundreds, rest = divmod(number, 100)
    below = _fr_below_hundred(rest) if rest else ""
    if not last:
        below = below.removesuffix("s") if below.endswith("vingts") else below
    if not hundreds:
        return below
    head = "cent" if hundreds == 1 else f"{FR_SMALL[hundreds]} cent"
    return f"{head} {below}" if rest else head + ("s" if hundreds > 1 and last else "")


def _fr_below_hundred(number: int) -> str:
    if number < 20:
        return (*FR_SMALL, *FR_TEENS)[number]
    ten, one = divmod(number, 10)
    if ten in {7, 9}:
        ten, one = ten - 1, one + 10
    if ten == 8:
        return "quatre-vingts" if not one else f"quatre-vingt-{_fr_below_hundred(one)}"
    if not one:
        return FR_TENS[ten]
    return f"{FR_TENS[ten]} et {FR_SMALL[one]}" if one in {1, 11} else f"{FR_TENS[ten]}-{_fr_below_hundred(one)}"


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted noun of Arabic (masculine): one, two, three to ten, eleven to ninety-nine."""

    one: str
    two: str
    few: str
    many: str

    @property
    def two_before(self) -> str:
        """The dual before the noun it counts: without its ending."""
        return self.two.removesuffix("ن")


AR_UNITS = {
    "MAD": (Noun("درهم", "درهمان", "دراهم", "درهما"), Noun("سنتيم", "سنتيمان", "سنتيمات", "سنتيما")),
    "EUR": (Noun("يورو", "يورو اثنان", "يورو", "يورو"), Noun("سنت", "سنتان", "سنتات", "سنتا")),
}
AR_SMALL = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
AR_TENS = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
AR_HUNDREDS = ["", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"]
AR_SCALES = (
    (10**9, Noun("مليار", "ملياران", "مليارات", "مليارا")),
    (10**6, Noun("مليون", "مليونان", "ملايين", "مليونا")),
    (10**3, Noun("ألف", "ألفان", "آلاف", "ألفا")),
)


def _ar_amount(number: int, noun: Noun) -> str:
    if number == 0:
        return f"صفر {noun.one}"
    said, rest = [], number
    for size, scale in AR_SCALES:
        count, rest = divmod(rest, size)
        if count:
            said.append(_ar_counted(count, scale, before=rest in {0, 1, 2}))
    if rest > 2 or not said:
        said.append(_ar_counted(rest, noun, before=False, alone=True))
        return " و".join(said)
    tail = ["", f" و{noun.one} واحد", f" و{noun.two}"][rest]
    return f"{' و'.join(said)} {noun.one}{tail}"


def _ar_counted(count: int, noun: Noun, *, before: bool, alone: bool = False) -> str:
    """A count from 1 to 999 with its noun; ``before``: another noun follows at once, ``alone``: nothing goes before."""
    hundreds, rest = divmod(count, 100)
    head = AR_HUNDREDS[hundreds]
    if rest == 0:
        return f"{head.removesuffix('ن') if hundreds == 2 else head} {noun.one}"
    joined = f"{head.removesuffix('ن') if hundreds == 2 else head} {noun.one} و" if hundreds else ""
    if rest == 1:
        return joined + (f"{noun.one} واحد" if alone or (hundreds and not before) else noun.one)
    if rest == 2:
        return joined + (noun.two_before if before else noun.two)
    prefix = f"{head} و" if hundreds else ""
    if rest <= 10:
        return f"{prefix}{AR_SMALL[rest]} {noun.few}"
    return f"{prefix}{_ar_below_hundred(rest)} {noun.one if before else noun.many}"


def _ar_below_hundred(number: int) -> str:
    """11 to 99."""
    if number == 11:
        return "أحد عشر"
    if number == 12:
        return "اثنا عشر"
    if number < 20:
        return f"{AR_SMALL[number - 10]} عشر"
    ten, one = divmod(number, 10)
    return f"{AR_SMALL[one]} و{AR_TENS[ten]}" if one else AR_TENS[ten]

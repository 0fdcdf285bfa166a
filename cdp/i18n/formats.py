"""Numbers, money and days as people of each language write them; amounts never break nor reverse."""

import re
from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import format_decimal, format_percent

from cdp.i18n.languages import LOCALES
from cdp.kernel.clock import MOROCCO
from cdp.kernel.money import Money, exponent

SIGNS = {
    "ar": {"MAD": "درهم", "EUR": "أورو"},
    "fr": {"MAD": "DH", "EUR": "€"},
    "en": {"MAD": "MAD", "EUR": "EUR"},
}

NO_BREAK = "\u00a0"
NARROW = "\u202f"


def number(value: float, language: str) -> str:
    """A number with narrow no-break groups: ``1 862 000`` (never a plain blank, never a point as group)."""
    text = format_decimal(value, locale="fr_FR")
    text = text.replace(NO_BREAK, NARROW)
    return text.replace(",", ".") if language == "en" else text


def money(amount: Money, language: str) -> str:
    """``1 862 000 DH``; centimes only where there are some; the sign stands after the number, a minus before it.

    In Arabic a number below nothing is kept apart, else its minus would stand at its other end.
    """
    whole, fraction = divmod(abs(amount.minor), 10 ** exponent(amount.currency))
    text = number(whole, language)
    if fraction:
        text += ("." if language == "en" else ",") + str(fraction).zfill(exponent(amount.currency))
    sign = SIGNS[language].get(amount.currency, amount.currency)
    if amount.minor < 0:
        text = f"\u2066−{text}\u2069" if language == "ar" else f"−{text}"
    return f"{text}{NO_BREAK}{sign}"


def percent(share: float, language: str) -> str:
    """A share of one as per cent, whole."""
    return format_percent(share, locale=LOCALES[language]).replace(" ", NO_BREAK)


DAYS = LOCALES | {"fr": "fr_FR"}
"""French as said in France for the names of months: Moroccan French would shorten both June and July to "jui"."""


def day(value: date, language: str) -> str:
    """A day as people say it: ``12 mars 2027``."""
    return _first(format_date(value, "d MMMM y", locale=DAYS[language]), value, language)


def short_day(value: date, language: str) -> str:
    """A day without its year: ``12 mars``."""
    return _first(format_date(value, "d MMM", locale=DAYS[language]), value, language)


def months(first: date, last: date, language: str) -> str:
    """The months of a span, shortly: ``mai 2027``, ``août – oct. 2027``."""
    text = str(format_interval(first, last, "yMMM", locale=DAYS[language]))
    return text.replace("\u2009", " ").replace(" ", NO_BREAK)


REFERENCE = re.compile(r"\d+(?:-\d+)+")


def article(text: str, language: str) -> str:
    """An article as a rule names it (``2-16-301, art. 4``); in Arabic with Arabic words, its figures in their order."""
    if language != "ar":
        return text
    said = text.replace("art.", "المادة").replace(",", "،").replace(";", "؛")
    return REFERENCE.sub(lambda found: f"\u2066{found[0]}\u2069", said)


def _first(text: str, value: date, language: str) -> str:
    """The first day of a month as French says it: ``1er mai``."""
    return "1er" + text.removeprefix("1") if language == "fr" and value.day == 1 else text


def moment(value: datetime, language: str) -> str:
    """A moment in Moroccan time."""
    return format_datetime(value.astimezone(MOROCCO), "d MMMM y, HH:mm", locale=DAYS[language])

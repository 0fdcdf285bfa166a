"""The three languages: own names, locales, direction."""

from functools import cache

from babel import Locale

from cdp.kernel.words import LANGUAGES

OWN_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}

LOCALES = {"ar": "ar_MA", "fr": "fr_MA", "en": "en_GB"}
"""Plain ``ar`` would give Egyptian months and digits."""

DEFAULT = "ar"


@cache
def locale(code: str) -> Locale:
    """What Babel knows of a language as it is used here, read once."""
    return Locale.parse(LOCALES[code])


def is_language(code: str) -> bool:
    """Whether pages exist in that language."""
    return code in LANGUAGES


def direction(code: str) -> str:
    """``rtl`` for Arabic, ``ltr`` else."""
    return "rtl" if code == "ar" else "ltr"

"""Payment references: ``RF``, two check digits, eight random digits (ISO 11649 over ISO 7064 mod 97-10).

Digits only and of fixed length: they can be typed on every keyboard, and a word glued to the end by a bank
("RF8820260042DON") is still told apart. Random, not counted: the neighbour of a counter is a live reference.
"""

import re
import unicodedata
from collections.abc import Iterable
from random import Random

DIGITS = 8
WHOLE = re.compile(r"RF\d{10}")
SIGNS = re.compile(r"[^A-Z0-9]+")
LONGEST = 25
SHORTEST = 5
MODULUS = 97


def check_digits(digits: str) -> str:
    """The two check digits of ISO 7064 mod 97-10 for the digits or letters of a reference."""
    return f"{98 - as_number(digits + 'RF00') % MODULUS:02d}"


def as_number(text: str) -> int:
    """Letters as 10 to 35 and digits as they are, read as one number; ValueError for anything else."""
    if not (text.isascii() and text.isalnum()):
        raise ValueError("only A-Z and 0-9")
    return int("".join(str(int(letter, 36)) for letter in text))


def new_reference(source: Random) -> str:
    """A reference drawn from a random source; the service draws again when it is taken."""
    digits = f"{source.randrange(10**DIGITS):0{DIGITS}d}"
    return f"RF{check_digits(digits)}{digits}"


def grouped(reference: str) -> str:
    """As people read it: ``RF88 2026 0042``."""
    return " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))


def squeezed(text: str) -> str:
    """Capital Latin letters and digits alone; Arabic and other digits become 0-9, full width plain."""
    if text.isascii():
        return SIGNS.sub("", text.upper())
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(_letter(sign) for sign in plain)


def _letter(sign: str) -> str:
    if sign.isascii():
        return sign if sign.isalnum() else ""
    return str(unicodedata.decimal(sign)) if unicodedata.decimal(sign, None) is not None else ""


def is_reference(text: str) -> bool:
    """Whether the text is one of our references: the form and the check digits, however it is spaced."""
    reference = squeezed(text)
    return bool(WHOLE.fullmatch(reference)) and holds(reference)


def is_creditor_reference(text: str) -> bool:
    """Whether the text is any reference of ISO 11649 (up to 21 letters or digits after the check digits)."""
    reference = squeezed(text)
    fits = SHORTEST <= len(reference) <= LONGEST and reference.startswith("RF") and reference[2:4].isdigit()
    return fits and holds(reference)


def holds(reference: str) -> bool:
    """Whether the check digits fit: the number with its head moved to the end leaves 1 over 97."""
    return as_number(reference[4:] + reference[:4]) % MODULUS == 1


def find(*texts: str) -> list[str]:
    """Every reference of ours in the texts of one payment, in order, each once.

    Signs, spaces and line breaks between the digits do not matter, nor does a cut across two fields.
    """
    alone = [squeezed(text) for text in texts]
    found: dict[str, None] = {}
    for text in (*alone, "".join(alone)):
        if "RF" in text:
            found.update(dict.fromkeys(_references(text)))
    return list(found)


def _references(text: str) -> Iterable[str]:
    starts = (match.start() for match in re.finditer("RF", text))
    windows = (text[start : start + 12] for start in starts)
    return (window for window in windows if WHOLE.fullmatch(window) and holds(window))

"""Codes people copy by hand: no look-alike letters, a check digit, short groups."""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals without 0 O 1 I L."""


def new_code(length: int = 10) -> str:
    """A random personal code of ``length`` characters, the last of them a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Check character that catches every single slip and swap of neighbours (weights mod 31, a prime)."""
    return ALPHABET[sum((i + 2) * ALPHABET.index(c) for i, c in enumerate(body)) % len(ALPHABET)]


def is_code(code: str) -> bool:
    """Whether a typed code is whole and its check character fits."""
    return len(code) > 1 and all(c in ALPHABET for c in code) and check_character(code[:-1]) == code[-1]


def tidy_code(typed: str) -> str:
    """What a person typed, as the code is kept: capitals, no blanks or dashes."""
    return "".join(c for c in typed.upper() if c.isalnum())


def grouped(code: str, size: int = 5) -> str:
    """The code in groups, as it is printed: ``ABCDE-FGHJK``."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def digest(secret: str) -> str:
    """SHA-256 of a long random secret, as it is kept (codes are random: no salt needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()

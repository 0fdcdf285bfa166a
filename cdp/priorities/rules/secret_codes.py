"""What voters hold, and what is kept of it: codes, locators, receipts. Pure; the key is the ballot's own.

A printed code and a change code are the same kind of secret: fifteen signs without look-alike letters, the last
one a check (69 bits). Of a secret are derived, each by its own HMAC-SHA256, so that none leads to another:
the hash that knows a printed code, the locator of its vote, and the receipt.
"""

import hashlib
import hmac

from cdp.kernel.reference import ALPHABET, check_character, digest, is_code, new_code, tidy_code

LENGTH = 15
RECEIPT_LENGTH = 12


def new_secret() -> str:
    """A secret to print or to show once."""
    return new_code(LENGTH)


def read_secret(typed: str) -> str | None:
    """A secret as it was typed, tidy; None when it cannot be one."""
    secret = tidy_code(typed)
    return secret if len(secret) == LENGTH and is_code(secret) else None


def code_hash(key: str, secret: str) -> str:
    """What is kept of a printed code: 64 hexadecimal digits."""
    return _keyed(key, "code", secret).hex()


def locator(key: str, secret: str) -> str:
    """By what the holder of a secret, and nobody else, finds the vote again."""
    return _keyed(key, "vote", secret).hex()


def receipt(key: str, secret: str) -> str:
    """What a voter keeps as proof that the vote counts: twelve signs, the last one a check."""
    number = int.from_bytes(_keyed(key, "receipt", secret)[:16])
    body = ""
    for _ in range(RECEIPT_LENGTH - 1):
        number, sign = divmod(number, len(ALPHABET))
        body += ALPHABET[sign]
    return body + check_character(body)


def receipt_hash(typed: str) -> str:
    """The line of a receipt in the published list: SHA-256 of its twelve signs, without dashes."""
    return digest(tidy_code(typed))


def _keyed(key: str, purpose: str, secret: str) -> bytes:
    return hmac.digest(bytes.fromhex(key), f"{purpose}:{secret}".encode(), hashlib.sha256)

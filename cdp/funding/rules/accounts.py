"""Bank account numbers: the Moroccan RIB and its key, IBAN anywhere, and who is in SEPA.

RIB: 24 digits - bank 3, place 3, account 16, key 2 - that are a multiple of 97 as one number. Therefore the
check digits of a Moroccan IBAN are always 64, and the key can be checked on both.
"""

import re

from cdp.funding.rules.references import MODULUS, as_number, squeezed

RIB_LENGTH = 24
MOROCCO = "MA"
MOROCCAN_CHECK = "64"
IBAN_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")

# Lengths of IBANs, from the registry of ISO 13616 kept by SWIFT.
IBAN_LENGTHS: dict[str, int] = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FK", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "MN", "XK"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HN", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "MA", "PS", "QA", "UA"), 28),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    **dict.fromkeys(("LC",), 32),
    **dict.fromkeys(("RU",), 33),
}

# Countries and territories of the SEPA schemes (European Payments Council, EPC409-09), by IBAN prefix.
SEPA = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
    }
    | {"LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO", "CH", "GB", "GI", "MC", "SM"}
    | {"AD", "VA", "AL", "ME", "MD", "MK", "RS"}
)


def compact(number: str) -> str:
    """An account number without spaces and signs, in capital letters and Western digits."""
    return squeezed(number)


def is_rib(number: str) -> bool:
    """Whether these are the 24 digits of a Moroccan account and the key fits; ``MA64`` may stand before."""
    digits = compact(number)
    if digits.startswith(MOROCCO):
        return is_iban(digits)
    return len(digits) == RIB_LENGTH and digits.isdigit() and int(digits) % MODULUS == 0 and int(digits) > 0


def rib_problem(number: str) -> str | None:
    """What is wrong with a RIB (a message key), or None."""
    digits = compact(number).removeprefix(MOROCCO + MOROCCAN_CHECK)
    if not digits.isdigit() or len(digits) != RIB_LENGTH:
        return "funding.rib_needs_24_digits"
    return None if is_rib(number) else "funding.rib_key_wrong"


def iban_of_rib(rib: str) -> str:
    """The IBAN of a Moroccan RIB: ``MA64`` and its digits; ValueError when the key is wrong."""
    if not is_rib(rib):
        raise ValueError("the key of this RIB does not fit")
    return MOROCCO + MOROCCAN_CHECK + compact(rib)[-RIB_LENGTH:]


def is_iban(number: str) -> bool:
    """Whether form, length of the country and check digits fit; in Morocco also the key of the RIB."""
    return iban_problem(number) is None


def iban_problem(number: str) -> str | None:
    """What is wrong with an IBAN (a message key), or None."""
    iban = compact(number)
    if not IBAN_FORM.fullmatch(iban):
        return "funding.iban_form"
    if len(iban) != IBAN_LENGTHS.get(iban[:2], len(iban)):
        return "funding.iban_length"
    if as_number(iban[4:] + iban[:4]) % MODULUS != 1:
        return "funding.iban_check_digits"
    if iban.startswith(MOROCCO) and not (iban[2:4] == MOROCCAN_CHECK and is_rib(iban[4:])):
        return "funding.rib_key_wrong"
    return None


def in_sepa(iban: str) -> bool:
    """Whether a valid IBAN belongs to a country of SEPA: only there a euro payment code may be shown."""
    return is_iban(iban) and compact(iban)[:2] in SEPA


def may_have_payment_code(iban: str, currency: str, amount_minor: int) -> bool:
    """Whether an EPC code may be drawn: a euro account in SEPA, between 0.01 and 999,999,999.99 euros."""
    return currency == "EUR" and in_sepa(iban) and 1 <= amount_minor <= 99_999_999_999

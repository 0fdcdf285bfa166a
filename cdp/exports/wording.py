"""How values stand in a document: amounts in whole dirhams, years, names, in the language in force."""

from flask_babel import gettext as _

from cdp.i18n import formats
from cdp.i18n.say import language
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.rounds.states import Source

TONES = {
    Source.OWN: "atlas",
    Source.LOAN: "atlas/",
    Source.INDH: "saffron",
    Source.PROVINCE: "olive",
    Source.REGION: "olive/",
    Source.MINISTRY: "sky",
    Source.AGENCY: "sky/",
    Source.NGO: "clay",
    Source.COOPERATION: "clay/",
    Source.ASSOCIATION: "sun",
    Source.BENEFICIARIES: "sun/",
    Source.DIASPORA: "saffron/",
}
"""Colours of sources in charts, striped where a stroke follows; any other is ink. Figures always stand beside."""


def tone(source: Source) -> str:
    """The colour of a source."""
    return TONES.get(source, "ink")


def said(words: Words | None) -> str:
    """Words in the document's language, or the nearest there is."""
    return words.in_(language())[0] if words else ""


def amount(minor: int) -> str:
    """Centimes as dirhams without the sign; nothing for zero."""
    if not minor:
        return ""
    if minor % 100:
        return formats.money(Money(minor), language()).rsplit(formats.NO_BREAK, 1)[0]
    return formats.number(minor // 100, language())


def money(minor: int) -> str:
    """Centimes as dirhams with their sign."""
    return formats.money(Money(minor), language())


def number(value: float) -> str:
    """A number as people write it."""
    return formats.number(value, language())


def years(first: int, last: int) -> str:
    """Years from one to another; a plain hyphen keeps their order in right-to-left text."""
    return f"{first}-{last}"


def joined_lines(parts: list[str]) -> str:
    """Several sentences, each on a line of its own."""
    return "\n".join(part for part in parts if part)


def unit(written: str) -> str:
    """A unit as the document's language writes it; one that is not known as it was written."""
    known = {
        "u": _("unit"),
        "m": _("m"),
        "m2": _("m²"),
        "m3": _("m³"),
        "km": _("km"),
        "kg": _("kg"),
        "t": _("t"),
        "an": _("year"),
        "jour": _("day"),
        "kWc": _("kWp"),
    }
    return str(known.get(written, written))


def joined(parts: list[str]) -> str:
    """Several names one after the other."""
    return str(_(", ")).join(part for part in parts if part)

"""Words for people: a message key with its values, or an enum member, in the reader's language."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import get_locale, gettext

from cdp.i18n import formats
from cdp.i18n.languages import DEFAULT
from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words


def language() -> str:
    """The language words are said in now."""
    locale = get_locale()
    return locale.language if locale else DEFAULT


def label(member: StrEnum) -> str:
    """The word for an enum member: catalog key ``<Enum>.<value>``."""
    return str(gettext(f"{type(member).__name__}.{member.value}"))


def say(message: Message) -> str:
    """The sentence of a message, its values written as people write them."""
    return str(gettext(message.key, **{name: plain(value) for name, value in message.values.items()}))


def plain(value: Any) -> Any:
    """A value as it stands in a sentence of the reader's language."""
    tongue = language()
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, Money):
        return formats.money(value, tongue)
    if isinstance(value, datetime):
        return formats.moment(value, tongue)
    if isinstance(value, date):
        return formats.day(value, tongue)
    if isinstance(value, Words):
        return value.in_(tongue)[0]
    if isinstance(value, tuple):
        return gettext(", ").join(str(plain(one)) for one in value)
    if isinstance(value, float):
        return formats.number(value, tongue)
    return value

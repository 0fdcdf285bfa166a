"""What a person reads: the words of a page in its language, and English that was left behind."""

import re
from functools import cache

from babel.messages.catalog import Catalog

from cdp.i18n import catalogs

ONE = {"ar": 1, "fr": 0, "en": 0}
"""Which of the plural forms speaks of one thing."""

HOLE = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}")


@cache
def catalog(language: str) -> Catalog:
    return catalogs.merged(language)


def said(text: str, language: str, **values: object) -> str:
    """A string of the pages as it reads in a language."""
    found = catalog(language).get(text) if language != "en" or " " not in text else None
    strings = found.string if found is not None else None
    if isinstance(strings, (tuple, list)):
        strings = strings[ONE[language]]
    answer = str(strings or text)
    return answer % values if values else answer


@cache
def english(language: str) -> frozenset[str]:
    """Pieces of three words and more of the English messages that read otherwise in this language."""
    pieces: set[str] = set()
    for message in catalog(language):
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for source in message.id if isinstance(message.id, (tuple, list)) else (message.id,):
            if source and source not in strings:
                pieces |= {piece.strip() for piece in HOLE.split(source) if len(piece.split()) >= 3}
    said_anyway = " ".join(str(m.string) for m in catalog(language) if m.id)
    return frozenset(piece for piece in pieces if piece not in said_anyway)


@cache
def keys() -> frozenset[str]:
    """Names of messages and members that no person should ever read."""
    names = (m.id for m in catalog("en") if m.id and isinstance(m.id, str))
    return frozenset(name for name in names if "." in name and " " not in name)


def left_behind(texts: list[str], language: str) -> list[str]:
    """English sentences on a page of another language, and bare names of messages on any."""
    whole = " | ".join(re.sub(r"\s+", " ", text) for text in texts)
    found = [f"name of a message: {each}" for each in set(re.findall(r"\w+\.\w+", whole)) & keys()]
    if language != "en":
        found += [f"in English: {each!r}" for each in english(language) if each in whole]
    return found

"""Catalogs: one ``.po`` a room and language, compiled together into one ``.mo`` when any of them is newer."""

import os
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cdp.i18n.typography import french
from cdp.kernel.words import LANGUAGES

PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    "fr": "nplurals=2; plural=(n > 1)",
    "en": "nplurals=2; plural=(n != 1)",
}
"""Which form counts what: all rooms keep to it, whatever a tool would write. Arabic: 11 to 99 before 100."""

FOLDER = Path(__file__).parent.parent / "translations"


def merged(language: str) -> Catalog:
    """All messages of a language; ValueError when two rooms translate one message differently.

    French gets its no-break spaces here, whatever a room's catalog was typed with.
    """
    whole = Catalog(locale=language, domain="messages")
    whole.mime_headers = [("Plural-Forms", PLURALS[language])]
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            room = read_po(file, locale=language)
        if has_plurals(room) and room.plural_expr != whole.plural_expr:
            raise ValueError(f"{path.name}: its Plural-Forms are {room.plural_forms}, not {whole.plural_forms}")
        for message in room:
            if not message.id or message.fuzzy:
                continue
            if language == "fr":
                message.string = _set(message.string)
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                raise ValueError(f"{path.name}: {message.id!r} is translated otherwise elsewhere")
            whole[message.id] = message
    return whole


def _set(string: Any) -> Any:
    return french(string) if isinstance(string, str) else tuple(french(form) for form in string)


def has_plurals(room: Catalog) -> bool:
    """Whether any message of a room counts."""
    return any(isinstance(message.id, tuple) for message in room if message.id)


def compile_all() -> list[str]:
    """Write ``messages.mo`` of each language whose sources are newer; returns the languages written."""
    written = []
    for language in LANGUAGES:
        target = FOLDER / language / "LC_MESSAGES" / "messages.mo"
        sources = [*(FOLDER / language).glob("*.po"), FOLDER / language, *Path(__file__).parent.glob("*.py")]
        if target.exists() and all(s.stat().st_mtime <= target.stat().st_mtime for s in sources):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as file:
            write_mo(file, merged(language))
        partial.replace(target)
        written.append(language)
    return written

"""Catalogs: one ``.po`` a room and language, compiled together into one ``.mo`` when any of them is newer."""

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cdp.kernel.words import LANGUAGES

FOLDER = Path(__file__).parent.parent / "translations"


def merged(language: str) -> Catalog:
    """All messages of a language; ValueError when two rooms translate one message differently."""
    whole = Catalog(locale=language, domain="messages")
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            room = read_po(file, locale=language)
        for message in room:
            if not message.id or message.fuzzy:
                continue
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                raise ValueError(f"{path.name}: {message.id!r} is translated otherwise elsewhere")
            whole[message.id] = message
    return whole


def compile_all() -> list[str]:
    """Write ``messages.mo`` of each language whose sources are newer; returns the languages written."""
    written = []
    for language in LANGUAGES:
        target = FOLDER / language / "LC_MESSAGES" / "messages.mo"
        sources = [*(FOLDER / language).glob("*.po"), FOLDER / language]
        if target.exists() and all(s.stat().st_mtime <= target.stat().st_mtime for s in sources):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as file:
            write_mo(file, merged(language))
        partial.replace(target)
        written.append(language)
    return written

"""What templates may use: formats, labels, words, static addresses, the place they stand in."""

import hashlib
import os
import re
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from cdp.http.context import language
from cdp.i18n import formats
from cdp.i18n.languages import OWN_NAMES, direction
from cdp.i18n.say import label, say
from cdp.i18n.scripts import parts
from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import LANGUAGES, Words
from cdp.people.queries import said_name_of
from cdp.web import here, navigation


def money(amount: Money) -> Markup:
    """An amount that never breaks nor reverses."""
    return Markup('<bdi class="money">%s</bdi>') % formats.money(amount, language())


def number(value: float) -> Markup:
    """A number that never breaks nor reverses."""
    return Markup("<bdi>%s</bdi>") % formats.number(value, language())


def day(value: date) -> Markup:
    """A day as people say it, machine-readable beside."""
    return Markup('<time datetime="%s">%s</time>') % (value.isoformat(), formats.day(value, language()))


def short_day(value: date) -> Markup:
    """A day without its year."""
    return Markup('<time datetime="%s">%s</time>') % (value.isoformat(), formats.short_day(value, language()))


def moment(value: datetime) -> Markup:
    """The Moroccan day of a moment, the exact moment in its title."""
    text = formats.moment(value, language())
    return Markup('<time datetime="%s" title="%s">%s</time>') % (
        value.isoformat(timespec="seconds"),
        text,
        formats.day(value.date(), language()),
    )


def percent(share: float) -> Markup:
    """A share of one as per cent."""
    return Markup("<bdi>%s</bdi>") % formats.percent(share, language())


def bold(text: str) -> Markup:
    """A name that stands out, in its own direction."""
    return Markup("<b><bdi>%s</bdi></b>") % text


def isolated(text: str) -> Markup:
    """A name in its own direction."""
    return Markup("<bdi>%s</bdi>") % text


NUMBERS = re.compile(r"\b(?:[A-Z]{2,6}-\d{4}-\d{3,}|RF\d{2}(?: ?\d{4})+)\b")
"""Numbers of proposals and references of payments, as sentences name them."""


def numbered(sentence: str) -> Markup:
    """A sentence whose numbers of proposals and references neither break nor turn around."""
    parts = NUMBERS.split(sentence)
    found = (Markup('<bdi class="amount" dir="ltr">%s</bdi>') % each for each in NUMBERS.findall(sentence))
    return Markup("").join(piece for pair in zip(parts, [*found, Markup("")], strict=True) for piece in pair)


def in_language(words: Words) -> str:
    """People's words in the page's language, or the nearest there is (for attributes and titles)."""
    return words.in_(language())[0]


def evidence(text: str) -> str:
    """The paper behind an entry; a line of a bank's statement that has no name of its own is said in words."""
    name, _blank, day = text.partition(" ")
    return f"{_('bank statement')} \u2066{day}\u2069" if name == "statement" and day else text


def lines(text: str, of: str = "") -> Markup:
    """People's text with its line breaks kept as paragraphs, each in the direction of its letters.

    ``of``: the language noted with it, which the element around says; "" where nobody noted one.
    """
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    pieces = (piece for paragraph in paragraphs for piece in parts(paragraph))
    return Markup("").join(Markup("<p%s>%s</p>") % (_spoken(ar, of), _broken(piece)) for piece, ar in pieces)


def written(text: str) -> Markup:
    """People's text whose language nobody noted, within a sentence or cell: each piece of one script for itself."""
    return Markup("<br>").join(
        Markup("<bdi%s>%s</bdi>") % (_spoken(ar, ""), _broken(piece)) for piece, ar in parts(text)
    )


def _spoken(is_arabic: bool, noted: str) -> Markup:
    """Language and direction of a piece; other letters on an Arabic page are French where nobody noted more."""
    if is_arabic:
        return Markup(' lang="ar" dir="rtl"')
    return Markup(' lang="fr" dir="ltr"') if language() == "ar" and noted not in ("fr", "en") else Markup(' dir="ltr"')


def _broken(text: str) -> Markup:
    return Markup("<br>").join(map(escape, text.split("\n")))


@lru_cache(maxsize=512)
def _static(folder: str, path: str, root: str, _changed: int) -> str:
    digest = hashlib.sha256((Path(folder) / path).read_bytes()).hexdigest()
    return f"{root}{current_app.static_url_path}/{path}?v={digest[:8]}"


def static(path: str) -> str:
    """Address of a static file with the hash of its content: kept by browsers for a year."""
    folder = str(current_app.static_folder)
    changed = os.stat(f"{folder}/{path}").st_mtime_ns  # noqa: PTH116 (asked several times a page)
    return _static(folder, path, request.script_root if request else "", changed)


def has_page(endpoint: str) -> bool:
    """Whether there is a page of that name."""
    return endpoint in current_app.view_functions


def told(message: Message | StrEnum) -> str:
    """A message or enum member in words."""
    return say(message) if isinstance(message, Message) else label(message)


def place() -> dict[str, Any]:
    """``here`` for templates, worked out only when a template asks."""
    return {"here": _Here()}


class _Here:
    """The place of a page, each part worked out when it is first asked for."""

    @cached_property
    def commune(self) -> Any:
        return here.commune()

    @cached_property
    def round(self) -> Any:
        return here.current_round()

    @cached_property
    def person(self) -> Any:
        person = here.person()
        if person is None:
            return None
        shown = getattr(g, "shown_name", said_name_of(person))
        return SimpleNamespace(display_name=shown, id=person.id, language=person.language)

    @cached_property
    def navigation(self) -> list[navigation.Item]:
        return navigation.items()

    @cached_property
    def partners(self) -> list[str]:
        return sorted({here.partner_said(party) for party in here.partners()})

    @cached_property
    def languages(self) -> list[Any]:
        return [
            SimpleNamespace(code=c, own_name=OWN_NAMES[c], url=navigation.in_language(c), is_current=c == language())
            for c in LANGUAGES
        ]

    @cached_property
    def source_address(self) -> str:
        return str(current_app.config["SETTINGS"].source_address)

    @cached_property
    def is_demo(self) -> bool:
        return bool(current_app.config["SETTINGS"].demo)

    @cached_property
    def is_office(self) -> bool:
        return here.is_office()


def article(text: str) -> str:
    """An article of the law as the page's language writes it."""
    return formats.article(text, language())


def init_app(app: Flask) -> None:
    """Give templates their filters and globals."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name, tool in {
        "isolated": isolated,
        "numbered": numbered,
        "money": money,
        "number": number,
        "percent": percent,
        "day": day,
        "short_day": short_day,
        "moment": moment,
        "article": article,
        "label": told,
        "in_language": in_language,
        "bold": bold,
        "lines": lines,
        "written": written,
        "said_name": said_name_of,
        "evidence": evidence,
        "partner": here.partner,
    }.items():
        app.jinja_env.filters[name] = tool
    app.jinja_env.globals.update(
        language=language, direction=lambda: direction(language()), static=static, Money=Money, has_page=has_page
    )
    app.context_processor(place)

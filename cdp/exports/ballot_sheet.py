"""The sheet of paper of a ballot as PDF, by typst: large pictures, large numbers, Arabic from the right."""

import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from cdp.config import ROOT
from cdp.i18n import formats
from cdp.i18n.languages import direction
from cdp.i18n.say import label
from cdp.kernel.words import Words
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.states import BallotKind
from cdp.rounds.rules.charter import Sector

TEMPLATE = ROOT / "templates" / "print" / "ballot.typ"
SPRITE = ROOT / "cdp" / "static" / "img" / "icons.svg"
INK = "#0f5c5c"


def ballot_sheet(
    ballot: BallotCard, commune: Words, sectors: dict[str, Sector], *, language: str, sentences: dict[str, str]
) -> bytes:
    """The PDF of a ballot's sheet in a language; ``sentences`` are what the page says beside people's words."""
    typst = import_module("typst")
    known = set(pictures())
    offers = [
        {
            "place": offer.place,
            "title": offer.title.in_(language)[0],
            "cost": formats.money(offer.cost, language),
            "picture": picture_of(sectors.get(offer.sector), known),
        }
        for offer in ballot.sheet.offered
    ]
    data = {
        "language": language,
        "direction": direction(language),
        "commune": commune.in_(language)[0],
        "title": ballot.title.in_(language)[0],
        "question": ballot.draft.question.in_(language)[0],
        "kind": label(ballot.sheet.kind),
        "box": "line" if ballot.sheet.kind in NUMBERED else "box",
        "offers": offers,
        "pictures": pictures(),
        **sentences,
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return bytes(typst.compile(TEMPLATE, root=str(ROOT), sys_inputs=inputs, font_paths=fonts()))


NUMBERED = (BallotKind.POINTS, BallotKind.SCORES, BallotKind.RANKING)
"""Kinds on which a number is written instead of a cross."""


def picture_of(sector: Sector | None, known: set[str]) -> str:
    """The sign of a sector that the sprite has."""
    return sector.icon if sector is not None and sector.icon in known else "star"


@cache
def pictures() -> dict[str, str]:
    """Every sign of the sprite as an SVG of its own, by name."""
    sprite = SPRITE.read_text(encoding="utf-8")
    found = re.findall(r'<symbol id="([^"]+)"([^>]*)>(.*?)</symbol>', sprite, re.DOTALL)
    return {name: _svg(attributes, body) for name, attributes, body in found}


def _svg(attributes: str, body: str) -> str:
    box = re.search(r'viewBox="[^"]+"', attributes)
    seen = box[0] if box else 'viewBox="0 0 24 24"'
    drawn = f'fill="none" stroke="{INK}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
    inside = body.replace("currentColor", INK)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {seen} {drawn}>{inside}</svg>'


@cache
def fonts() -> list[str]:
    """Folders of the fonts that come with the packages."""
    found: list[str] = []
    for package in ("fontpkg_noto_sans_arabic", "fontpkg_amiri"):
        module: Any = import_module(package)
        found += [str(Path(folder)) for folder in module.__path__]
    return found

"""The sheet of paper of a ballot as PDF, by typst: large pictures, large numbers, Arabic from the right.

The layout follows the number of projects, and with it the size of the commune: few projects stand large and one below
the other, more in two columns, many as lines. A photo of the proposal is shown where it has one, else its sector's
sign, drawn large. A ballot two by two has a row for each question, a box at either side.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdp.config import ROOT
from cdp.i18n import formats
from cdp.i18n.languages import direction
from cdp.i18n.say import label
from cdp.kernel.words import Words
from cdp.priorities.queries.ballots import BallotCard
from cdp.priorities.rules.duels import questions
from cdp.priorities.states import BallotKind
from cdp.rounds.rules.charter import Sector

TEMPLATE = ROOT / "templates" / "print" / "ballot.typ"
SPRITE = ROOT / "cdp" / "static" / "img" / "icons.svg"
INK = "#0f5c5c"


FEW, SOME = 6, 12
"""Up to so many projects stand large below one another, up to so many in two columns; more are lines."""

LARGEST_PHOTOS = 40
"""More photos than this are not printed: the signs of the sectors stand for all."""


def ballot_sheet(
    ballot: BallotCard,
    commune: Words,
    sectors: dict[str, Sector],
    *,
    language: str,
    sentences: dict[str, str],
    photos: Mapping[str, Path] | None = None,
) -> bytes:
    """The PDF of a ballot's sheet in a language; ``sentences`` are what the page says beside people's words.

    ``photos`` are files of pictures by the number of the project.
    """
    typst = import_module("typst")
    found = {number: path for number, path in (photos or {}).items() if path.exists()}
    shown = found if len(found) <= LARGEST_PHOTOS else {}
    data = _data(ballot, commune, sectors, language=language, photos=tuple(shown)) | sentences
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "ballot.typ").write_bytes(TEMPLATE.read_bytes())
        for number, path in shown.items():
            (root / f"{number}.webp").write_bytes(path.read_bytes())
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        return bytes(typst.compile(root / "ballot.typ", root=str(root), sys_inputs=inputs, font_paths=fonts()))


def layout_of(kind: BallotKind, projects: int) -> str:
    """How the projects stand on the sheet: "pairs", "large", "columns" or "lines"."""
    if kind is BallotKind.PAIRS:
        return "pairs"
    return "large" if projects <= FEW else "columns" if projects <= SOME else "lines"


def _data(
    ballot: BallotCard, commune: Words, sectors: dict[str, Sector], *, language: str, photos: tuple[str, ...]
) -> dict[str, Any]:
    """All that the sheet shows, as plain values."""
    known = set(pictures())
    offers = [
        {
            "place": offer.place,
            "title": offer.title.in_(language)[0],
            "cost": formats.money(offer.cost, language),
            "picture": picture_of(sectors.get(offer.sector), known),
            "photo": f"{offer.number}.webp" if offer.number in photos else "",
        }
        for offer in ballot.sheet.offered
    ]
    index = {offer.number: place for place, offer in enumerate(ballot.sheet.offered)}
    layout = layout_of(ballot.sheet.kind, len(offers))
    return {
        "language": language,
        "direction": direction(language),
        "commune": commune.in_(language)[0],
        "title": ballot.title.in_(language)[0],
        "question": ballot.draft.question.in_(language)[0],
        "kind": label(ballot.sheet.kind),
        "box": "line" if ballot.sheet.kind in NUMBERED else "box",
        "layout": layout,
        "offers": offers,
        "pairs": [[index[one], index[other]] for one, other in questions(list(index))] if layout == "pairs" else [],
        "pictures": pictures(),
    }


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
